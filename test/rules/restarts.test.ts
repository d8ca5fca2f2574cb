import { expect, test } from "vitest";
import {
  afterEnd,
  type Failures,
  isHopeless,
  NO_FAILURES,
  restartDelayMs,
} from "../../src/commands/workers/restarts.ts";

function ended(...servedMs: readonly (number | undefined)[]): Failures {
  return servedMs.reduce<Failures>(afterEnd, NO_FAILURES);
}

test("another worker comes soon, and later each time that one ends soon, up to ten seconds", () => {
  const ends = Array.from({ length: 12 }, () => 100);
  const delays = ends.map((_, count) => restartDelayMs(ended(...ends.slice(0, count + 1)), 0));
  expect(delays.slice(0, 4)).toEqual([100, 200, 400, 800]);
  expect(delays.at(-1)).toBe(10_000);
});

test("a worker that served for a minute is followed soon again", () => {
  expect(restartDelayMs(ended(100, 100, 100, 60_000), 0)).toBe(100);
});

test("workers that end together don't come back together", () => {
  expect(restartDelayMs(ended(100), 1)).toBe(50);
});

test("five that end before they serve, one after the other, are enough", () => {
  const never = undefined;
  expect(isHopeless(ended(never, never, never, never))).toBe(false);
  expect(isHopeless(ended(never, never, never, never, never))).toBe(true);
  expect(isHopeless(ended(never, never, never, never, 100, never))).toBe(false);
});
