import { describe, expect, test } from "vitest";
import { comparedText } from "../../src/predicates/spellings.ts";

describe("in custom fields, a time is compared in the order of times:", () => {
  test.each([
    ["2026-02-28T14:30:00+01:00", "2026-02-28T13:30:00.000Z"],
    ["2026-02-28T13:30:00.1Z", "2026-02-28T13:30:00.100Z"],
    ["14:30", "14:30:00.000"],
    ["no time", "no time"],
    ["2026-02-30T00:00:00Z", "2026-02-30T00:00:00Z"],
    ["2026-02-30T00:00:00.0001Z", "2026-02-30T00:00:00.0001Z"],
  ])("%j as %j", (typed, compared) => {
    expect(comparedText(typed, true)).toBe(compared);
  });

  test.each(["2026-02-28T13:30:00.1239Z", "2026-02-28T14:30:00.123456789+01:00"])(
    "%j lies between two milliseconds",
    (typed) => {
      const compared = comparedText(typed, true);
      expect(compared > "2026-02-28T13:30:00.123Z").toBe(true);
      expect(compared < "2026-02-28T13:30:00.124Z").toBe(true);
    },
  );
});

test("elsewhere a text is compared as it is typed", () => {
  expect(comparedText("14:30", false)).toBe("14:30");
});
