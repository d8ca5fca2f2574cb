import type { Interceptor } from "@connectrpc/connect";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ResourceType } from "../../gen/clientele/v1/resource_type_pb.ts";
import { byId, byKey, groupOf, PROJECT, unique } from "../conformance/groups.ts";
import { openSql } from "../support/consistency.ts";
import { typeClient } from "../support/custom-types.ts";
import { customerClient, customerOf } from "../support/customers.ts";
import { groupClient, startTestService } from "../support/service.ts";
import { bearer, told } from "./calls.ts";
import { type Claims, claimsOf, sign, signingKey, startIssuer } from "./issuer.ts";

// What a caller leaves behind, and what a caller is shown.

const key = await signingKey("key");
let issuer: Awaited<ReturnType<typeof startIssuer>>;
let service: Awaited<ReturnType<typeof startTestService>>;
let sql: ReturnType<typeof openSql>;

beforeAll(async () => {
  issuer = await startIssuer(key);
  service = await startTestService(issuer.env);
  sql = openSql(service.address);
});
afterAll(async () => {
  await sql.end();
  await service.stop();
  await issuer.close();
});

/** Clients of the API for a caller with a token of his own. */
async function callersWith(claims: Claims, headers: Readonly<Record<string, string>> = {}) {
  const all = { ...headers, ...bearer(await sign(key, claimsOf(claims))) };
  const interceptor: Interceptor = (next) => (request) => {
    for (const [name, value] of Object.entries(all)) request.header.set(name, value);
    return next(request);
  };
  const { baseUrl } = service;
  return {
    groups: groupClient(baseUrl, [interceptor]),
    customers: customerClient(baseUrl, [interceptor]),
    types: typeClient(baseUrl, [interceptor]),
  };
}

const ALL = "manage_customers:demo manage_types:demo";

describe("a change is made by", () => {
  const as = { "x-external-user-id": "ann@crm" };
  test.each([
    ["the subject", { sub: "alice" }, {}, { clientId: "alice" }],
    ["the client", { sub: "alice", client_id: "shop" }, {}, { clientId: "shop", subject: "alice" }],
    ["the client, as azp", { sub: "alice", azp: "shop" }, {}, { clientId: "shop", subject: "alice" }],
    ["the client alone", { sub: undefined, client_id: "shop" }, {}, { clientId: "shop" }],
    ["a client that is its own subject", { sub: "shop", client_id: "shop" }, {}, { clientId: "shop" }],
    ["somebody behind it", { sub: "shop" }, as, { clientId: "shop", externalUserId: "ann@crm" }],
  ])("%s", async (_, claims, headers, actor) => {
    const { groups } = await callersWith(claims, headers);
    const made = groupOf(
      await groups.createCustomerGroup({ projectKey: PROJECT, draft: { name: unique("by") } }),
    );
    const { $typeName, ...createdBy } = made.createdBy ?? {};
    expect(createdBy).toEqual(actor);
    expect(made.lastModifiedBy).toEqual(made.createdBy);
    const [change] = await sql`select actor from changes where resource_id = ${made.id}`;
    expect(change?.actor).toEqual(actor);
  });
});

test("the same request id of two clients is two requests", async () => {
  const request = { projectKey: PROJECT, draft: { name: unique("Ours") }, requestId: unique("request") };
  const [first, second] = [await callersWith({ sub: "first" }), await callersWith({ sub: "second" })];
  const made = groupOf(await first.groups.createCustomerGroup(request));
  expect(groupOf(await first.groups.createCustomerGroup(request))).toEqual(made);
  // Another token of the same client is the same client's.
  const again = await callersWith({ sub: "first", jti: "another" });
  expect(groupOf(await again.groups.createCustomerGroup(request))).toEqual(made);

  expect(await told(second.groups.createCustomerGroup(request))).toMatchObject({
    reasons: ["DUPLICATE_FIELD"],
  });
  const theirs = { ...request, draft: { name: unique("Theirs") } };
  expect(groupOf(await second.groups.createCustomerGroup(theirs)).name).toBe(theirs.draft.name);
  expect(await told(first.groups.createCustomerGroup(theirs))).toMatchObject({
    reasons: ["REQUEST_ID_REUSED"],
  });
});

test("whoever may not see customers is not shown them by way of groups", async () => {
  const all = await callersWith({ scope: ALL });
  const reference = (referenceTypeId: string) => ({
    type: { case: "reference" as const, value: { referenceTypeId } },
  });
  const draft = {
    key: "linked",
    name: { en: "Linked" },
    resourceTypes: [ResourceType.CUSTOMER_GROUP],
    fieldDefinitions: [
      { name: "owner", type: reference("customer") },
      { name: "parent", type: reference("customer-group") },
    ],
  };
  await all.types.createCustomType({ projectKey: PROJECT, draft });
  const owner = customerOf(
    await all.customers.createCustomer({ projectKey: PROJECT, draft: { email: "owner@example.com" } }),
  );
  const parent = groupOf(
    await all.groups.createCustomerGroup({ projectKey: PROJECT, draft: { name: "Parent" } }),
  );
  const fields = {
    owner: { typeId: "customer", id: owner.id },
    parent: { typeId: "customer-group", id: parent.id },
  };
  const custom = { type: byKey("linked"), fields };
  const made = groupOf(
    await all.groups.createCustomerGroup({ projectKey: PROJECT, draft: { name: "Child", custom } }),
  );

  const expand = ["custom.type", "custom.fields.owner", "custom.fields.parent"];
  const get = { projectKey: PROJECT, ref: byId(made.id), expand };
  const query = { projectKey: PROJECT, expand };
  const actions = [{ action: { case: "setPriceList" as const, value: { priceListId: "p" } } }];
  const answersOf = async (scope: string, expectedVersion: bigint) => {
    const { groups } = await callersWith({ scope });
    const update = { ...get, expectedVersion, actions };
    const found = (await groups.queryCustomerGroups(query)).results.find(({ id }) => id === made.id);
    return [
      groupOf(await groups.getCustomerGroup(get)),
      groupOf({ customerGroup: found }),
      groupOf(await groups.updateCustomerGroup(update)),
    ];
  };
  const shown = { owner: { ...fields.owner, obj: expect.objectContaining({ email: owner.email }) } };
  const group = { parent: { ...fields.parent, obj: expect.objectContaining({ name: "Parent" }) } };
  for (const answer of await answersOf("manage_customer_groups:demo", 1n)) {
    expect(answer.custom?.fields).toEqual({ ...fields, ...group });
    expect(answer.custom?.type?.obj?.key).toBe("linked");
  }
  const seesBoth = "manage_customer_groups:demo view_customers:demo";
  for (const answer of await answersOf(seesBoth, 2n))
    expect(answer.custom?.fields).toEqual({ ...shown, ...group });
  const seesOthers = "manage_customer_groups:demo view_customers:other";
  for (const answer of await answersOf(seesOthers, 2n)) {
    expect(JSON.stringify(answer.custom?.fields)).not.toContain(owner.email);
  }
});

describe("a plan is shown only to who may manage", () => {
  const request = { projectKey: PROJECT, explain: true };
  type Callers = Awaited<ReturnType<typeof callersWith>>;
  test.each<[string, string, string, (callers: Callers) => Promise<{ plan?: unknown }>]>([
    ["customers", "view_customers", "manage_customers", (c) => c.customers.queryCustomers(request)],
    ["groups", "view_customers", "manage_customer_groups", (c) => c.groups.queryCustomerGroups(request)],
    ["types", "view_types", "manage_types", (c) => c.types.queryCustomTypes(request)],
  ])("%s", async (_, view, manage, call) => {
    const refused = await told(call(await callersWith({ scope: `${view}:demo` })));
    expect(refused).toMatchObject({
      reasons: ["SCOPE_MISSING"],
      facts: [{ required_scope: `${manage}:demo` }],
    });
    expect((await call(await callersWith({ scope: `${manage}:demo` }))).plan).toBeDefined();
  });
});
