import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { looksLikeCardNumber } from "../../src/customers/card-number.ts";

describe("looks like the number of a card:", () => {
  test.each([
    "4111111111111111",
    "4111 1111 1111 1111",
    "4111-1111-1111-1111",
    "4111.1111.1111.1111",
    "4111–1111  1111_1111",
    "3782 822463 10005",
    "card 4111111111111111, expires 12",
    "tok_4111111111111111",
    "x4111111111111111y",
    "５５５５ ５５５５ ５５５５ ４４４４",
    "4111\u00a01111\u00a01111\u00a01111",
    "500000000009",
    "6304000000000000000",
    "Visa\n4111111111111111",
  ])("%j", (text) => {
    expect(looksLikeCardNumber(text)).toBe(true);
  });
});

describe("does not look like the number of a card:", () => {
  test.each([
    ["nothing", ""],
    ["a wrong check digit", "4111111111111112"],
    ["two digits in each other's place", "1411111111111111"],
    ["11 digits", "50000000003"],
    ["20 digits", "41111111111111110004"],
    ["a longer number that holds one", "004111111111111111000000"],
    ["digits among letters", "pm_1PxyzA2eZvKYlo2C0000000000"],
    ["a UUID", "12345678-1234-4234-8234-123456789012"],
    ["a UUID of version 7", "0198c5a0-1234-7abc-8def-0123456789ab"],
    ["a day and a time", "2026-02-28 14:30:00.000"],
    ["a number of few digits", "4242"],
  ])("%s", (_, text) => {
    expect(looksLikeCardNumber(text)).toBe(false);
  });
});

test("of the ten last digits of a number, one makes it a card's", () => {
  const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 11, maxLength: 18 });
  const between = fc.constantFrom("", " ", "-");
  fc.assert(
    fc.property(digits, between, (all, separator) => {
      const numbers = Array.from({ length: 10 }, (_, last) => [...all, last].join(separator));
      expect(numbers.filter(looksLikeCardNumber)).toHaveLength(1);
    }),
  );
});
