export type StopSignalOptions = {
  readonly onFirst?: (signal: string) => void;
  /** Before the process ends at once. */
  readonly onLater?: () => void;
};

export type StopSignal = {
  /** Resolves at the first signal to stop, or request; a later signal ends the process at once. */
  readonly stopped: Promise<void>;
  /** Stops as a signal would. */
  request(): void;
};

export function stopSignal({ onFirst, onLater }: StopSignalOptions): StopSignal {
  const { promise: stopped, resolve } = Promise.withResolvers<void>();
  let stoppingSince: number | undefined;
  // Never taken off: a signal that nobody listens for ends the process, and leaves PostgreSQL behind.
  const onSignal = (signal: string) => {
    if (stoppingSince === undefined) {
      onFirst?.(signal);
      request();
    } else if (performance.now() - stoppingSince > SAME_SIGNAL_MS) {
      onLater?.();
      process.exit(1);
    }
  };
  for (const name of ["SIGTERM", "SIGINT"]) process.on(name, onSignal);
  return { stopped, request };

  function request() {
    stoppingSince ??= performance.now();
    resolve();
  }
}

/** A terminal and npm both pass a signal on: what follows so soon is the same one again. */
const SAME_SIGNAL_MS = 1000;
