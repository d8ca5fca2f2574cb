/** How often in a row a worker ended soon, and how often it did so before it served. */
export type Failures = { readonly soon: number; readonly beforeServing: number };

export const NO_FAILURES: Failures = { soon: 0, beforeServing: 0 };

/** @param servedMs undefined when it ended before it served. */
export function afterEnd(failures: Failures, servedMs: number | undefined): Failures {
  if (servedMs === undefined) {
    return { soon: failures.soon + 1, beforeServing: failures.beforeServing + 1 };
  }
  return { soon: servedMs < SETTLED_MS ? failures.soon + 1 : 1, beforeServing: 0 };
}

/** How long to wait before the next start: doubling from 0.1 s to 10 s, and up to a half less by chance. */
export function restartDelayMs({ soon }: Failures, random = Math.random()): number {
  return Math.min(MOST_MS, LEAST_MS * 2 ** (soon - 1)) * (1 - random / 2);
}

/** Whether another start is worth trying where no worker serves any more. */
export function isHopeless({ beforeServing }: Failures): boolean {
  return beforeServing >= MOST_FAILED_STARTS;
}

const SETTLED_MS = 60_000;
const LEAST_MS = 100;
const MOST_MS = 10_000;
/** Some seconds: whatever watches over the service can tell more, and try again. */
const MOST_FAILED_STARTS = 5;
