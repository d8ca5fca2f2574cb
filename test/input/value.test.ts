import type { MessageInitShape } from "@bufbuild/protobuf";
import type { ValueSchema } from "@bufbuild/protobuf/wkt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { failureOf } from "../support/failures.ts";
import { groupClient, startTestService } from "../support/service.ts";
import { binaryOf, post } from "./wire.ts";

// The value of a custom field is sent alone, as a google.protobuf.Value, and kept in an object.

let service: Awaited<ReturnType<typeof startTestService>>;
let groups: ReturnType<typeof groupClient>;
/** Of a group without a custom type. */
let id: string;

beforeAll(async () => {
  service = await startTestService();
  groups = groupClient(service.baseUrl);
  const { customerGroup } = await groups.createCustomerGroup({
    projectKey: "demo",
    draft: { name: "Group" },
  });
  id = customerGroup?.id ?? "";
});
afterAll(() => service.stop());

const BIG = "must be an integer of at most 2^53 - 1, or a string";
const FINITE = "must be a finite number";
const DEEP = "must not be more than 8 levels deep";
const KINDLESS = "must have a kind, and so must all that it holds";

/** JSON text of that many levels. */
const objects = (levels: number) => `${'{"o":'.repeat(levels)}1${"}".repeat(levels)}`;
const lists = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;

const update = (action: string) =>
  `{"projectKey":"demo","ref":{"id":"${id}"},"expectedVersion":1,"actions":[{"setKey":{}},${action}]}`;
const setting = (value: string) => update(`{"setCustomField":{"name":"tier","value":${value}}}`);
const settingAll = (value: string) =>
  update(`{"setCustomType":{"type":{"key":"missing"},"fields":{"tier":${value}}}}`);

describe("a value is refused over JSON of", () => {
  test.each([
    ["8 levels of objects", objects(8), ".o".repeat(7), DEEP],
    ["8 levels of lists", lists(8), "[0]".repeat(7), DEEP],
    ["40 levels", objects(40), ".o".repeat(7), DEEP],
    ["2^53", "9007199254740992", "", BIG],
    ["-2^53", '{"a":[-9007199254740992]}', ".a[0]", BIG],
    ["1e300", "[1e300]", "[0]", BIG],
    ["a number that is an infinity as a double", "1e400", "", FINITE],
    ["such a number within", "[1e400]", "[0]", FINITE],
  ])("%s", async (_, value, path, description) => {
    expect(await post(service.baseUrl, "UpdateCustomerGroup", setting(value))).toMatchObject(
      refused(path, description),
    );
  });
});

describe("a value is refused over binary of", () => {
  test.each([
    ["NaN", Number.NaN, FINITE],
    ["Infinity", Number.POSITIVE_INFINITY, FINITE],
    ["-Infinity", Number.NEGATIVE_INFINITY, FINITE],
    ["2^53", 2 ** 53, BIG],
    ["the largest double", Number.MAX_VALUE, BIG],
    ["NUL", "\0", "must not contain a NUL character"],
  ])("%s, itself or within", async (_, value, description) => {
    for (const [whole, path] of [
      ['"VALUE"', ""],
      ['[0,{"a":"VALUE"}]', "[1].a"],
    ] as const) {
      const body = JSON.parse(setting(whole), (_, one) => (one === "VALUE" ? value : one));
      const answer = await post(
        service.baseUrl,
        "UpdateCustomerGroup",
        binaryOf("UpdateCustomerGroup", body),
      );
      expect(answer).toMatchObject(refused(path, description));
    }
  });

  type Value = MessageInitShape<typeof ValueSchema>;
  const kindless: Value = { kind: { case: undefined } };
  const list = (...values: Value[]): Value => ({ kind: { case: "listValue", value: { values } } });
  const struct = (fields: Record<string, Value>): Value => ({
    kind: { case: "structValue", value: { fields } },
  });
  const nothing: Value = { kind: { case: "nullValue", value: 0 } };

  test.each([
    ["no kind", kindless],
    ["a list with an item of no kind", list(nothing, kindless)],
    ["an object with a member of no kind", struct({ a: nothing, b: kindless })],
    ["no kind far within", list(struct({ a: list(struct({ a: nothing, b: kindless })) }))],
  ])("%s", async (_, value) => {
    const action = { case: "setCustomField", value: { name: "tier", value } } as const;
    const ref = { value: { case: "id", value: id } } as const;
    const request = { projectKey: "demo", ref, expectedVersion: 1n, actions: [{ action }] };
    const failure = await failureOf(groups.updateCustomerGroup(request));
    const field = "actions[0].set_custom_field.value";
    expect(failure).toMatchObject({
      reason: "FIELD_INVALID",
      metadata: { field, rule: "json" },
      fields: [field],
    });
    expect(failure.message).toBe(`${field}: ${KINDLESS}`);
  });
});

describe("a value alone is as deep as among all fields:", () => {
  test.each([
    ["objects", objects],
    ["lists", lists],
  ])("7 levels of %s", async (_, levels) => {
    expect(await reasonsOf(levels(7))).toEqual(["OPERATION_NOT_ALLOWED", "REFERENCE_NOT_FOUND"]);
    expect(await reasonsOf(levels(8))).toEqual(["FIELD_INVALID", "FIELD_INVALID"]);
  });
});

test.each([
  "null",
  "true",
  '""',
  "0",
  "-0",
  "1e-20",
  "9007199254740991",
  "[]",
  "{}",
  '{"__proto__":{}}',
  '"NaN"',
])("a value of %s breaks no rule but those of its field", async (value) => {
  expect(await reasonsOf(value)).toEqual(["OPERATION_NOT_ALLOWED", "REFERENCE_NOT_FOUND"]);
});

async function reasonsOf(value: string): Promise<unknown[]> {
  const alone = await post(service.baseUrl, "UpdateCustomerGroup", setting(value));
  const among = await post(service.baseUrl, "UpdateCustomerGroup", settingAll(value));
  return [alone.reason, among.reason];
}

function refused(path: string, description: string) {
  const field = `actions[1].set_custom_field.value${path}`;
  return {
    status: 400,
    reason: "FIELD_INVALID",
    metadata: { field, rule: "json" },
    json: { message: `${field}: ${description}` },
  };
}
