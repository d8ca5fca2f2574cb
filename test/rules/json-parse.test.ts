import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { mendJsonParse } from "../../src/json-parse.ts";

beforeAll(mendJsonParse);

/** A text as JSON can write it, in one of several ways. */
const anyText = fc.array(
  fc.constantFrom(
    ...[["a"], ["1"], ["t", "\\u0074"], ["\\", "\\\\"], ['"', '\\"'], ["\n", "\\n", "\\u000a"], ["/", "\\/"]],
    ...[["{"], [":"], [" "], ["é", "\\u00e9"], ["😀", "\\ud83d\\ude00"], ["\u2028"], ["__proto__"]],
  ),
  { maxLength: 4 },
);
const anyName = anyText.chain((parts) =>
  fc
    .tuple(...parts.map(([text = "", ...ways]) => fc.constantFrom(...(ways.length > 0 ? ways : [text]))))
    .map((ways) => ({ text: parts.map(([text]) => text).join(""), written: `"${ways.join("")}"` })),
);
type Written = { readonly value: unknown; readonly json: string };
const { any } = fc.letrec<{ any: Written }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom<Written>({ value: 1, json: "1" }, { value: null, json: "null" }),
    anyName.map(({ text, written }) => ({ value: text, json: written })),
    fc.array(tie("any"), { maxLength: 2 }).map((items) => ({
      value: items.map(({ value }) => value),
      json: `[ ${items.map(({ json }) => json).join(" , ")}]`,
    })),
    fc.array(fc.tuple(anyName, tie("any")), { maxLength: 4 }).map((members) => ({
      value: Object.fromEntries(members.map(([name, { value }]) => [name.text, value])),
      json: `{${members.map(([name, { json }]) => `${name.written} :${json}`).join(",\n")}}`,
    })),
  ),
}));

test("names are read as they are written, whatever was read before", () => {
  fc.assert(
    fc.property(any, ({ value, json }) => {
      const read: unknown = JSON.parse(json);
      expect(read).toStrictEqual(value);
      // Their order too.
      expect(JSON.stringify(read)).toBe(JSON.stringify(value));
    }),
    { numRuns: 5000 },
  );
});

test.each([
  [String.raw`{"h":[],"\\":0}`, String.raw`{"h":1,"\"":2}`, '"'],
  [String.raw`{"i":[],"\\":0}`, String.raw`{"i":1,"\u0074":2}`, "t"],
  [String.raw`{"j":[],"\\u":0}`, String.raw`{"j":1,"\u0022é":2}`, '"é'],
  [String.raw`{"k":[],"a\\":0}`, String.raw`{"k":1,"a\n":2}`, "a\n"],
])("behind %s the names of %s", (before, json, name) => {
  JSON.parse(before);
  expect(Object.keys(JSON.parse(json) as object)[1]).toBe(name);
});

test.each(['{"a\\n":1', '{"a\\n":1,}', '{"a\\x":1}', '"a\\', "\\", '["\\"', ""])("%j is refused", (json) => {
  expect(() => void JSON.parse(json)).toThrow(SyntaxError);
});

test("what takes long to read is read in time that grows as its size", () => {
  const backslashes = "\\\\".repeat(500_000);
  const quotes = '\\"'.repeat(500_000);
  const json = `{"a\\n":"${backslashes}","b":"${quotes}","c":"${quotes}}`;
  expect(() => void JSON.parse(json)).toThrow(SyntaxError);
  expect(Object.keys(JSON.parse(`${json}"}`) as object)).toEqual(["a\n", "b", "c"]);
});

test("a reviver is asked as the engine asks it, and mending twice changes nothing", () => {
  const { parse } = JSON;
  mendJsonParse();
  expect(JSON.parse).toBe(parse);
  expect(JSON.parse('{"a":[1,2]}', (_, value: unknown) => (value === 2 ? 3 : value))).toEqual({ a: [1, 3] });
});
