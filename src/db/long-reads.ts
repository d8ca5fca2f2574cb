import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Holds long reads back while the event loop is busy with short calls, which would all wait for what a long one brings:
 * hundreds of rows to take, to encode and to send.
 */
export type LongReads = {
  /** To be told of each short read and each write. */
  noteShortCall(): void;
  /** Resolves when a long read may go: at once where there is time to spare, and after MAX_WAIT_MS in any case. */
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
    noteShortCall() {
      shortCalls += 1;
    },
    async turn() {
      look();
      if (!isBusy || waiting >= MAX_WAITING) return;
      waiting += 1;
      for (let waited = 0; isBusy && waited < MAX_WAIT_MS; waited += STEP_MS) {
        await wait(STEP_MS);
        look();
      }
      waiting -= 1;
      // One of those who waited goes: what time is left beside it shows at the next look.
      isBusy = true;
    },
  };

  /** Looks at what happened since the last time, unless that is too little to tell. */
  function look(): void {
    const { active, idle } = loopTime();
    const activeMs = active - since.active;
    const allMs = activeMs + idle - since.idle;
    if (allMs < STEP_MS) return;
    isBusy = activeMs >= allMs * BUSY_SHARE && shortCalls >= allMs * SHORT_CALLS_PER_MS;
    since = { active, idle };
    shortCalls = 0;
  }
}

/** As long as a large page and its answer take. */
const STEP_MS = 20;
/** A caller of large pages comes to ten a second then. */
const MAX_WAIT_MS = 100;
/** More than wait for connections elsewhere go at once, and are refused there. */
const MAX_WAITING = 500;
/** From here on what comes waits about as long as it takes. */
const BUSY_SHARE = 0.6;
/** With fewer it is long reads that keep it busy, who would only wait for each other. */
const SHORT_CALLS_PER_MS = 0.5;
