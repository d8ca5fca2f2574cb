import type { JsonValue } from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonFault, keyInPath, MAX_JSON_DEPTH, normalForm, textFault } from "../../src/json-data.ts";

const NUL = "must not contain a NUL character";
const SURROGATE = "must not contain half of a surrogate pair";

describe("text is", () => {
  test.each(["", "a", "\u0001\u001f\u007f", "😀", "\ufffe\uffff", "é e\u0301", "\u{10ffff}"])(
    "kept: %j",
    (text) => {
      expect(textFault(text)).toBeUndefined();
    },
  );

  test.each([
    ["\0", NUL],
    ["a\0", NUL],
    ["\0\ud800", NUL],
    ["\ud83d", SURROGATE],
    ["\ude00", SURROGATE],
    ["a\ude00\ud83d", SURROGATE],
    ["😀\ud83d", SURROGATE],
  ])("refused: %j", (text, fault) => {
    expect(textFault(text)).toBe(fault);
  });
});

describe("JSON is refused at the first fault, by its path:", () => {
  const integer = "must be an integer of at most 2^53 - 1, or a string";
  const finite = "must be a finite number";
  const tiny = "must be 0, or at least 1e-20 in size";
  test.each<readonly [JsonValue, string, string]>([
    ["\0", "data", NUL],
    [{ a: ["x", { b: "\ud800" }] }, "data.a[1].b", SURROGATE],
    [{ a: { "b\0": 1 } }, "data.a", `the name of a member ${NUL}`],
    [{ "\udc00": 1 }, "data", `the name of a member ${SURROGATE}`],
    [{ "": "\0" }, "data.", NUL],
    [[Number.NaN], "data[0]", finite],
    [{ a: Number.POSITIVE_INFINITY }, "data.a", finite],
    [{ a: Number.NEGATIVE_INFINITY }, "data.a", finite],
    [{ a: 2 ** 53 }, "data.a", integer],
    [{ a: -(2 ** 53) }, "data.a", integer],
    [{ a: 1e21 }, "data.a", integer],
    [{ a: 5e-324 }, "data.a", tiny],
    [{ a: -1e-21 }, "data.a", tiny],
    [{ ["k".repeat(65)]: "\0" }, `data.${"k".repeat(63)}…`, NUL],
    [{ a: 1, b: Number.NaN, c: "\0" }, "data.b", finite],
    [JSON.parse('{"__proto__":{"a":"\\u0000"}}'), "data.__proto__.a", NUL],
  ])("%j", (value, path, description) => {
    expect(jsonFault(value, "data")).toEqual({ path, description });
  });
});

test.each([
  ["de", '["de"]'],
  ["", '[""]'],
  ['"\\\n\0', '["\\"\\\\\\n\\u0000"]'],
  ["k".repeat(64), `["${"k".repeat(64)}"]`],
  ["k".repeat(65), `["${"k".repeat(63)}…"]`],
  ["😀".repeat(33), `["${"😀".repeat(31)}\ufffd…"]`],
])("a path holds the key %j as %s", (key, spelled) => {
  expect(keyInPath(key)).toBe(spelled);
});

test.each<JsonValue>([
  null,
  {},
  [],
  { a: null, b: [null], c: false },
  { a: 2 ** 53 - 1, b: -(2 ** 53 - 1), c: 0.1, d: 1e-20, e: -0, f: 2 ** 52 + 0.5 },
])("JSON is kept: %j", (value) => {
  expect(jsonFault(value, "data")).toBeUndefined();
});

describe("the depth is that of the innermost object or list, empty or not:", () => {
  const nested = (levels: number, innermost: JsonValue): JsonValue =>
    levels === 0
      ? innermost
      : levels % 2
        ? { o: nested(levels - 1, innermost) }
        : [nested(levels - 1, innermost)];

  test.each<JsonValue>([{}, [], [1]])("%j", (innermost) => {
    expect(jsonFault(nested(MAX_JSON_DEPTH - 1, innermost), "data")).toBeUndefined();
    const fault = jsonFault(nested(MAX_JSON_DEPTH, innermost), "data");
    expect(fault).toEqual({
      path: "data[0].o[0].o[0].o[0].o",
      description: "must not be more than 8 levels deep",
    });
  });

  test("a value at the eighth level is no level of its own", () => {
    expect(jsonFault(nested(MAX_JSON_DEPTH, "text"), "data")).toBeUndefined();
  });

  test("even where thousands of levels would overflow the stack", () => {
    let deep: JsonValue = 1;
    for (let level = 0; level < 100_000; level += 1) deep = [deep];
    expect(jsonFault(deep, "data")?.path).toBe(`data${"[0]".repeat(8)}`);
  });
});

test("the normal form has no negative zero, and is otherwise equal", () => {
  const normal = normalForm({ a: -0, b: [-0, 1], c: "-0" });
  expect(Object.is(normal.a, 0)).toBe(true);
  expect(normal).toEqual({ a: 0, b: [0, 1], c: "-0" });
  expect(normalForm({ a: [{ b: -0 }] })).toEqual({ a: [{ b: 0 }] });
});

test("the normal form of a `__proto__` member is a member", () => {
  const normal = normalForm(JSON.parse('{"__proto__":{"a":1}}'));
  expect(Object.keys(normal)).toEqual(["__proto__"]);
});

test("what has no fault is equal after a way through JSON text, and its normal form is its own", () => {
  const rule = (value: JsonValue) => {
    fc.pre(jsonFault(value, "") === undefined);
    const normal = normalForm(value);
    expect(JSON.stringify(normal)).toBe(JSON.stringify(value));
    expect(JSON.stringify(normalForm(normal))).toBe(JSON.stringify(normal));
  };
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8, stringUnit: "binary" }) as fc.Arbitrary<JsonValue>, rule),
  );
});
