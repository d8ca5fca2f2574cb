import { randomUUID } from "node:crypto";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { customerGroupsTable } from "../../src/customer-groups/store.ts";
import { type Sql, sessionOptions } from "../../src/db/connection.ts";
import { type Database, openDatabase } from "../../src/db/database.ts";
import { rowFinder } from "../../src/db/find.ts";
import { projectIdOf } from "../../src/projects/project-id.ts";
import { openProjects } from "../../src/projects/projects.ts";
import { insertProject } from "../../src/projects/store.ts";
import { createDatabase } from "../support/database.ts";
import { failureOf } from "../support/failures.ts";

const keys = Array.from({ length: 30 }, (_, index) => `shared-${index}`);
const ids = keys.map(projectIdOf);
/** Every project has groups by these ids, with the same keys. */
const groups = Array.from({ length: 4 }, () => randomUUID());
const [deleted, empty] = [ids[3] ?? "", ids[4] ?? ""];

let database: Awaited<ReturnType<typeof createDatabase>>;
let sql: Sql;
let db: Database;

beforeAll(async () => {
  database = await createDatabase();
  sql = postgres(sessionOptions(database, 5000));
  db = openDatabase(database, { queryConnections: 1, writeConnections: 1 });
  for (const key of keys)
    await insertProject(sql, { projectId: projectIdOf(key), key, mode: "test" }, new Date());
  for (const projectId of ids.filter((id) => id !== empty))
    await sql`
      insert into customer_groups (
        project_id, id, version, created_at, last_modified_at, key, name, market_ids, attachments, byte_size
      )
      select ${projectId}, id, 1, now(), now(), 'key-' || n, 'Name ' || n || ' of ' || ${projectId}, '[]', '[]', 100
      from unnest(${`{${groups}}`}::uuid[]) with ordinality as g (id, n)`;
  await sql`update projects set state = 'deleting' where project_id = ${deleted}`;
});
afterAll(async () => {
  await db.close();
  await sql.end();
  await database.drop();
});

test("reads of many projects at once are each answered with their own project's row, or none", async () => {
  const find = rowFinder(db.reads, customerGroupsTable);
  const asked = ids.flatMap((projectId) =>
    [...groups.entries(), [9, randomUUID()] as const].flatMap(([index, id]) => [
      { projectId, ref: { by: "id", value: id } as const, name: `Name ${index + 1} of ${projectId}` },
      {
        projectId,
        ref: { by: "key", value: `key-${index + 1}` } as const,
        name: `Name ${index + 1} of ${projectId}`,
      },
    ]),
  );
  const found = await Promise.all(asked.map(({ projectId, ref }) => find(projectId, ref)));
  const isThere = ({ projectId, name }: (typeof asked)[number]) =>
    projectId !== deleted && projectId !== empty && !name.startsWith("Name 10");
  expect(found.map((row) => row?.read().name)).toEqual(
    asked.map((one) => (isThere(one) ? one.name : undefined)),
  );
});

test("a value that PostgreSQL refuses fails nobody else's read", async () => {
  const find = rowFinder(db.reads, customerGroupsTable);
  const [first = "", bad = "", last = ""] = [ids[0], ids[1], ids[2]];
  const value = groups[0] ?? "";
  const found = await Promise.allSettled([
    find(first, { by: "id", value }),
    find(bad, { by: "id", value: "no id" }),
    find(last, { by: "id", value }),
  ]);
  expect(found.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
});

test("projects that are looked up at once are each found, but a deleted one", async () => {
  const projects = openProjects(db.reads);
  const found = await Promise.allSettled(keys.map((key) => projects.require(key)));
  expect(found.map((one) => (one.status === "fulfilled" ? one.value.key : "none"))).toEqual(
    keys.map((key, index) => (index === 3 ? "none" : key)),
  );
  expect(await failureOf(projects.require("never"))).toMatchObject({ reason: "RESOURCE_NOT_FOUND" });
});

test("a read sees what was acknowledged before it, while others are under way", async () => {
  const find = rowFinder(db.reads, customerGroupsTable);
  const [projectId = ""] = ids;
  const ref = { by: "id", value: groups[0] ?? "" } as const;
  for (let version = 2; version <= 30; version += 1) {
    const others = ids.map((id) => find(id, ref));
    await sql`update customer_groups set version = ${version} where project_id = ${projectId} and id = ${ref.value}`;
    expect((await find(projectId, ref))?.read().version).toBe(BigInt(version));
    await Promise.all(others);
  }
});
