import { describe, expect, test } from "vitest";
import { RequestHeaders } from "../../src/server/unary-lane/request-headers.ts";

const SENT = {
  ":path": "/x",
  ":method": "POST",
  "content-type": "application/grpc",
  "x-external-user-id": "ann",
  "x-empty": "",
  "set-cookie": ["a=1", "b=2"],
};

/** The same, made at once. */
function whole(): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(SENT)) {
    if (name.startsWith(":")) continue;
    for (const one of [value].flat()) headers.append(name, one);
  }
  return headers;
}

describe("headers that are looked up say what whole ones say", () => {
  const names = ["content-type", "X-External-User-Id", "x-empty", "set-cookie", "missing"];
  test.each(names)("of %s", (name) => {
    const headers = new RequestHeaders(SENT);
    expect(headers.get(name)).toBe(whole().get(name));
    expect(headers.has(name)).toBe(whole().has(name));
    expect([...headers]).toEqual([...whole()]);
    expect(headers.get(name)).toBe(whole().get(name));
  });

  test("and to everybody else", () => {
    const read = (headers: Headers) => {
      const each: string[] = [];
      headers.forEach((value, name) => {
        each.push(`${name}: ${value}`);
      });
      return [
        each,
        [...headers.keys()],
        [...headers.values()],
        [...headers.entries()],
        headers.getSetCookie(),
      ];
    };
    expect(read(new RequestHeaders(SENT))).toEqual(read(whole()));
    expect(new Headers(new RequestHeaders(SENT)).get("x-external-user-id")).toBe("ann");
  });
});

test("pseudo-headers are none", () => {
  expect(new RequestHeaders(SENT).get(":path")).toBeNull();
});

test("what is changed stays changed", () => {
  const headers = new RequestHeaders(SENT);
  headers.set("x-external-user-id", "bob");
  headers.append("x-more", "1");
  headers.delete("x-empty");
  expect(
    ["x-external-user-id", "x-more", "x-empty", "content-type"].map((name) => headers.get(name)),
  ).toEqual(["bob", "1", null, "application/grpc"]);
});
