import { expect, test } from "vitest";
import { openFlightSize } from "../../src/db/flight-size.ts";

/** The sizes of flights that follow each other, where each caller waits for its write and then makes the next. */
function sizesWith(callers: number, firstFlight: number, flights: number): number[] {
  const size = openFlightSize();
  const sizes = [firstFlight];
  size.note(firstFlight);
  for (let flight = 1; flight < flights; flight += 1) {
    const waiting = callers - (sizes.at(-1) ?? 0);
    const next = Math.min(waiting, size.next(waiting));
    size.note(next);
    sizes.push(next);
  }
  return sizes;
}

test.each([
  ["one carried nearly all", 256, 240],
  ["one carried nearly none", 256, 1],
  ["there are few", 20, 18],
])("flights that follow each other come to be about as large, where %s", (_, callers, first) => {
  const sizes = sizesWith(callers, first, 40);
  const [last = 0, beforeLast = 0] = sizes.slice(-2);
  expect(Math.max(last, beforeLast)).toBeLessThanOrEqual(Math.max(16, callers * 0.7));
  expect(last + beforeLast).toBe(callers);
});

test("of many that wait at once, a flight takes half at least", () => {
  expect(openFlightSize().next(1000)).toBe(500);
});

test("it pays to gather once many are under way, or wait", () => {
  const size = openFlightSize();
  expect([size.isMany(1), size.isMany(16)]).toEqual([false, true]);
  size.note(16);
  expect(size.isMany(1)).toBe(true);
  size.note(1);
  expect(size.isMany(1)).toBe(false);
});
