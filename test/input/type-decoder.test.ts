import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestService } from "../support/service.ts";
import { entry, field, numberField } from "./binary.ts";
import { post, postGrpc } from "./wire.ts";

// Bodies of custom types that no generated client makes.

let service: Awaited<ReturnType<typeof startTestService>>;

beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

const createBinary = (...draft: readonly Buffer[]) =>
  post(service.baseUrl, "CreateCustomType", creation(...draft));

function creation(...draft: readonly Buffer[]): Uint8Array<ArrayBuffer> {
  const whole = [field(1, randomUUID()), entry(2, "en", "Type"), numberField(4, 1), ...draft];
  return Uint8Array.from(Buffer.concat([field(1, "demo"), field(2, Buffer.concat(whole))]));
}

/** Creates over JSON; `draft` holds the JSON of members. */
function createJson(draft: Readonly<Record<string, string>>) {
  const whole = { key: `"${randomUUID()}"`, name: '{"en":"Type"}', resourceTypes: "[1]", ...draft };
  const members = Object.entries(whole).map(([name, json]) => `"${name}":${json}`);
  return post(service.baseUrl, "CreateCustomType", `{"projectKey":"demo","draft":{${members}}}`);
}

/** What the decoder of JSON answers. */
const notDecoded = {
  status: 400,
  json: { code: "invalid_argument", message: expect.stringMatching(/^cannot decode /) },
};

/** A field definition of that type. */
const definition = (type: Buffer, ...more: readonly Buffer[]) =>
  field(5, Buffer.concat([field(1, randomUUID()), field(2, type), ...more]));
const TEXT = field(2, "");

/** A FieldType of that many sets, one in the other, around text. */
function sets(levels: number): Buffer {
  return levels === 0 ? TEXT : field(12, field(1, sets(levels - 1)));
}

describe("sets of sets are refused,", () => {
  const SETS = "draft.field_definitions[0].type.set.element_type";
  const setsInJson = (levels: number) => ({
    fieldDefinitions: `[{"name":"tier","type":${'{"set":{"elementType":'.repeat(levels)}{"string":{}}${"}}".repeat(levels)}}]`,
  });

  test.each([2, 3, 12, 45])("%i levels deep, as what they are", async (levels) => {
    const refused = {
      status: 400,
      reason: "FIELD_INVALID",
      metadata: { field: SETS, rule: "set.no_set_of_sets" },
    };
    expect(await createBinary(definition(sets(levels)))).toMatchObject(refused);
    expect(await createJson(setsInJson(levels))).toMatchObject(refused);
    const grpc = await postGrpc(service.baseUrl, "CreateCustomType", creation(definition(sets(levels))));
    expect(grpc).toEqual({ status: 3, message: `${SETS}: must not be a set` });
  });

  test.each([60, 500, 2000])("%i levels deep, as what can't be read", async (levels) => {
    const unreadable = /^parse binary: .* maximum recursion depth of 100 reached$/;
    const { status, json } = await createBinary(definition(sets(levels)));
    expect(status).toBeGreaterThanOrEqual(400);
    expect(json.message).toMatch(unreadable);
    const grpc = await postGrpc(service.baseUrl, "CreateCustomType", creation(definition(sets(levels))));
    expect(grpc.status).not.toBe(0);
    expect(decodeURIComponent(grpc.message)).toMatch(unreadable);
    const inJson = await createJson(setsInJson(levels));
    expect(inJson).toMatchObject(notDecoded);
  });
});

describe("refused in binary is", () => {
  const at = (path: string, rule: string) => ({
    status: 400,
    reason: rule === "required" ? "FIELD_REQUIRED" : "FIELD_INVALID",
    metadata: { field: `draft.${path}`, rule },
  });

  test.each([
    ["a locale without a key", entry(2, undefined, "text"), at('name[""]', "string.pattern")],
    ["a locale without a text", entry(2, "de"), at('name["de"]', "string.min_len")],
    ["a locale `__proto__`", entry(2, "__proto__", "text"), at('name["__proto__"]', "string.pattern")],
    ["a kind of resource without a name", numberField(4, 99), at("resource_types[1]", "enum.in")],
    [
      "a negative kind of resource",
      field(4, Buffer.alloc(10, 0xff).fill(1, 9)),
      at("resource_types[1]", "enum.in"),
    ],
    ["an empty field", field(5, ""), at("field_definitions[0].name", "string.pattern")],
    ["a field of no type", definition(Buffer.alloc(0)), at("field_definitions[0].type.type", "required")],
    ["a type of a kind to come", definition(field(99, "")), at("field_definitions[0].type.type", "required")],
    [
      "a hint without a name",
      definition(TEXT, numberField(5, 3)),
      at("field_definitions[0].input_hint", "enum.defined_only"),
    ],
    [
      "a set of nothing",
      definition(field(12, "")),
      at("field_definitions[0].type.set.element_type", "required"),
    ],
  ])("%s", async (_, member, refused) => {
    expect(await createBinary(member)).toMatchObject(refused);
  });
});

test.each([
  [
    "texts of a locale, the last counts",
    [entry(2, "de", "Ende"), entry(2, "de", "Typ")],
    { name: { de: "Typ" } },
  ],
  [
    "kinds of a field, the last counts",
    [definition(Buffer.concat([field(6, ""), TEXT]))],
    { fieldDefinitions: [{ type: { string: {} } }] },
  ],
  [
    "fields that the service doesn't know, none is kept",
    [field(99, "x"), definition(Buffer.concat([TEXT, field(99, "x")]), numberField(98, 1))],
    { fieldDefinitions: [{ type: { string: {} }, inputHint: "INPUT_HINT_SINGLE_LINE" }] },
  ],
])("in binary, of %s", async (_, members, kept) => {
  const key = randomUUID();
  expect((await createBinary(field(1, key), ...members)).status).toBe(200);
  const got = await post(service.baseUrl, "GetCustomType", `{"projectKey":"demo","ref":{"key":"${key}"}}`);
  expect(got.json).toMatchObject({ customType: { key, ...kept } });
});

describe("refused in JSON is", () => {
  const fields = (type: string, more = "") => ({
    fieldDefinitions: `[{"name":"tier","type":${type}${more}}]`,
  });

  test.each<readonly [string, Readonly<Record<string, string>>]>([
    ["a kind of resource that has no such name", { resourceTypes: '["RESOURCE_TYPE_ORDER"]' }],
    ["a kind of resource by its number as text", { resourceTypes: '["1"]' }],
    ["a kind of resource that is a fraction", { resourceTypes: "[1.5]" }],
    ["null for a kind of resource", { resourceTypes: "[null]" }],
    ["a locale twice", { name: '{"en":"Type","en":"Kind"}' }],
    ["null for a text", { name: '{"en":null}' }],
    ["a number for a text", { name: '{"en":1}' }],
    ["a list for texts", { name: '["Type"]' }],
    ["a kind of field that there is not", fields('{"colour":{}}')],
    ["a field of two kinds", fields('{"string":{},"number":{}}')],
    ["a member of a kind that it has not", fields('{"string":{"maxLength":5}}')],
    ["a member of a field that it has not", fields('{"string":{}}', ',"unique":true')],
    ["text for whether a field is required", fields('{"string":{}}', ',"required":"true"')],
    ["a hint that has no such name", fields('{"string":{}}', ',"inputHint":"INPUT_HINT_LARGE"')],
  ])("%s", async (_, draft) => {
    expect(await createJson(draft)).toMatchObject(notDecoded);
  });
});

test("all this leaves the service unharmed and without an error of its own", async () => {
  expect((await createBinary(definition(sets(1)))).status).toBe(200);
  expect((await createJson({})).status).toBe(200);
  expect(service.logged.filter(({ level }) => level === "error")).toEqual([]);
});
