import { expect, test } from "vitest";
import { isoText } from "../../src/times.ts";

test("a time has the same text, however often and in whatever order it is asked for", () => {
  const begin = Date.UTC(2026, 10, 30);
  // Of 3000 times next to each other several have the same place where the last ones are remembered.
  for (let count = 0; count < 5000; count += 1) {
    const time = new Date(begin + Math.floor(Math.random() * 3000));
    expect(isoText(time)).toBe(time.toISOString());
  }
  for (const ms of [0, -1, -1024, -8.64e15, 8.64e15]) {
    for (const time of [new Date(ms), new Date(ms)]) expect(isoText(time)).toBe(time.toISOString());
  }
});
