import type { ChildProcess } from "node:child_process";

/**
 * Ends the connection that a worker was handed and did not take before it was killed. Node forgets it, and its
 * caller would wait without end. There is one at most: the next is handed over when the last is taken.
 */
export function endLostConnection(worker: ChildProcess): void {
  // There is no channel where there was no process to be had; Node's types don't know that.
  if (worker.pid === undefined) return;
  let last: { close?: () => void } | undefined;
  const send = worker.send.bind(worker);
  worker.send = (...args: unknown[]) => {
    const [, handle] = args;
    if (typeof handle === "object" && handle !== null) last = handle;
    return send(...(args as Parameters<typeof send>));
  };
  // Closing one that was taken does nothing: it is closed here already.
  worker.once("exit", () => last?.close?.());
}
