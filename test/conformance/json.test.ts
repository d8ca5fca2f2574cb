import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openSql } from "../support/consistency.ts";
import { startTestService } from "../support/service.ts";
import { TIMESTAMP, UUID_V7, unique } from "./groups.ts";

// What people see who call with curl: the very JSON, and HTTP's own words.

let service: Awaited<ReturnType<typeof startTestService>>;

beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

const GROUPS = "clientele.v1.CustomerGroupService";
const TYPES = "clientele.v1.CustomTypeService";

async function post(
  method: string,
  body: object | string,
  headers: Record<string, string> = {},
  serviceName = GROUPS,
) {
  const answer = await fetch(`${service.baseUrl}/${serviceName}/${method}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

async function newGroup(draft: object = {}) {
  const { text } = await post("CreateCustomerGroup", {
    projectKey: "demo",
    draft: { name: unique("JSON"), ...draft },
  });
  return JSON.parse(text).customerGroup as {
    readonly id: string;
    readonly name: string;
    readonly custom?: object;
  };
}

test("spells int64 as a string, times as RFC 3339, metadata as plain JSON, enums by name", async () => {
  const name = unique("VIP");
  const metadata = { tier: "gold", n: 1.5, list: [null, true] };
  const draft = { name, reference: "4711", referenceOrigin: "crm", metadata };
  const { status, headers, text } = await post("CreateCustomerGroup", { projectKey: "demo", draft });
  expect(status).toBe(200);
  expect(headers.get("content-type")).toBe("application/json");
  const { customerGroup } = JSON.parse(text);
  expect(customerGroup).toEqual({
    id: expect.stringMatching(UUID_V7),
    version: "1",
    createdAt: expect.stringMatching(TIMESTAMP),
    lastModifiedAt: customerGroup.createdAt,
    ...draft,
    mode: "MODE_TEST",
    self: `projects/demo/customer-groups/${customerGroup.id}`,
  });
});

test("reads names in snake_case and versions as numbers", async () => {
  const { id } = await newGroup({ reference_origin: "crm", market_ids: ["m"] });
  const actions = [{ set_price_list: { price_list_id: "p" } }, { addMarkets: { marketIds: ["n"] } }];
  const update = { project_key: "demo", ref: { id }, expected_version: 1, actions };
  const { text } = await post("UpdateCustomerGroup", update);
  expect(JSON.parse(text).customerGroup).toMatchObject({
    version: "2",
    referenceOrigin: "crm",
    priceListId: "p",
    marketIds: ["m", "n"],
  });
});

test("spells custom types by their kinds of values, custom fields as plain JSON, and what is wrong with one", async () => {
  const fieldDefinitions = [
    { name: "tier", type: { enum: { values: [{ key: "gold", label: "Gold" }] } }, required: true },
    { name: "note", type: { string: {} }, input_hint: "INPUT_HINT_MULTI_LINE" },
    { name: "seals", type: { set: { elementType: { number: {} } } } },
  ];
  const names = { key: unique("type"), name: { en: "Partner", "de-AT": "Partner" } };
  const draft = { ...names, resourceTypes: ["RESOURCE_TYPE_CUSTOMER_GROUP"], fieldDefinitions };
  const made = await post("CreateCustomType", { projectKey: "demo", draft }, {}, TYPES);
  const { customType } = JSON.parse(made.text);
  const { input_hint: inputHint, ...note } = fieldDefinitions[1] ?? {};
  expect(customType).toMatchObject({
    ...draft,
    version: "1",
    fieldDefinitions: [fieldDefinitions[0], { ...note, inputHint }, fieldDefinitions[2]],
    self: `projects/demo/custom-types/${customType.id}`,
  });

  const fields = { tier: "gold", note: "", seals: [2, 0.5] };
  const group = await newGroup({ custom: { type: { key: draft.key }, fields } });
  expect(group.custom).toEqual({ type: { id: customType.id }, fields });

  const actions = [{ setCustomField: { name: "tier", value: "bronze" } }];
  const update = { projectKey: "demo", ref: { id: group.id }, expectedVersion: "1", actions };
  const { status, text } = await post("UpdateCustomerGroup", update);
  expect(status).toBe(400);
  expect(JSON.parse(text).message).toBe('actions[0].set_custom_field.value: must be one of "gold"');
});

describe("an error's HTTP status", () => {
  const ref = { key: "nobody" };
  test.each([
    ["400 for a broken rule", "GetCustomerGroup", { projectKey: "demo" }, 400, "invalid_argument"],
    ["404 for what isn't there", "GetCustomerGroup", { projectKey: "demo", ref }, 404, "not_found"],
  ])("is %s", async (_, method, body, status, code) => {
    const answer = await post(method, body);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toMatchObject({
      code,
      message: expect.any(String),
      details: expect.any(Array),
    });
  });

  test("is 409 for a stale version and for a name that is taken", async () => {
    const { id, name } = await newGroup();
    const stale = await post("DeleteCustomerGroup", {
      projectKey: "demo",
      ref: { id },
      expectedVersion: "7",
    });
    expect([stale.status, JSON.parse(stale.text).code]).toEqual([409, "aborted"]);
    const taken = await post("CreateCustomerGroup", { projectKey: "demo", draft: { name } });
    expect([taken.status, JSON.parse(taken.text).code]).toEqual([409, "already_exists"]);
  });
});

test.each([
  ["an unknown field", '{"projectKey":"demo","draft":{"name":"a","colour":"red"}}'],
  ["half a surrogate pair", '{"projectKey":"demo","draft":{"name":"a\\ud800"}}'],
  ["a text where a number is expected", '{"projectKey":"demo","draft":{"name":1}}'],
  ["no JSON", "{"],
  ["a member said twice", '{"projectKey":"demo","draft":{"name":"a","metadata":{"n":1,"n":2}}}'],
  ["a number that no double holds", '{"projectKey":"demo","draft":{"name":"a","metadata":{"n":1e999}}}'],
])("refuses %s", async (_, body) => {
  const { status, text } = await post("CreateCustomerGroup", body);
  expect(status).toBe(400);
  expect(JSON.parse(text).code).toBe("invalid_argument");
});

test.each(["application/grpc-web-text", "application/grpc-web-text+proto"])(
  "doesn't speak %s",
  async (type) => {
    expect((await post("GetCustomerGroup", "AAAAAAA=", { "content-type": type })).status).toBe(415);
  },
);

test("says when a call's time is over", async () => {
  const sql = openSql(service.address);
  await newGroup();
  await sql.begin(async (transaction) => {
    await transaction`lock table customer_groups in access exclusive mode`;
    const late = await post("QueryCustomerGroups", { projectKey: "demo" }, { "connect-timeout-ms": "120" });
    expect(late.status).toBe(504);
    expect(JSON.parse(late.text)).toMatchObject({
      code: "deadline_exceeded",
      message: "the call was not answered within 120 ms; nothing was written",
      details: [{ type: "google.rpc.ErrorInfo" }],
    });
  });
  await sql.end();
});

describe("GET", () => {
  const get = (method: string, message: object, serviceName = GROUPS) => {
    const query = new URLSearchParams({ connect: "v1", encoding: "json", message: JSON.stringify(message) });
    return fetch(`${service.baseUrl}/${serviceName}/${method}?${query}`);
  };

  test("gets groups, and lets nobody keep them", async () => {
    const group = await newGroup();
    const one = await get("GetCustomerGroup", { projectKey: "demo", ref: { id: group.id } });
    expect(one.headers.get("cache-control")).toBe("no-store");
    expect(await one.json()).toEqual({ customerGroup: group });
    const many = await get("BatchGetCustomerGroups", { projectKey: "demo", refs: [{ id: group.id }] });
    expect(many.headers.get("cache-control")).toBe("no-store");
    expect(await many.json()).toEqual({ results: [{ customerGroup: group }] });
  });

  test("gets a custom type", async () => {
    const draft = { key: unique("type"), name: { en: "T" }, resourceTypes: [1] };
    const { text } = await post("CreateCustomType", { projectKey: "demo", draft }, {}, TYPES);
    const one = await get("GetCustomType", { projectKey: "demo", ref: { key: draft.key } }, TYPES);
    expect(await one.json()).toEqual(JSON.parse(text));
  });

  test.each(["QueryCustomTypes", "ExistsCustomType", "UpdateCustomType"])(
    "is refused for %s",
    async (method) => {
      expect((await get(method, { projectKey: "demo" }, TYPES)).status).toBe(405);
    },
  );

  test.each(["QueryCustomerGroups", "ExistsCustomerGroup", "CreateCustomerGroup", "DeleteCustomerGroup"])(
    "is refused for %s",
    async (method) => {
      expect((await get(method, { projectKey: "demo" })).status).toBe(405);
    },
  );
});
