/** The requests that are being answered. */
export type Calls = {
  add(answer: Closing): void;
  /** Resolves as soon as none is being answered. */
  ended(): Promise<void>;
};

/** What closes when the answer is sent or given up: a response, or a stream. */
export type Closing = {
  once(event: "close", listener: () => void): unknown;
};

export function createCalls(): Calls {
  const waiting = new Set<() => void>();
  let open = 0;
  return {
    add(answer) {
      open += 1;
      answer.once("close", () => {
        open -= 1;
        if (open > 0) return;
        for (const resolve of waiting) resolve();
        waiting.clear();
      });
    },
    async ended() {
      // A stream that has been accepted is announced in the next tick.
      await new Promise(setImmediate);
      if (open > 0) await new Promise<void>((resolve) => waiting.add(resolve));
    },
  };
}
