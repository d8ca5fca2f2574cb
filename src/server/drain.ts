import { setTimeout as wait } from "node:timers/promises";
import { Code, ConnectError } from "@connectrpc/connect";
import type { ServerLimits } from "./limits.ts";

/** The steps of a shutdown, each told apart so that their order can be read in one place. */
export type DrainSteps = {
  /** Says "not ready" from now on. */
  readonly refuseTraffic: () => void;
  /** Resolves when the connections that came so far were taken, and what they brought with them was read. */
  readonly takeWaiting: () => Promise<void>;
  /** Takes no new connection; resolves when the last one has ended. */
  readonly stopListening: () => Promise<void>;
  /** Resolves when no call is being answered. */
  readonly callsEnded: () => Promise<void>;
  /** Asks all connections to end with their last answer. */
  readonly retireConnections: () => void;
  readonly endStreams: AbortController;
  readonly endCalls: AbortController;
  /** Ends every connection. */
  readonly destroy: () => void;
};

/**
 * Every call that was accepted is answered: by its handler within `drainMs`, else by UNAVAILABLE from those
 * handlers that heed their signal within `lastWordMs`. Peers have `lingerMs` to close their side, and
 * no connection is left when it resolves. `clean` is false when calls were cut off.
 */
export async function drainServer(
  steps: DrainSteps,
  { drainMs, lastWordMs, lingerMs }: Pick<ServerLimits, "drainMs" | "lastWordMs" | "lingerMs">,
): Promise<{ readonly clean: boolean }> {
  const reason = new ConnectError("the server is shutting down", Code.Unavailable);
  steps.refuseTraffic();
  // Closed unread, they would be reset, and their callers couldn't tell whether their calls were made.
  await steps.takeWaiting();
  const ended = steps.stopListening();
  steps.retireConnections();
  steps.endStreams.abort(reason);

  const answered = steps.callsEnded();
  const clean = await within(answered, drainMs);
  if (!clean) {
    steps.endCalls.abort(reason);
    await within(answered, lastWordMs);
  }
  await within(ended, lingerMs);
  steps.destroy();
  await ended;
  return { clean };
}

async function within(ended: Promise<void>, ms: number): Promise<boolean> {
  const done = new AbortController();
  try {
    return await Promise.race([ended.then(() => true), wait(ms, false, { signal: done.signal })]);
  } finally {
    done.abort();
  }
}
