import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { commitGroups, plainGroupColumns } from "../../src/customer-groups/store.ts";
import { type Database, openDatabase } from "../../src/db/database.ts";
import type { Write } from "../../src/db/write.ts";
import { Ending } from "../../src/ending.ts";
import { projectIdOf } from "../../src/projects/project-id.ts";
import { insertProject } from "../../src/projects/store.ts";
import { required } from "../../src/refs.ts";
import { expectConsistent, openSql } from "../support/consistency.ts";
import { createDatabase } from "../support/database.ts";
import { everythingOf, following, groupsOf, randomBatch } from "./random-batches.ts";
import { groupCreation, saying } from "./writes.ts";

let database: Awaited<ReturnType<typeof createDatabase>>;
let sql: ReturnType<typeof openSql>;
let db: Database;

beforeAll(async () => {
  database = await createDatabase();
  sql = openSql(database);
  db = openDatabase(database, { queryConnections: 1, writeConnections: 1 });
});
afterAll(async () => {
  await db.close();
  await sql.end();
  await database.drop();
});

async function createProject(key: string, groupLimit: number): Promise<string> {
  const projectId = projectIdOf(key);
  await insertProject(sql, { projectId, key, mode: "test" }, new Date());
  await sql`update projects set customer_group_limit = ${groupLimit} where project_id = ${projectId}`;
  return projectId;
}

async function commit(projectId: string, writes: readonly object[]) {
  return commitGroups(projectId, JSON.stringify(writes), false)(sql);
}

/** As the write lane does it, which has them all at once. */
async function commitTogether(projectId: string, writes: readonly Write[]): Promise<readonly object[]> {
  const deadline = { timeoutMs: 20_000, over: new Ending() };
  const commits = writes.map((write) => db.writes.commit(commitGroups, projectId, write, deadline));
  return (await Promise.all(commits)).map(saying);
}

/** As it is done on a flight with many of another project. */
async function commitFlown(projectId: string, write: Write, fellows: string): Promise<object> {
  const [own] = await Promise.all([
    commitTogether(projectId, [write]),
    commitTogether(fellows, eightCreations()),
  ]);
  return required(own[0]);
}

async function commitLone(projectId: string, write: Write): Promise<object> {
  return required((await commitTogether(projectId, [write]))[0]);
}

/** How many of these writes, none or all, are plain enough to be done at once. */
async function countPlain(projectId: string, writes: readonly Write[]): Promise<number> {
  const { encode, flight } = required(commitGroups.plain);
  const plain = writes.flatMap((write) => encode(write) ?? []);
  if (plain.length < writes.length) return 0;
  const [row] = await flight([{ projectId, writes: plain }], true)(sql);
  return row?.sequences.split(",").length ?? 0;
}

test("a batch comes to the same as its writes one by one", async () => {
  const together = await createProject("together", 200);
  const alone = await createProject("alone", 200);
  const lone = await createProject("lone", 200);
  for (let time = 0; time < 40; time += 1) {
    // Three of four batches are plain, until the limit is reached.
    const writes = randomBatch(await groupsOf(sql, together), time % 4 === 0 ? 0.1 : 0);
    const outcomes = await commitTogether(together, writes);
    const expected: object[] = [];
    for (const write of writes) {
      const [outcome] = await commit(alone, [write]);
      expected.push(saying(outcome));
      expect(await commitLone(lone, write)).toEqual(saying(outcome));
    }
    expect(outcomes).toEqual(expected);
  }
  expect(await everythingOf(sql, together)).toEqual(await everythingOf(sql, alone));
  expect(await everythingOf(sql, lone)).toEqual(await everythingOf(sql, alone));
  for (const project of ["together", "alone", "lone"]) await expectConsistent(sql, project);
});

test("a write is the same alone and on a flight, whatever it is", async () => {
  const alone = await createProject("any-alone", 3);
  const lone = await createProject("any-lone", 3);
  const flown = await createProject("any-flown", 3);
  const fellows = await createProject("fellows", 1000);
  const [first, second] = [groupCreation({ key: "a-key" }), groupCreation()];
  const group = { ...first, key: "a-key", version: 1n };
  const writes = [
    ...[first, second],
    ...[
      groupCreation({ id: first.id }),
      groupCreation({ name: first.name }),
      groupCreation({ key: "a-key" }),
    ],
    ...[
      groupCreation({ name: null }),
      { ...groupCreation(), kind: "confirm", id: first.id, expected_version: "1" },
    ],
    following(group, { request_key: randomUUID(), request_hash: "\\x01", answer: "\\x02" }),
    ...[
      following(group, { expected_version: "1" }),
      following(group, { expected_version: "2", metadata: null }),
    ],
    ...[following(group, { id: randomUUID() }), following(group, { expected_version: null })],
    following({ ...group, version: 4n }, { name: second.name }),
    following({ ...group, version: 4n }, { name: "another" }),
    following({ ...group, version: 5n }, { name: "another", key: "another-key" }),
    groupCreation({ custom_type_id: randomUUID(), custom_type_version: "1", custom_fields: {} }),
    groupCreation({ name: ODD_TEXT, reference: "", price_list_id: ODD_TEXT, market_ids: [ODD_TEXT, ""] }),
    following(
      { ...group, version: 6n, name: "another", key: "another-key" },
      { metadata: { [ODD_TEXT]: ODD_TEXT }, reference: ODD_TEXT, actor: { clientId: ODD_TEXT } },
    ),
    ...[groupCreation(), groupCreation()],
    following({ ...group, version: 7n }, { kind: "delete" }),
    groupCreation(),
  ];
  const settled = async (outcome: Promise<object | undefined>) => {
    const [result] = await Promise.allSettled([outcome]);
    return result.status === "fulfilled" ? result.value : "refused by PostgreSQL";
  };
  for (const write of writes) {
    const outcome = await settled(commit(alone, [write]).then(([only]) => saying(only)));
    expect(await settled(commitLone(lone, write))).toEqual(outcome);
    expect(await settled(commitFlown(flown, write, fellows))).toEqual(outcome);
  }
  for (const projectId of [lone, flown])
    expect(await everythingOf(sql, projectId)).toEqual(await everythingOf(sql, alone));
  await sql`update projects set state = 'deleting' where project_id in (${alone}, ${lone}, ${flown})`;
  const late = groupCreation();
  const [tooLate] = await commit(alone, [late]);
  expect(await commitLone(lone, late)).toEqual(saying(tooLate));
  expect(await commitFlown(flown, late, fellows)).toEqual(saying(tooLate));
});

/** Of all that has a meaning where values are written one behind the other. */
const ODD_TEXT = ` a"b""c\\d\\"e,(f)\t\n\r{g} 'h' NULL é 😀 \u0001 `;

test("the type that takes a lone write has the attributes that are filled in", async () => {
  const rows = await sql<{ attribute: string; type: string }[]>`
    select attname as attribute, atttypid::regtype::text as type
    from pg_attribute
    where attrelid = 'customer_group_write_v1'::regclass and attnum > 0
    order by attnum`;
  const types = rows.map(({ attribute, type }) => [
    attribute,
    type.replace(/^timestamp with.*/, "timestamptz"),
  ]);
  expect(types).toEqual(Object.entries(plainGroupColumns));
});

test("an update that knows a group as it isn't is to be decided again, however it is committed", async () => {
  const projectId = await createProject("known", 100);
  await commit(projectId, eightCreations());
  const modifiedAt = "2026-02-03T04:05:06.789Z";
  await sql`
    update customer_groups
    set customer_count = 3, last_modified_at = ${modifiedAt}
    where project_id = ${projectId}`;
  const right = { known_customer_count: 3, known_modified_at: modifiedAt, at: modifiedAt };
  const updates = async (changed: object) =>
    (await groupsOf(sql, projectId)).map((group) => following(group, { ...right, ...changed }));
  for (const wrong of [{ known_customer_count: 0 }, { known_modified_at: "2026-02-03T04:05:06.788Z" }]) {
    const all = await updates(wrong);
    const again = all.map(() => ({ outcome: "state_changed" }));
    expect(await commitLone(projectId, required(all[0]))).toEqual(again[0]);
    expect((await commit(projectId, all.slice(0, 1))).map(saying)).toEqual(again.slice(0, 1));
    expect(await countPlain(projectId, all)).toBe(0);
    expect(await commitTogether(projectId, all)).toEqual(again);
  }
  const made = (outcomes: readonly object[]) =>
    outcomes.map((outcome) => "outcome" in outcome && outcome.outcome);
  expect(await commitLone(projectId, required((await updates({}))[0]))).toMatchObject({ outcome: "ok" });
  expect(made(await commit(projectId, (await updates({})).slice(0, 1)))).toEqual(["ok"]);
  expect(await countPlain(projectId, await updates({}))).toBe(8);
  expect(made(await commitTogether(projectId, await updates({})))).toEqual(
    Array.from({ length: 8 }, () => "ok"),
  );
});

test("a batch stays at the limit", async () => {
  const projectId = await createProject("limited", 10);
  expect(await commitTogether(projectId, eightCreations())).toMatchObject(
    Array.from({ length: 8 }, () => ({ outcome: "ok" })),
  );
  const outcomes = await commitTogether(projectId, eightCreations());
  const refused = Array.from({ length: 6 }, () => ({ outcome: "limit_reached" }));
  expect(outcomes).toMatchObject([{ outcome: "ok" }, { outcome: "ok" }, ...refused]);
  await expectConsistent(sql, "limited");
});

test("what isn't plain goes the long way", async () => {
  const projectId = await createProject("plain", 100);
  await commit(projectId, eightCreations());
  const [group, other, third] = await groupsOf(sql, projectId);
  if (!group || !other || !third) throw new Error("unreachable: they were created");
  const twin = groupCreation({ key: "one-key" });
  const odd: readonly (readonly Write[])[] = [
    [following(group, { name: "another name" })],
    [following(group, { key: "another-key" })],
    [following(group, { request_key: randomUUID() })],
    [following(group, { sets_custom: true })],
    [following(group, { kind: "delete" })],
    [following(group, { kind: "confirm" })],
    [following(group), following(group)],
    [groupCreation({ name: other.name })],
    [groupCreation({ name: null })],
    [groupCreation({ id: other.id })],
    [twin, { ...groupCreation(), name: twin.name }],
    [twin, groupCreation({ key: twin.key })],
    [groupCreation({ custom_type_id: randomUUID(), custom_fields: {} })],
  ];
  for (const writes of odd) expect(await countPlain(projectId, [following(third), ...writes])).toBe(0);
  const stale = following(group, { expected_version: "9", name: "another name" });
  expect(
    await countPlain(projectId, [following(other), stale, twin, following(group, { id: randomUUID() })]),
  ).toBe(4);
  await expectConsistent(sql, "plain");
});

function eightCreations(): readonly Write[] {
  return Array.from({ length: 8 }, () => groupCreation());
}
