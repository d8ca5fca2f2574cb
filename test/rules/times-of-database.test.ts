import { expect, test } from "vitest";
import { TIME } from "../../src/db/values.ts";

test.each([
  ["2026-11-29 01:07:04+00", "2026-11-29T01:07:04.000Z"],
  ["2024-02-29 23:59:59.9+00", "2024-02-29T23:59:59.900Z"],
  ["2026-11-29 01:07:04.03+00", "2026-11-29T01:07:04.030Z"],
  ["2026-11-29 01:07:04.654321+00", "2026-11-29T01:07:04.654Z"],
  ["1969-12-31 23:59:59.999999+00", "1969-12-31T23:59:59.999Z"],
  ["0099-12-31 10:00:00+00", "0099-12-31T10:00:00.000Z"],
  ["2026-11-29", "2026-11-29T00:00:00.000Z"],
])("%s is %s", (text, time) => {
  expect(TIME.parse(text).toISOString()).toBe(time);
});

test("every millisecond is read as it is", () => {
  for (let ms = 0; ms < 1000; ms += 1) {
    const time = new Date(Date.UTC(2026, 10, 29) + ms);
    const text = time.toISOString().replace("T", " ").replace("Z", "+00");
    expect(TIME.parse(text)).toEqual(time);
  }
});
