import { isDeepStrictEqual } from "node:util";
import {
  create,
  fromBinary,
  fromJson,
  type JsonObject,
  type JsonValue,
  type MessageInitShape,
  toBinary,
} from "@bufbuild/protobuf";
import { type Value, ValueSchema } from "@bufbuild/protobuf/wkt";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonical, jsonOfValue, normalForm } from "../../src/json-data.ts";

const anyJson = fc.jsonValue({ stringUnit: "binary" }) as fc.Arbitrary<JsonValue>;

/** As it comes in over binary. */
const overBinary = (value: Value) => fromBinary(ValueSchema, toBinary(ValueSchema, value));

describe("the JSON of a Value is what was sent:", () => {
  test.each([
    "null",
    "true",
    '""',
    "0.1",
    "[]",
    "{}",
    '[null,[{}],{"a":[]}]',
    '{"__proto__":{"admin":true}}',
    '{"__proto__":null,"constructor":{"prototype":1},"toString":"text","length":0,"":[{"__proto__":[]}]}',
  ])("%s", (text) => {
    const value = fromJson(ValueSchema, JSON.parse(text));
    expect(JSON.stringify(jsonOfValue(value))).toBe(text);
    expect(JSON.stringify(jsonOfValue(overBinary(value)))).toBe(text);
  });

  test("any", () => {
    const rule = (json: JsonValue) => {
      expect(canonical(jsonOfValue(overBinary(fromJson(ValueSchema, json))))).toBe(canonical(json));
    };
    fc.assert(fc.property(anyJson, rule));
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    "even %d, which is refused elsewhere",
    (value) => {
      expect(jsonOfValue(create(ValueSchema, { kind: { case: "numberValue", value } }))).toBe(value);
    },
  );
});

test("a member `__proto__` is a member, and changes no prototype", () => {
  const json = jsonOfValue(fromJson(ValueSchema, JSON.parse('{"__proto__":{"admin":true}}')));
  expect(Object.keys(json as object)).toEqual(["__proto__"]);
  expect(Object.getPrototypeOf(json)).toBe(Object.prototype);
  expect(json).not.toHaveProperty("admin");
});

describe("no JSON is the Value", () => {
  type Init = MessageInitShape<typeof ValueSchema>;
  const kindless: Init = { kind: { case: undefined } };
  const one: Init = { kind: { case: "numberValue", value: 1 } };
  const list = (...values: Init[]): Init => ({ kind: { case: "listValue", value: { values } } });
  const struct = (fields: Record<string, Init>): Init => ({
    kind: { case: "structValue", value: { fields } },
  });

  test.each([
    ["without a kind", kindless],
    ["with an item without one, the first", list(kindless, one)],
    ["with an item without one, the last", list(one, kindless)],
    ["with a member without one", struct({ a: one, b: kindless })],
    ["with one far within", list(one, struct({ a: list(struct({ b: one, c: kindless })) }))],
  ])("%s", (_, init) => {
    const value = create(ValueSchema, init);
    expect(jsonOfValue(value)).toBeUndefined();
    expect(jsonOfValue(overBinary(value))).toBeUndefined();
  });
});

describe("the canonical text", () => {
  test.each<readonly [JsonValue | undefined, string]>([
    [null, "null"],
    ['a"b', '"a\\"b"'],
    [-0, "0"],
    [{ b: 1, a: [{ d: null, c: false }] }, '{"a":[{"c":false,"d":null}],"b":1}'],
    [{ 10: 1, 9: 2, a: 3 }, '{"10":1,"9":2,"a":3}'],
    [[2, 1], "[2,1]"],
    [[[], [1], {}], "[[],[1],{}]"],
    [["a,b"], '["a,b"]'],
    [JSON.parse('{"b":1,"__proto__":{"a":1}}'), '{"__proto__":{"a":1},"b":1}'],
  ])("of %j is %s", (value, text) => {
    expect(canonical(value)).toBe(text);
  });

  test("is JSON of the value, and no other's", () => {
    const rule = (json: JsonValue) => isDeepStrictEqual(JSON.parse(canonical(json)), normalForm(json));
    fc.assert(fc.property(anyJson, rule));
  });

  test("is the same for members in any order", () => {
    const rule = (object: JsonObject) => {
      const turned = Object.fromEntries(Object.entries(object).toReversed());
      expect(canonical({ a: [turned] })).toBe(canonical({ a: [object] }));
    };
    fc.assert(fc.property(fc.dictionary(fc.string({ unit: "binary" }), anyJson), rule));
  });
});
