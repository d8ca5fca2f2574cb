import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalEmail } from "../../src/customers/email.ts";

describe("is one address:", () => {
  test.each([
    ["letters in any case", "Ada.Byron@Example.TEST", "ada.byron@example.test"],
    ["sharp s and two s", "Straße@x.test", "STRASSE@x.test"],
    ["the capital of sharp s", "straẞe@x.test", "strasse@x.test"],
    ["any sigma", "ΟΔΟΣ@x.test", "οδος@x.test"],
    ["a sigma that is final and one that is not", "οδος@x.test", "οδοσ@x.test"],
    ["letters with marks, composed or not", "Zo\u00eb@x.test", "zoe\u0308@x.test"],
    ["wide letters", "ＡＤＡ@x.test", "ada@x.test"],
    ["sharp s and a mark, that is one letter with s", "ß\u0301@x.test", "s\u015b@x.test"],
    ["ligatures", "oﬃce@x.test", "OFFICE@x.test"],
    ["a domain in Unicode and in ASCII", "a@münchen.test", "a@xn--mnchen-3ya.test"],
    ["a domain in ASCII in any case", "a@XN--MNCHEN-3YA.test", "a@MÜNCHEN.test"],
    ["a domain with other full stops", "a@b。c．test", "a@b.c.test"],
    ["blanks around it", " \u3000a@b.test\u00a0\n", "a@b.test"],
  ])("%s", (_, one, other) => {
    expect(canonicalEmail(one)).toBeDefined();
    expect(canonicalEmail(one)).toBe(canonicalEmail(other));
  });
});

describe("are two addresses:", () => {
  test.each([
    ["a letter and one with a mark", "zoe@x.test", "zoë@x.test"],
    ["letters that look alike", "a@x.test", "а@x.test"],
    ["what stands behind a plus sign", "a+b@x.test", "a@x.test"],
    ["dots", "a.b@x.test", "ab@x.test"],
    ["a domain within another", "a@x.test", "a@b.x.test"],
  ])("%s", (_, one, other) => {
    expect(canonicalEmail(one)).toBeDefined();
    expect(canonicalEmail(one)).not.toBe(canonicalEmail(other));
  });
});

test.each([
  ["Ada@Example.test", "ada@example.test"],
  ["ada@münchen.test", "ada@xn--mnchen-3ya.test"],
  ["STRASSE@straße.test", "strasse@strasse.test"],
  ["ΟΔΟΣ@x.test", "οδος@x.test"],
  ["a@[::1]", "a@[::1]"],
])("%s is compared as %s", (email, canonical) => {
  expect(canonicalEmail(email)).toBe(canonical);
});

describe("is no address:", () => {
  const halves = ["", "a", "@", "a@", "@b.test", " @b.test", "a@\u00ad", "a@\u200b"];
  const delimiters = [
    "a@b/c",
    "a@b?c",
    "a@b#c",
    "a@b\\c",
    "a@b%41",
    "a@b:80",
    "a@b<c",
    "a@[b",
    "a@b c",
    "a@b℀c",
    "a@.",
    "a@.b.test",
    "a@b..test",
    "a@b.test.",
    "a@1",
    "a@0x7f.1",
  ];
  test.each([...halves, ...delimiters])("%j", (email) => {
    expect(canonicalEmail(email)).toBeUndefined();
  });
});

test("the case of any address does not matter, nor its Unicode form", () => {
  const local = fc.string({ unit: "grapheme", minLength: 1 }).filter(isUsual);
  const rule = (text: string) => {
    const canonical = canonicalEmail(`${text}@b.test`);
    expect(canonicalEmail(`${text.toUpperCase()}@B.TEST`)).toBe(canonical);
    expect(canonicalEmail(`${text.toLowerCase()}@b.test`)).toBe(canonical);
    expect(canonicalEmail(`${text.normalize("NFD")}@b.test`)).toBe(canonical);
    expect(canonicalEmail(canonical ?? "")).toBe(canonical);
  };
  fc.assert(fc.property(local, rule), { numRuns: 2000 });
});

/** Capitals put the iota below a Greek letter beside it, behind which other marks are marks of the iota. */
function isUsual(text: string): boolean {
  return !/[@\p{Z}\p{Cc}]|\u0345/u.test(text.normalize("NFKD"));
}
