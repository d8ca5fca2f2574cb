import type { JsonObject } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { typeFields } from "../../src/custom-types/fields.ts";
import { groupFields } from "../../src/customer-groups/fields.ts";
import { customerFields } from "../../src/customers/fields.ts";
import type { Fields } from "../../src/predicates/field.ts";
import { parseWhere } from "../../src/predicates/where.ts";
import { refusalOf } from "../rules/refusal.ts";
import { unsuitedOperators, unsuitedValues } from "./kind-mistakes.ts";
import { syntaxMistakes } from "./syntax-mistakes.ts";

test.each(syntaxMistakes)("%s found %s, expected %s", (marked, found, expected) => {
  const [text, column] = unmarked(marked);
  expect(refusal(text)).toEqual({
    reason: "PREDICATE_SYNTAX",
    metadata: { field: "where[0]", line: "1", column, found, expected },
    said: `found ${found}, expected ${expected.replace(/, (?!.*, )/, " or ")}`,
  });
});

test.each([
  ['key\n =\r\n "a"\r  and\f ?', 4, 8],
  ['key = "a"\n\n\n)', 4, 1],
  ['key = "🎁👩‍👩‍👧" nope', 1, 16],
  ['key = "a" and\n\n  key = "🎁🎁" or 🎁', 3, 17],
  ['metadata(\n\ta = "é" and\n\tb ~ 1)', 3, 4],
])("%j is wrong in line %i, column %i, counted in characters", (text, line, column) => {
  expect(refusal(text).metadata).toMatchObject({ line: `${line}`, column: `${column}` });
});

describe("there is no field", () => {
  test.each<readonly [Fields, marked: string, name: string]>([
    [customerFields, "‸nick = 1", "nick"],
    [customerFields, 'key = "a" and (key = "b" or ‸nope = 1)', "nope"],
    [customerFields, "not(not(‸a_b = 1))", "a_b"],
    [customerFields, '‸Key = "a"', "Key"],
    [customerFields, '‸email_canonical = "a"', "email_canonical"],
    [customerFields, '‸project_id = "a"', "project_id"],
    [customerFields, "‸constructor = 1", "constructor"],
    [customerFields, "‸__proto__ = 1", "__proto__"],
    [customerFields, "‸toString is defined", "toString"],
    [customerFields, "‸2nd = 1", "2nd"],
    [customerFields, "‸not = 1", "not"],
    [customerFields, "‸in in (1)", "in"],
    [customerFields, "‸is is defined", "is"],
    [customerFields, 'created_by(‸clientid = "a")', "clientid"],
    [customerFields, 'customerGroup(‸name = "a")', "name"],
    [customerFields, 'customerGroupAssignments(‸key = "a")', "key"],
    [customerFields, 'customerGroupAssignments(customerGroup(‸name = "a"))', "name"],
    [customerFields, 'addresses(‸town = "a")', "town"],
    [customerFields, "addresses(custom(‸field(a = 1)))", "field"],
    [customerFields, "paymentSources(‸number = 1)", "number"],
    [customerFields, "orders(total(‸amount = 1))", "amount"],
    [customerFields, "custom(‸tier = 1)", "tier"],
    [customerFields, "custom(type(‸version = 1))", "version"],
    [groupFields, '‸email = "a"', "email"],
    [groupFields, "‸addresses is empty", "addresses"],
    [groupFields, 'attachments(‸key = "a")', "key"],
    [typeFields, "‸custom is defined", "custom"],
    [typeFields, "fieldDefinitions(‸type = 1)", "type"],
    [typeFields, '‸resource_type in ("customer")', "resource_type"],
  ])("%#: %s", (fields, marked, name) => {
    const [text, column] = unmarked(marked);
    const { reason, metadata, said } = refusal(text, {}, fields);
    expect(reason).toBe("PREDICATE_UNKNOWN_FIELD");
    expect(metadata).toEqual({ field: "where[0]", line: "1", column, name });
    expect(said).toMatch(new RegExp(`^there is no field "${name}"; these there are: [\\w, ]+$`));
  });

  test("the fields that there are stand in the error", () => {
    expect(refusal("customerGroup(name = 1)").said).toBe(
      'there is no field "name"; these there are: id, key',
    );
  });
});

test.each([...unsuitedOperators, ...unsuitedValues])("%s: %s", (marked, description) => {
  expectInvalid(marked, "predicate.kind", description);
});

test.each<readonly [Fields, marked: string, description: string]>([
  [groupFields, 'customerCount = ‸"1"', "customerCount takes a number"],
  [groupFields, "name = ‸1", "name takes a text"],
  [groupFields, '‸marketIds = "a"', "marketIds is a list: use in, contains all, contains any or is empty"],
  [groupFields, 'attachments(id = ‸"a")', "id takes a text that is a UUID"],
  [typeFields, '‸name = "a"', "name holds names of your own: say name(...), or is defined"],
  [
    typeFields,
    'resourceTypes in (‸"order")',
    'resourceTypes takes one of "customer", "customer-group", "address"',
  ],
  [typeFields, 'fieldDefinitions(required = ‸"true")', "required takes true or false"],
  [
    typeFields,
    "fieldDefinitions(‸label = 1)",
    "label holds names of your own: say label(...), or is defined",
  ],
])("%#, of groups and types: %s: %s", (fields, marked, description) => {
  expectInvalid(marked, "predicate.kind", description, {}, fields);
});

const SINGLE = "the variable v must be a text, a number or a boolean";
const SEVERAL = "the variable v must hold texts, numbers and booleans only";
test.each<readonly [marked: string, variables: JsonObject, description: string]>([
  ["key = ‸:v", {}, "there is no variable v in variables"],
  ["key = ‸:v", { V: "a" }, "there is no variable v in variables"],
  ["key in ‸:constructor", {}, "there is no variable constructor in variables"],
  ["key = ‸:__proto__", {}, "there is no variable __proto__ in variables"],
  ["key = :v and key = ‸:2", { v: "a" }, "there is no variable 2 in variables"],
  ["customerGroupAssignments(customerGroup(key in ‸:v))", {}, "there is no variable v in variables"],
  ["metadata(a(b = ‸:v))", {}, "there is no variable v in variables"],
  ["key = ‸:v", { v: null }, SINGLE],
  ["key = ‸:v", { v: ["a"] }, SINGLE],
  ["key = ‸:v", { v: { a: 1 } }, SINGLE],
  ['key in ("a", ‸:v)', { v: ["a"] }, SINGLE],
  ["key in ‸:v", { v: null }, SEVERAL],
  ["key in ‸:v", { v: { a: 1 } }, SEVERAL],
  ["key in ‸:v", { v: ["a", null] }, SEVERAL],
  ["key in ‸:v", { v: ["a", ["b"]] }, SEVERAL],
  ["tags contains all ‸:v", { v: ["a", {}] }, SEVERAL],
])("%s with %j: %s", (marked, variables, description) => {
  expectInvalid(marked, "predicate.variable", description, variables);
});

test.each<readonly [marked: string, variables: JsonObject, description: string]>([
  ["key = ‸:v", { v: 1 }, "key takes a text"],
  ["key in ‸:v", { v: ["a", 1] }, "key takes a text"],
  ["version = ‸:v", { v: "1" }, "version takes a number"],
  ["id = ‸:v", { v: "a" }, "id takes a text that is a UUID"],
  ["metadata(‸a < :v)", { v: true }, "a can't be ordered by true and false"],
  ["metadata(a within circle(1, ‸:y, 3))", { y: 91 }, "must be a number, -90 to 90"],
])("%s with %j: %s", (marked, variables, description) => {
  expectInvalid(marked, "predicate.kind", description, variables);
});

test("an error names the entry of where that it is in", () => {
  const where = ['key = "a"', "key is defined", "nick = 1"];
  expect(refusalOf(() => parseWhere({ where }, customerFields))).toMatchObject({ fields: ["where[2]"] });
});

function expectInvalid(
  marked: string,
  rule: string,
  description: string,
  variables: JsonObject = {},
  fields: Fields = customerFields,
): void {
  const [text, column] = unmarked(marked);
  expect(refusal(text, variables, fields)).toEqual({
    reason: "FIELD_INVALID",
    metadata: { field: "where[0]", line: "1", column, rule },
    said: description,
  });
}

/** A predicate without its mark, and the column of it. */
function unmarked(marked: string): readonly [text: string, column: string] {
  const [before = "", behind = ""] = marked.split("‸");
  return [before + behind, `${before.length + 1}`];
}

/** What a refusal says, but for what is the same in all of them. */
function refusal(text: string, variables: JsonObject = {}, fields: Fields = customerFields) {
  const {
    code,
    reason,
    metadata,
    message,
    fields: places,
  } = refusalOf(() => parseWhere({ where: [text], variables }, fields));
  expect([code, places]).toEqual(["InvalidArgument", ["where[0]"]]);
  const at = `where[0]: line ${metadata.line}, column ${metadata.column}: `;
  expect(message.startsWith(at)).toBe(true);
  return { reason, metadata, said: message.slice(at.length) };
}
