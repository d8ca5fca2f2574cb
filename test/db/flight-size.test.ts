import { expect, test } from "vitest";
import { MAX_WRITES, openFlightSize } from "../../src/db/flight-size.ts";

/** The sizes of flights that follow each other, where each caller waits for its write and then makes the next. */
function sizesWith(callers: number, firstFlight: number, flights: number): number[] {
  const size = openFlightSize();
  const sizes = [firstFlight];
  size.note(firstFlight);
  for (let flight = 1; flight < flights; flight += 1) {
    const ready = callers - (sizes.at(-1) ?? 0);
    const next = Math.min(ready, size.next(ready));
    size.note(next);
    sizes.push(next);
  }
  return sizes;
}

test.each([
  ["one did", 256, 200],
  ["one carried nearly none", 256, 1],
  ["there are a hundred", 100, 95],
])("flights that follow each other come to carry not nearly all, where %s", (_, callers, first) => {
  const [last = 0, beforeLast = 0] = sizesWith(callers, first, 40).slice(-2);
  expect(Math.max(last, beforeLast)).toBeLessThanOrEqual(callers * 0.66);
  expect(last + beforeLast).toBe(callers);
});

test("few go together, and of many half at least", () => {
  const size = openFlightSize();
  expect([size.next(20), size.next(100), size.next(1000)]).toEqual([32, 50, MAX_WRITES]);
});

test("more gather once many were on a flight, or are ready, and not once the next is full", () => {
  const size = openFlightSize();
  expect([1, 16, MAX_WRITES].map(size.gathers)).toEqual([false, true, false]);
  size.note(16);
  expect(size.gathers(1)).toBe(true);
  size.note(1);
  expect(size.gathers(1)).toBe(false);
});
