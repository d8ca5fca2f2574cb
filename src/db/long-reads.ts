import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Holds long reads back while the event loop is busy with short calls, which would all wait for what a long one brings:
 * hundreds of rows to take, to encode and to send.
 */
export type LongReads = {
  /** To be told of each call when it comes. */
  noteCall(): void;
  /** Resolves when a long read of a call may go: at once where there is time to spare, and after some MAX_WAIT_MS in any case. */
  turn(): Promise<void>;
};

/** How long the event loop was busy, and how long it wasn't, in milliseconds since any moment. */
export type LoopTime = { readonly active: number; readonly idle: number };

/** The two arguments are for tests. */
export function createLongReads(
  loopTime: () => LoopTime = () => performance.eventLoopUtilization(),
  wait: (ms: number) => Promise<unknown> = sleep,
): LongReads {
  let since = loopTime();
  let shortCalls = 0;
  let isBusy = false;
  let waiting = 0;

  return {
    noteCall() {
      shortCalls += 1;
      // Also while no long read comes, so that none is judged by what was long before it.
      if (shortCalls % CALLS_PER_LOOK === 0) look();
    },
    async turn() {
      shortCalls -= 1;
      const begunAt = look();
      if (!isBusy) {
        // Those who wait see first what time is left beside this one.
        isBusy = waiting > 0;
        return;
      }
      if (waiting >= MAX_WAITING) return;
      waiting += 1;
      for (let now = begunAt; isBusy && now - begunAt < MAX_WAIT_MS; ) {
        await wait(STEP_MS);
        now = look();
      }
      waiting -= 1;
      // How much time is left beside this one shows at the next look.
      isBusy = true;
    },
  };

  /** Looks at what happened since the last time, unless that is too little to tell. Returns the time. */
  function look(): number {
    const { active, idle } = loopTime();
    const activeMs = active - since.active;
    const allMs = activeMs + idle - since.idle;
    if (allMs >= STEP_MS) {
      isBusy = activeMs >= allMs * BUSY_SHARE && shortCalls >= allMs * SHORT_CALLS_PER_MS;
      since = { active, idle };
      shortCalls = 0;
    }
    return active + idle;
  }
}

/** As long as a large page and its answer take. */
const STEP_MS = 20;
/** A caller of large pages comes to ten a second then. */
const MAX_WAIT_MS = 100;
/** As many as may wait for a connection. More go on at once, and are refused there if need be. */
const MAX_WAITING = 500;
/** From here on a call waits about as long as it takes itself. */
const BUSY_SHARE = 0.6;
/** With fewer it is long reads that keep it busy, who would only wait for each other. */
const SHORT_CALLS_PER_MS = 0.5;
/** At least eight looks a second where they are many. */
const CALLS_PER_LOOK = 64;
