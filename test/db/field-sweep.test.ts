import type { JsonObject } from "@bufbuild/protobuf";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { projectIdOf } from "../../src/projects/project-id.ts";
import { insertProject } from "../../src/projects/store.ts";
import { byId, unique } from "../conformance/groups.ts";
import { expectConsistent, openSql } from "../support/consistency.ts";
import { field, typeDraft, typeOf } from "../support/custom-types.ts";
import { createDatabase } from "../support/database.ts";
import { openSweeper, openUnswept } from "./unswept.ts";
import { createGroups } from "./writes.ts";

// How the values of a removed field are swept from groups, a batch at a time. At the end come two batches more,
// which find no customer and no address.

let database: Awaited<ReturnType<typeof createDatabase>>;
let sql: ReturnType<typeof openSql>;
let api: ReturnType<typeof openUnswept>;
let one: ReturnType<typeof openSweeper>;
let other: ReturnType<typeof openSweeper>;
/** A project of each test's own. */
let projectKey: string;

beforeAll(async () => {
  database = await createDatabase();
  sql = openSql(database);
  api = openUnswept(database);
  [one, other] = [openSweeper(database), openSweeper(database)];
});
beforeEach(async () => {
  projectKey = await newProject();
});
// So that each test finds no removals but its own.
afterEach(() => one.sweep());
afterAll(async () => {
  await Promise.all([api.close(), one.close(), other.close()]);
  await sql.end();
  await database.drop();
});

async function newProject(): Promise<string> {
  const key = unique("project");
  await insertProject(sql, { projectId: projectIdOf(key), key, mode: "test" }, new Date());
  await sql`update projects set customer_group_limit = 10000 where key = ${key}`;
  return key;
}

/** A type whose groups have such fields. */
async function typeWith(fields: readonly JsonObject[], key = projectKey): Promise<string> {
  const draft = typeDraft("tiers", field("tier", "string"), field("rank", "number"));
  const { id } = typeOf(await api.types.createCustomType({ projectKey: key, draft }));
  await createGroups(sql, projectIdOf(key), id, fields);
  return id;
}

async function remove(typeId: string, names: readonly string[], key = projectKey): Promise<void> {
  await api.types.updateCustomType({
    projectKey: key,
    ref: byId(typeId),
    expectedVersion: 1n,
    actions: names.map((fieldName) => ({ action: { case: "removeFieldDefinition", value: { fieldName } } })),
  });
}

async function valuesOf(name: string, key = projectKey): Promise<number> {
  const [row] = await sql<{ values: number }[]>`
    select count(*)::integer as values
    from customer_groups
    where project_id = ${projectIdOf(key)} and custom_fields ? ${name}`;
  return row?.values ?? -1;
}

/** The changes that end removals. */
function endsOf(key = projectKey) {
  return sql`
    select resource_type, resource_id, version_before, version_after, actions, actor
    from changes
    where project_id = ${projectIdOf(key)} and actions -> 0 ? 'finishFieldRemoval'
    order by sequence`;
}

function endOf(typeId: string, fieldName: string, resourceCount: number) {
  return {
    resourceType: "custom-type",
    resourceId: typeId,
    versionBefore: 2n,
    versionAfter: 2n,
    actions: [{ finishFieldRemoval: { fieldName, resourceCount } }],
    actor: null,
  };
}

/** So many groups with a value. */
function many(count: number): JsonObject[] {
  return Array.from({ length: count }, (_, rank) => ({ tier: "gold", rank }));
}

test("sweeps 500 groups with one statement, and notes one change when all are done", async () => {
  const typeId = await typeWith(many(1201));
  await remove(typeId, ["tier"]);
  const { swept, logged } = await one.sweep();
  expect(swept).toEqual([500, 1000, 1201, 1201, 1201]);
  expect([await valuesOf("tier"), await valuesOf("rank")]).toEqual([0, 1201]);
  expect(await endsOf()).toEqual([endOf(typeId, "tier", 1201)]);
  expect(logged).toEqual([
    {
      level: "info",
      fields: { customTypeId: typeId, fieldName: "tier", resources: 1201 },
      message: "values of a removed custom field are swept",
    },
  ]);
  await expectConsistent(sql, projectKey);
});

test("leaves the groups' versions and times alone", async () => {
  const typeId = await typeWith(many(3));
  const listGroups = () => sql`
    select id, version, last_modified_at
    from customer_groups
    where custom_type_id = ${typeId}
    order by id`;
  const before = await listGroups();
  await remove(typeId, ["tier"]);
  await one.sweep();
  expect(await listGroups()).toEqual(before);
  await expectConsistent(sql, projectKey);
});

test("counts the groups that had a value", async () => {
  const typeId = await typeWith([...many(600), ...Array.from({ length: 400 }, () => ({})), ...many(7)]);
  await remove(typeId, ["tier"]);
  const { swept } = await one.sweep();
  expect([swept.length, swept.at(-1)]).toEqual([5, 607]);
  expect(await endsOf()).toEqual([endOf(typeId, "tier", 607)]);
});

test("goes on after a stop where it stopped, in another instance too", async () => {
  const typeId = await typeWith(many(1201));
  await remove(typeId, ["tier"]);
  expect((await one.sweep(1)).swept).toEqual([500]);
  expect([await valuesOf("tier"), await endsOf()]).toEqual([701, []]);
  await expectConsistent(sql, projectKey);

  expect((await other.sweep()).swept).toEqual([1000, 1201, 1201, 1201]);
  expect([await valuesOf("tier"), await endsOf()]).toEqual([0, [endOf(typeId, "tier", 1201)]]);
  expect((await one.sweep()).swept).toEqual([]);
  await expectConsistent(sql, projectKey);
});

test("is done once by two instances at once, and counted right", async () => {
  const typeId = await typeWith(many(1201));
  await remove(typeId, ["tier"]);
  const sweeps = await Promise.all([one.sweep(), other.sweep()]);
  const counts = sweeps.flatMap(({ swept }) => swept);
  expect(counts.toSorted((a, b) => a - b)).toEqual([500, 1000, 1201, 1201, 1201]);
  expect(sweeps.flatMap(({ logged }) => logged)).toHaveLength(1);
  expect(await endsOf()).toEqual([endOf(typeId, "tier", 1201)]);
  await expectConsistent(sql, projectKey);
});

test("tells of its progress while it takes long", async () => {
  const typeId = await typeWith(many(1201));
  await remove(typeId, ["tier"]);
  let now = Date.now();
  const { logged } = await one.sweep(undefined, () => {
    now += 3000;
    return new Date(now);
  });
  expect(logged.map(({ fields, message }) => [message, "resources" in fields && fields.resources])).toEqual([
    ["values of a removed custom field are being swept", 500],
    ["values of a removed custom field are being swept", 1000],
    ["values of a removed custom field are being swept", 1201],
    ["values of a removed custom field are being swept", 1201],
    ["values of a removed custom field are swept", 1201],
  ]);
});

test("ends the removals of several fields one after the other", async () => {
  const typeId = await typeWith(many(501));
  await remove(typeId, ["tier", "rank"]);
  expect((await one.sweep()).swept).toEqual([500, 501, 501, 501, 500, 501, 501, 501]);
  expect([await valuesOf("tier"), await valuesOf("rank")]).toEqual([0, 0]);
  expect(await endsOf()).toEqual([endOf(typeId, "rank", 501), endOf(typeId, "tier", 501)]);
  await expectConsistent(sql, projectKey);
});

test("touches no other type and no other project", async () => {
  const neighbour = await newProject();
  const neighbours = await typeWith(many(3), neighbour);
  const typeId = await typeWith(many(3));
  const sibling = typeOf(
    await api.types.createCustomType({ projectKey, draft: typeDraft("sibling", field("tier", "string")) }),
  );
  await createGroups(sql, projectIdOf(projectKey), sibling.id, [{ tier: "silver" }]);
  await remove(typeId, ["tier"]);
  await one.sweep();
  expect([await valuesOf("tier"), await valuesOf("tier", neighbour)]).toEqual([1, 3]);
  expect([await endsOf(), await endsOf(neighbour)]).toEqual([[endOf(typeId, "tier", 3)], []]);

  await remove(neighbours, ["tier"], neighbour);
  await one.sweep();
  expect(await endsOf(neighbour)).toEqual([endOf(neighbours, "tier", 3)]);
  await Promise.all([expectConsistent(sql, projectKey), expectConsistent(sql, neighbour)]);
});
