/** The requests that are being answered. */
export type Calls = {
  begin(): void;
  end(): void;
  /** Resolves as soon as none is being answered. */
  ended(): Promise<void>;
};

export function createCalls(): Calls {
  const waiting = new Set<() => void>();
  let open = 0;
  return {
    begin() {
      open += 1;
    },
    end() {
      open -= 1;
      if (open > 0) return;
      for (const resolve of waiting) resolve();
      waiting.clear();
    },
    async ended() {
      // A stream that has been accepted is announced in the next tick.
      await new Promise(setImmediate);
      if (open > 0) await new Promise<void>((resolve) => waiting.add(resolve));
    },
  };
}
