import { describeError } from "./describe-error.ts";
import type { Log } from "./log.ts";

/** Work that is done again and again in the background. */
export type Repetition = {
  /** Asks for it soon; once more at the end if it is under way. */
  hurry(): void;
  stop(): void;
};

/**
 * Does `work` now and every `intervalMs`; one at a time, however long it takes. What fails is logged, and
 * tried again after the interval.
 *
 * @param work ends early when it is told that it is stopped.
 */
export function repeat(
  work: (isStopped: () => boolean) => Promise<void>,
  intervalMs: number,
  failed: string,
  log: Log,
): Repetition {
  let stopped = false;
  let isUnderWay = false;
  let isWantedAgain = false;
  const timer = setInterval(() => void run(), intervalMs);
  timer.unref();
  void run();
  return {
    hurry() {
      isWantedAgain = isUnderWay;
      void run();
    },
    stop() {
      stopped = true;
      clearInterval(timer);
    },
  };

  async function run(): Promise<void> {
    if (isUnderWay || stopped) return;
    isUnderWay = true;
    try {
      do {
        isWantedAgain = false;
        await work(() => stopped);
      } while (isWantedAgain && !stopped);
    } catch (error) {
      // Stopping ends its connection.
      if (!stopped) log.warn(describeError(error), failed);
    } finally {
      isUnderWay = false;
    }
  }
}
