import { randomBytes } from "node:crypto";
import { ConnectError } from "@connectrpc/connect";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pageTokens, type QueryIdentity } from "../../src/paging/page-token.ts";
import { describeFailure } from "../support/failures.ts";

const secret = Buffer.alloc(32, 7);
const tokens = pageTokens(secret);
const query: QueryIdentity = {
  projectId: "p",
  method: "QueryCustomerGroups",
  sort: ["name desc", "id desc"],
};
const position = ['größte 😀 " \\', null, "2026-01-01T00:00:00.000Z", ""];
const token = tokens.seal(query, position);

const anyPosition = fc.array(fc.option(fc.string({ unit: "binary" })), { minLength: 1, maxLength: 6 });
const anyQuery = fc.record({ projectId: fc.uuid(), method: fc.string(), sort: fc.array(fc.string()) });

test("a token is opened by its own query, on every replica", () => {
  const rule = (own: QueryIdentity, sealed: readonly (string | null)[]) => {
    const made = pageTokens(secret).seal(own, sealed);
    expect(made).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(tokens.open(own, made)).toEqual(sealed);
  };
  fc.assert(fc.property(anyQuery, anyPosition, rule));
});

test("a position by 5 fields of the longest text is a token of under 4,096 bytes", () => {
  const longest = [
    `"${"😀".repeat(255)}"`,
    "k".repeat(256),
    "2026-01-01T00:00:00.000Z",
    "2026-01-01T00:00:00.000Z",
    "0198c5a0-0000-7000-8000-000000000000",
  ];
  expect(tokens.seal(query, longest).length).toBeLessThan(4096);
});

describe("is refused:", () => {
  test.each<readonly [string, QueryIdentity]>([
    ["another project", { ...query, projectId: "q" }],
    ["another method", { ...query, method: "QueryCustomers" }],
    ["another order", { ...query, sort: ["name desc", "id"] }],
    ["the same fields the other way round", { ...query, sort: query.sort.toReversed() }],
    ["the fields in one", { ...query, sort: [query.sort.join()] }],
    ["a project that looks like the method", { ...query, projectId: "pQuery", method: "CustomerGroups" }],
  ])("a token for %s", (_, other) => {
    expect(refusalOf(other, token)).toBe("InvalidArgument PAGE_TOKEN_INVALID page_token");
  });

  test("a token of another secret", () => {
    const foreign = pageTokens(randomBytes(32)).seal(query, position);
    expect(refusalOf(query, foreign)).toMatch("PAGE_TOKEN_INVALID");
  });

  test.each([
    ["nothing", ""],
    ["blanks", "   "],
    ["padding", `${token}=`],
    ["a blank behind", `${token} `],
    ["a line feed within", `${token.slice(0, 9)}\n${token.slice(9)}`],
    ["foreign characters that decoding passes over", `${token.slice(0, 9)}!!!${token.slice(9)}`],
    ["the other base64 alphabet", Buffer.from(token, "base64url").toString("base64")],
    ["twice the token", token + token],
    ["only the seal", token.slice(0, 22)],
    ["JSON", JSON.stringify(position)],
    ["characters beyond ASCII", "😀".repeat(30)],
  ])("%s", (_, altered) => {
    expect(altered === token ? "unaltered" : refusalOf(query, altered)).toMatch("PAGE_TOKEN_INVALID");
  });

  test("a token cut off anywhere", () => {
    for (let length = 0; length < token.length; length += 1) {
      expect(refusalOf(query, token.slice(0, length))).toMatch("PAGE_TOKEN_INVALID");
    }
  });

  test("a token with any bit turned", () => {
    const bytes = Buffer.from(token, "base64url");
    const rule = (at: number, mask: number) => {
      const altered = Buffer.from(bytes);
      altered[at] = (altered[at] ?? 0) ^ mask;
      expect(refusalOf(query, altered.toString("base64url"))).toMatch("PAGE_TOKEN_INVALID");
    };
    fc.assert(fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), rule));
  });

  test("a token with any character replaced, also those whose bits don't count", () => {
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (const at of [0, 21, 22, token.length - 1]) {
      for (const character of alphabet) {
        const altered = token.slice(0, at) + character + token.slice(at + 1);
        if (altered !== token) expect(refusalOf(query, altered)).toMatch("PAGE_TOKEN_INVALID");
      }
    }
  });

  test("any text, and never with another error", () => {
    const rule = (text: string) => {
      expect(refusalOf(query, text)).toMatch("PAGE_TOKEN_INVALID");
    };
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: "binary" }), fc.base64String(), fc.string({ maxLength: 4096 })),
        rule,
      ),
    );
  });
});

function refusalOf(identity: QueryIdentity, text: string): string {
  try {
    tokens.open(identity, text);
  } catch (error) {
    const { code, reason, metadata } = describeFailure(ConnectError.from(error));
    return `${code} ${reason} ${metadata.field}`;
  }
  return "opened";
}
