import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { ResourceType } from "../../gen/clientele/v1/resource_type_pb.ts";
import { projectIdOf } from "../../src/projects/project-id.ts";
import { insertProject } from "../../src/projects/store.ts";
import { byId, byKey, unique } from "../conformance/groups.ts";
import { expectConsistent, openSql } from "../support/consistency.ts";
import { field, typeDraft, typeOf } from "../support/custom-types.ts";
import { type CustomerAction, customerOf } from "../support/customers.ts";
import { createDatabase } from "../support/database.ts";
import { failureOf } from "../support/failures.ts";
import { addressFields, createCustomers, customerFields } from "./customer-writes.ts";
import { openSweeper, openUnswept } from "./unswept.ts";
import { createGroups } from "./writes.ts";

// How the values of a removed field are swept from groups, then customers, then addresses.

let database: Awaited<ReturnType<typeof createDatabase>>;
let sql: ReturnType<typeof openSql>;
let api: ReturnType<typeof openUnswept>;
let one: ReturnType<typeof openSweeper>;
let other: ReturnType<typeof openSweeper>;
/** A project and a type of each test's own. */
let projectKey: string;
let projectId: string;
let typeId: string;

beforeAll(async () => {
  database = await createDatabase();
  sql = openSql(database);
  api = openUnswept(database);
  [one, other] = [openSweeper(database), openSweeper(database)];
});
beforeEach(async () => {
  projectKey = unique("project");
  projectId = projectIdOf(projectKey);
  await insertProject(sql, { projectId, key: projectKey, mode: "test" }, new Date());
  const draft = {
    ...typeDraft("tiers", field("tier", "string"), field("rank", "number")),
    resourceTypes: [ResourceType.CUSTOMER_GROUP, ResourceType.CUSTOMER, ResourceType.ADDRESS],
  };
  typeId = typeOf(await api.types.createCustomType({ projectKey, draft })).id;
});
// So that each test finds no removals but its own.
afterEach(() => one.sweep());
afterAll(async () => {
  await Promise.all([api.close(), one.close(), other.close()]);
  await sql.end();
  await database.drop();
});

const fields = { tier: "gold", rank: 1 };

function many<Value>(count: number, make: () => Value): Value[] {
  return Array.from({ length: count }, make);
}

async function removeTier(): Promise<void> {
  const action = { case: "removeFieldDefinition", value: { fieldName: "tier" } } as const;
  const update = { projectKey, ref: byId(typeId), expectedVersion: 1n, actions: [{ action }] };
  await api.types.updateCustomType(update);
}

async function get(id: string) {
  return customerOf(await api.customers.getCustomer({ projectKey, ref: byId(id) }));
}

async function update(id: string, expectedVersion: bigint, actions: readonly CustomerAction[]) {
  const request = {
    projectKey,
    ref: byId(id),
    expectedVersion,
    actions: actions.map((action) => ({ action })),
  };
  return customerOf(await api.customers.updateCustomer(request));
}

/** How many groups, customers and addresses still have a value of it, as they are stored. */
async function valuesOf(name: string): Promise<readonly number[]> {
  const [row] = await sql<{ groups: number; customers: number; addresses: number }[]>`
    select
      (select count(*)::integer from customer_groups where project_id = ${projectId} and custom_fields ? ${name}) as groups,
      (select count(*)::integer from customers where project_id = ${projectId} and custom_fields ? ${name}) as customers,
      (
        select count(*)::integer
        from customers c
        cross join jsonb_array_elements(c.addresses) as a
        where c.project_id = ${projectId} and a -> 'customFields' ? ${name}
      ) as addresses`;
  return row ? [row.groups, row.customers, row.addresses] : [];
}

test("sweeps groups, customers and addresses in batches of 500, and goes on where another instance stopped", async () => {
  await createGroups(
    sql,
    projectId,
    typeId,
    many(501, () => fields),
  );
  await createCustomers(sql, projectId, [
    ...many(501, () => customerFields(typeId, fields)),
    ...many(501, () => addressFields(typeId, fields)),
  ]);
  await removeTier();
  const swept: number[] = [];
  const left: (readonly number[])[] = [];
  for (let batch = 0; batch < 6; batch += 1) {
    swept.push(...(await (batch % 2 ? one : other).sweep(1)).swept);
    left.push(await valuesOf("tier"));
    await expectConsistent(sql, projectKey);
  }
  expect(swept).toEqual([500, 501, 1001, 1002, 1502, 1503]);
  expect(left).toEqual([
    [1, 501, 501],
    [0, 501, 501],
    [0, 1, 501],
    [0, 0, 501],
    [0, 0, 1],
    [0, 0, 0],
  ]);
  expect((await one.sweep()).swept).toEqual([]);
  expect(await valuesOf("rank")).toEqual([501, 501, 501]);
  const ends = await sql`
    select actions
    from changes
    where project_id = ${projectId} and actions -> 0 ? 'finishFieldRemoval'`;
  expect(ends).toEqual([{ actions: [{ finishFieldRemoval: { fieldName: "tier", resourceCount: 1503 } }] }]);
});

test("leaves versions, times and all else of customers and addresses alone", async () => {
  const ids = await createCustomers(sql, projectId, [
    { ...customerFields(typeId, fields), ...addressFields(typeId, fields) },
    addressFields(typeId, { rank: 2 }),
    {},
  ]);
  const before = await Promise.all(ids.map(get));
  await removeTier();
  const hidden = await Promise.all(ids.map(get));
  await one.sweep();
  expect(await Promise.all(ids.map(get))).toEqual(hidden);
  for (const { custom } of before) delete custom?.fields?.tier;
  for (const { addresses } of before) for (const { custom } of addresses) delete custom?.fields?.tier;
  expect(hidden).toEqual(before);
  await expectConsistent(sql, projectKey);
});

test("hides the values at once, of addresses too, from whoever reads, and refuses new ones", async () => {
  const draft = { ...customerFields(typeId, fields), ...addressFields(typeId, fields), key: "own" };
  const [id = ""] = await createCustomers(sql, projectId, [draft]);
  await removeTier();
  expect(await valuesOf("tier")).toEqual([0, 1, 1]);
  const { results } = await api.customers.queryCustomers({ projectKey });
  const batch = await api.customers.batchGetCustomers({ projectKey, refs: [byKey("own")] });
  const exported = await api.customers.exportCustomer({ projectKey, ref: byId(id) });
  for (const customer of [
    await get(id),
    results[0],
    batch.results[0]?.result.value,
    exported.parts[0]?.part.value,
  ]) {
    expect(customer).toMatchObject({
      custom: { fields: { rank: 1 } },
      addresses: [{}, { custom: { fields: { rank: 1 } } }],
    });
    expect(
      JSON.stringify(customer, (_, value) => (typeof value === "bigint" ? `${value}` : value)),
    ).not.toContain("gold");
  }
  const address = byId((await get(id)).addresses[1]?.id ?? "");
  const value = { kind: { case: "stringValue", value: "silver" } } as const;
  const actions: CustomerAction[] = [
    { case: "setCustomField", value: { name: "tier", value } },
    { case: "setAddressCustomField", value: { address, name: "tier", value } },
  ];
  for (const action of actions) {
    const refusal = await failureOf(update(id, 1n, [action]));
    expect(refusal).toMatchObject({ code: "InvalidArgument", reason: "FIELD_INVALID" });
  }
});

test("an update in the middle brings nothing back", async () => {
  const draft = { ...customerFields(typeId, fields), ...addressFields(typeId, fields) };
  const [id = "", second = ""] = await createCustomers(sql, projectId, [draft, draft]);
  await removeTier();
  const changesOf = async (customerId: string): Promise<CustomerAction[]> => {
    const { addresses } = await get(customerId);
    const address = byId(addresses[1]?.id ?? "");
    return [
      { case: "setFirstName", value: { firstName: "Ada" } },
      { case: "changeAddress", value: { address, draft: { country: "CH", city: "Bern" } } },
      { case: "setCustomField", value: { name: "rank", value: { kind: { case: "numberValue", value: 7 } } } },
    ];
  };
  await update(id, 1n, await changesOf(id));
  expect(await valuesOf("tier")).toEqual([0, 1, 1]);
  // Groups, then customers are swept.
  await one.sweep(2);
  expect(await valuesOf("tier")).toEqual([0, 0, 1]);
  await update(second, 1n, await changesOf(second));
  expect(await valuesOf("tier")).toEqual([0, 0, 0]);
  await other.sweep();
  for (const customer of [await get(id), await get(second)]) {
    expect(customer.custom?.fields).toEqual({ rank: 7 });
    expect(customer.addresses[1]).toMatchObject({ city: "Bern", custom: { fields: { rank: 1 } } });
  }
  await expectConsistent(sql, projectKey);

  const fieldDefinition = field("tier", "number");
  await api.types.updateCustomType({
    projectKey,
    ref: byId(typeId),
    expectedVersion: 2n,
    actions: [{ action: { case: "addFieldDefinition", value: { fieldDefinition } } }],
  });
  expect((await get(id)).addresses[1]?.custom?.fields).toEqual({ rank: 1 });
});

test.each([
  {
    whose: "customers",
    make: () => [customerFields(typeId, {}), customerFields(typeId, fields)],
    count: "2",
  },
  { whose: "addresses", make: () => [addressFields(typeId, {})], count: "1" },
  {
    whose: "customers and their own addresses",
    make: () => [{ ...customerFields(typeId, {}), ...addressFields(typeId, {}) }, addressFields(typeId, {})],
    count: "2",
  },
])("keeps a type that only $whose have, and says how many customers that are", async ({ make, count }) => {
  const ids = await createCustomers(sql, projectId, make());
  const remove = () => api.types.deleteCustomType({ projectKey, ref: byId(typeId), expectedVersion: 1n });
  expect(await failureOf(remove())).toMatchObject({
    code: "FailedPrecondition",
    reason: "REFERENCED",
    metadata: { referenced_by: "customer", count },
  });
  for (const id of ids)
    await api.customers.deleteCustomer({ projectKey, ref: byId(id), expectedVersion: 1n });
  await remove();
  await expectConsistent(sql, projectKey);
});
