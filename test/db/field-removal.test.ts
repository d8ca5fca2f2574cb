import type { JsonObject } from "@bufbuild/protobuf";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { projectIdOf } from "../../src/projects/project-id.ts";
import { insertProject } from "../../src/projects/store.ts";
import { type Action, byId, groupOf, unique } from "../conformance/groups.ts";
import { expectConsistent, openSql } from "../support/consistency.ts";
import { field, typeDraft, typeOf } from "../support/custom-types.ts";
import { createDatabase } from "../support/database.ts";
import { failureOf } from "../support/failures.ts";
import { openSweeper, openUnswept } from "./unswept.ts";

// What callers see of a field that was removed, before, in the middle of and after its sweep.

let database: Awaited<ReturnType<typeof createDatabase>>;
let sql: ReturnType<typeof openSql>;
let api: ReturnType<typeof openUnswept>;
let sweeper: ReturnType<typeof openSweeper>;
/** A project of each test's own. */
let projectKey: string;

beforeAll(async () => {
  database = await createDatabase();
  sql = openSql(database);
  api = openUnswept(database);
  sweeper = openSweeper(database);
});
beforeEach(async () => {
  projectKey = unique("project");
  await insertProject(sql, { projectId: projectIdOf(projectKey), key: projectKey, mode: "test" }, new Date());
});
// So that each test finds no removals but its own.
afterEach(() => sweeper.sweep());
afterAll(async () => {
  await Promise.all([api.close(), sweeper.close()]);
  await sql.end();
  await database.drop();
});

async function createType(key = "tiers") {
  const draft = typeDraft(key, field("tier", "string"), field("rank", "number"));
  return typeOf(await api.types.createCustomType({ projectKey, draft }));
}

async function createGroup(typeId: string, fields: JsonObject = { tier: "gold", rank: 1 }) {
  const custom = { type: byId(typeId), fields };
  return groupOf(
    await api.groups.createCustomerGroup({ projectKey, draft: { name: unique("group"), custom } }),
  );
}

async function updateGroup(id: string, expectedVersion: bigint, action: Action) {
  const actions = [{ action }];
  return groupOf(
    await api.groups.updateCustomerGroup({ projectKey, ref: byId(id), expectedVersion, actions }),
  );
}

function removeTier(typeId: string) {
  const action = { case: "removeFieldDefinition", value: { fieldName: "tier" } } as const;
  return api.types.updateCustomType({
    projectKey,
    ref: byId(typeId),
    expectedVersion: 1n,
    actions: [{ action }],
  });
}

function addTier(typeId: string, kind: "string" | "number") {
  const action = { case: "addFieldDefinition", value: { fieldDefinition: field("tier", kind) } } as const;
  return api.types.updateCustomType({
    projectKey,
    ref: byId(typeId),
    expectedVersion: 2n,
    actions: [{ action }],
  });
}

async function fieldsRead(id: string) {
  const { customerGroup } = await api.groups.getCustomerGroup({ projectKey, ref: byId(id) });
  const { results } = await api.groups.queryCustomerGroups({ projectKey });
  const queried = results.find((group) => group.id === id);
  expect(queried).toEqual(customerGroup);
  return customerGroup?.custom?.fields;
}

async function fieldsStored(id: string) {
  const [row] = await sql`select custom_fields from customer_groups where id = ${id}`;
  return row?.customFields;
}

test("a removed field is hidden at once, and stays so", async () => {
  const type = await createType();
  const group = await createGroup(type.id);
  await removeTier(type.id);
  expect(api.removals()).toBeGreaterThan(0);
  expect([await fieldsRead(group.id), await fieldsStored(group.id)]).toEqual([
    { rank: 1 },
    { tier: "gold", rank: 1 },
  ]);
  await sweeper.sweep();
  expect([await fieldsRead(group.id), await fieldsStored(group.id)]).toEqual([{ rank: 1 }, { rank: 1 }]);
});

test("an update of something else brings no value back", async () => {
  const type = await createType();
  const [renamed, changed, cleared] = [
    await createGroup(type.id),
    await createGroup(type.id),
    await createGroup(type.id),
  ];
  await removeTier(type.id);
  await updateGroup(renamed.id, 1n, { case: "changeName", value: { name: "renamed" } });
  const value = { kind: { case: "numberValue", value: 2 } } as const;
  await updateGroup(changed.id, 1n, { case: "setCustomField", value: { name: "rank", value } });
  await updateGroup(cleared.id, 1n, { case: "setCustomType", value: {} });
  const expected = [{ rank: 1 }, { rank: 2 }, undefined];
  const read = () => Promise.all([renamed, changed, cleared].map(({ id }) => fieldsRead(id)));
  expect(await read()).toEqual(expected);
  await sweeper.sweep();
  expect(await read()).toEqual(expected);
  await expectConsistent(sql, projectKey);

  await addTier(type.id, "number");
  expect(await read()).toEqual(expected);
  await expectConsistent(sql, projectKey);
});

test("a removed field is refused on writes at once", async () => {
  const type = await createType();
  const group = await createGroup(type.id);
  await removeTier(type.id);
  const value = { kind: { case: "stringValue", value: "silver" } } as const;
  for (const call of [
    () => createGroup(type.id),
    () => updateGroup(group.id, 1n, { case: "setCustomField", value: { name: "tier", value } }),
    () => updateGroup(group.id, 1n, { case: "setCustomField", value: { name: "tier" } }),
    () =>
      updateGroup(group.id, 1n, {
        case: "setCustomType",
        value: { type: byId(type.id), fields: { tier: "silver" } },
      }),
  ]) {
    expect(await failureOf(call())).toMatchObject({ code: "InvalidArgument", reason: "FIELD_INVALID" });
  }
  expect(await fieldsStored(group.id)).toEqual({ tier: "gold", rank: 1 });
});

test("its name is not given again before all values are swept", async () => {
  const type = await createType();
  const group = await createGroup(type.id);
  await removeTier(type.id);
  for (const kind of ["string", "number"] as const) {
    expect(await failureOf(addTier(type.id, kind))).toMatchObject({
      code: "FailedPrecondition",
      reason: "OPERATION_NOT_ALLOWED",
      metadata: { field: "actions[0].add_field_definition.field_definition.name" },
    });
  }
  await sweeper.sweep();
  await addTier(type.id, "number");
  expect(await fieldsRead(group.id)).toEqual({ rank: 1 });
  await expectConsistent(sql, projectKey);
});

test("its kind of value binds other types until all values are swept", async () => {
  const type = await createType();
  await createGroup(type.id);
  await removeTier(type.id);
  const draft = typeDraft("other", field("tier", "number"));
  const create = () => api.types.createCustomType({ projectKey, draft });
  expect(await failureOf(create())).toMatchObject({
    reason: "OPERATION_NOT_ALLOWED",
    metadata: { field: "tier", conflicting_id: type.id },
  });
  await sweeper.sweep();
  await create();
  await expectConsistent(sql, projectKey);
});

test("a type that no group has needs no sweep: the name is free at once", async () => {
  const type = await createType();
  const group = await createGroup(type.id);
  await updateGroup(group.id, 1n, { case: "setCustomType", value: {} });
  await removeTier(type.id);
  expect(await sql`select from custom_field_removals`).toHaveLength(0);
  await addTier(type.id, "number");
  expect((await sweeper.sweep()).swept).toEqual([]);
  await expectConsistent(sql, projectKey);
});

test("the last group goes in the middle of a removal: it ends all the same", async () => {
  const type = await createType();
  const group = await createGroup(type.id);
  await removeTier(type.id);
  await api.groups.deleteCustomerGroup({ projectKey, ref: byId(group.id), expectedVersion: 1n });
  // One look each at groups, customers and addresses.
  expect((await sweeper.sweep()).swept).toEqual([0, 0, 0]);
  await addTier(type.id, "number");
  await expectConsistent(sql, projectKey);
});

test("the type goes in the middle of a removal, once no group has it: nothing is left to sweep", async () => {
  const type = await createType();
  const group = await createGroup(type.id);
  await removeTier(type.id);
  const deletion = { projectKey, ref: byId(type.id), expectedVersion: 2n };
  expect(await failureOf(api.types.deleteCustomType(deletion))).toMatchObject({ reason: "REFERENCED" });
  await api.groups.deleteCustomerGroup({ projectKey, ref: byId(group.id), expectedVersion: 1n });
  await api.types.deleteCustomType(deletion);
  expect(await sql`select from custom_field_removals`).toHaveLength(0);
  expect((await sweeper.sweep()).swept).toEqual([]);
  await createType();
  await expectConsistent(sql, projectKey);
});
