import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { groupClient, startTestService } from "../support/service.ts";
import { binaryOf, canonical, post } from "./wire.ts";

let service: Awaited<ReturnType<typeof startTestService>>;
let groups: ReturnType<typeof groupClient>;

beforeAll(async () => {
  service = await startTestService();
  groups = groupClient(service.baseUrl);
});
afterAll(() => service.stop());

const projectKey = "demo";
const NUL = "must not contain a NUL character";
const SURROGATE = "must not contain half of a surrogate pair";
const DEEP = "must not be more than 8 levels deep";
const BIG = "must be an integer of at most 2^53 - 1, or a string";
const FINITE = "must be a finite number";

/** JSON text of that many levels of objects, or of lists in one object, around a number. */
const objects = (levels: number) => `${'{"o":'.repeat(levels)}1${"}".repeat(levels)}`;
const lists = (levels: number) => `{"l":${"[".repeat(levels - 1)}1${"]".repeat(levels - 1)}}`;

/** A request by how it puts free JSON, and where. */
type Home = readonly [path: string, method: string, request: (json: string) => string];

const draft = (members: string) => `{"projectKey":"demo","draft":{${members}}}`;
const actions = (...list: readonly string[]) =>
  `{"projectKey":"demo","ref":{"key":"group"},"expectedVersion":1,"actions":[${list}]}`;

const homes: readonly Home[] = [
  ["draft.metadata", "CreateCustomerGroup", (json) => draft(`"name":"Group","metadata":${json}`)],
  [
    "draft.custom.fields",
    "CreateCustomerGroup",
    (json) => draft(`"name":"Group","custom":{"type":{"key":"type"},"fields":${json}}`),
  ],
  [
    "actions[1].set_metadata.metadata",
    "UpdateCustomerGroup",
    (json) => actions('{"setKey":{}}', `{"setMetadata":{"metadata":${json}}}`),
  ],
  [
    "actions[0].set_custom_type.fields",
    "UpdateCustomerGroup",
    (json) => actions(`{"setCustomType":{"type":{"key":"type"},"fields":${json}}}`),
  ],
  [
    "draft.metadata",
    "CreateCustomType",
    (json) => draft(`"key":"type","name":{"en":"Type"},"resourceTypes":[1],"metadata":${json}`),
  ],
  [
    "actions[0].set_metadata.metadata",
    "UpdateCustomType",
    (json) => actions(`{"setMetadata":{"metadata":${json}}}`),
  ],
  [
    "draft.addresses[0].custom.fields",
    "CreateCustomer",
    (json) =>
      draft(`"email":"a@b","addresses":[{"country":"DE","custom":{"type":{"key":"type"},"fields":${json}}}]`),
  ],
  [
    "actions[0].set_address_custom_type.fields",
    "UpdateCustomer",
    (json) =>
      actions(`{"setAddressCustomType":{"address":{"key":"home"},"type":{"key":"type"},"fields":${json}}}`),
  ],
];

describe.each(homes)("%s of %s are refused over JSON with", (home, method, request) => {
  test.each([
    ["NUL in text", '{"a":[0,{"b":"x\\u0000y"}]}', ".a[1].b", NUL],
    ["NUL in a name", '{"a":{"x\\u0000y":1}}', ".a", `the name of a member ${NUL}`],
    ["a high surrogate alone", '{"a":"\\ud83d"}', ".a", SURROGATE],
    ["a low surrogate alone", '{"a":["\\ude00 x"]}', ".a[0]", SURROGATE],
    ["surrogates in the wrong order", '{"a":"\\ude00\\ud83d"}', ".a", SURROGATE],
    ["half a pair in a name", '{"\\ud83d":1}', "", `the name of a member ${SURROGATE}`],
    ["9 levels of objects", objects(9), ".o".repeat(8), DEEP],
    ["9 levels, the last an empty list", '{"a":[[[[[[[[]]]]]]]]}', `.a${"[0]".repeat(7)}`, DEEP],
    ["9 levels, mostly lists", lists(9), `.l${"[0]".repeat(7)}`, DEEP],
    ["60 levels", objects(60), ".o".repeat(8), DEEP],
    ["2^53", '{"a":9007199254740992}', ".a", BIG],
    ["-2^53", '{"a":{"b":-9007199254740992}}', ".a.b", BIG],
    ["2^53 + 1, which is 2^53 as a double", '{"a":9007199254740993}', ".a", BIG],
    ["1e300", '{"a":1e300}', ".a", BIG],
    ["a number that is an infinity as a double", '{"a":1e400}', ".a", FINITE],
  ])("%s", async (_, json, path, description) => {
    expect(await post(service.baseUrl, method, request(json))).toMatchObject(
      refused(`${home}${path}`, description),
    );
  });
});

describe.each(homes)("%s of %s are refused over binary with", (home, method, request) => {
  test.each([
    ["NaN", Number.NaN, FINITE],
    ["Infinity", Number.POSITIVE_INFINITY, FINITE],
    ["-Infinity", Number.NEGATIVE_INFINITY, FINITE],
    ["2^53", 2 ** 53, BIG],
    ["the largest double", Number.MAX_VALUE, BIG],
    ["NUL", "\0", NUL],
  ])("%s", async (_, value, description) => {
    const body = JSON.parse(request('{"a":[true,{"b":"VALUE"}]}'), (_, one) =>
      one === "VALUE" ? value : one,
    );
    const field = `${home}.a[1].b`;
    expect(await post(service.baseUrl, method, binaryOf(method, body))).toMatchObject(
      refused(field, description),
    );
  });
});

test.each([
  ["objects", objects(8)],
  ["lists", lists(8)],
  ["an empty list", '{"a":[[[[[[[]]]]]]]}'],
])("metadata of 8 levels of %s is kept", async (_, metadata) => {
  expect(canonical(await kept(metadata))).toBe(canonical(JSON.parse(metadata)));
});

test.each([
  ['{"a":9007199254740991,"b":-9007199254740991}', undefined],
  ['{"a":0.1,"b":1e-20,"c":-1e-20,"e":123456.789}', undefined],
  ['{"a":-0,"b":[-0.0]}', '{"a":0,"b":[0]}'],
  ['{"a":null,"b":[null],"c":{},"d":[],"e":"","":{"":0}}', undefined],
  [
    '{"__proto__":{"admin":true},"constructor":{"prototype":1},"toString":null,"a":{"__proto__":[]}}',
    undefined,
  ],
  ["{}", undefined],
  [`{"${"k".repeat(60_000)}":1,"${"ü".repeat(20_000)}":2}`, undefined],
  ['{"a":"\\ud83d\\ude00 \\u0001 \\u007f \\ufffe \\u2028"}', undefined],
])("metadata of $0 are kept", async (metadata, asRead = metadata) => {
  expect(canonical(await kept(metadata))).toBe(canonical(JSON.parse(asRead)));
});

/** Creates a group over JSON, and reads its metadata over binary; JSON has to say the same. */
async function kept(metadata: string): Promise<object | undefined> {
  const creation = `{"projectKey":"demo","draft":{"name":"${randomUUID()}","metadata":${metadata}}}`;
  const { json } = await post(service.baseUrl, "CreateCustomerGroup", creation);
  const { id } = (json.customerGroup ?? {}) as { readonly id: string };
  const got = await groups.getCustomerGroup({ projectKey, ref: { value: { case: "id", value: id } } });
  const asJson = await post(
    service.baseUrl,
    "GetCustomerGroup",
    `{"projectKey":"demo","ref":{"id":"${id}"}}`,
  );
  const read = (asJson.json.customerGroup as { readonly metadata?: object }).metadata;
  expect(canonical(read)).toBe(canonical(got.customerGroup?.metadata));
  return got.customerGroup?.metadata;
}

function refused(field: string, description: string) {
  return {
    status: 400,
    reason: "FIELD_INVALID",
    metadata: { field, rule: "json" },
    json: { message: `${field}: ${description}` },
  };
}
