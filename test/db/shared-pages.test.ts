import { afterAll, beforeAll, expect, test } from "vitest";
import { customerGroupsTable, type StoredGroupRow } from "../../src/customer-groups/store.ts";
import type { Statement } from "../../src/db/connection.ts";
import { type Database, openDatabase } from "../../src/db/database.ts";
import type { Reads } from "../../src/db/reads.ts";
import { type SharedPages, sharePages } from "../../src/paging/shared-pages.ts";
import { projectIdOf } from "../../src/projects/project-id.ts";
import { insertProject } from "../../src/projects/store.ts";
import { openSql } from "../support/consistency.ts";
import { createDatabase } from "../support/database.ts";

const projectId = projectIdOf("shared");
const ROWS = 100;

let database: Awaited<ReturnType<typeof createDatabase>>;
let sql: ReturnType<typeof openSql>;
let db: Database;
let pages: SharedPages<StoredGroupRow>;
let ids: string[];
let inserted = 0;
let statements = 0;

beforeAll(async () => {
  database = await createDatabase();
  sql = openSql(database);
  db = openDatabase(database, { queryConnections: 1, writeConnections: 1 });
  for (const key of ["shared", "neighbour"]) {
    await insertProject(sql, { projectId: projectIdOf(key), key, mode: "test" }, new Date());
    ids = [];
    for (let row = 0; row < ROWS; row += 1) ids.push(await insert(projectIdOf(key)));
  }
  const rows = await sql<{ id: string }[]>`
    select id from customer_groups where project_id = ${projectId} order by id`;
  ids = rows.map(({ id }) => id);
  const counted: Reads["get"] = (project, statement) => {
    statements += 1;
    return db.reads.get(project, statement);
  };
  pages = sharePages({ ...db.reads, get: counted }, customerGroupsTable);
});
afterAll(async () => {
  await db.close();
  await sql.end();
  await database.drop();
});

async function insert(ofProject: string): Promise<string> {
  // One after the other, which those of one millisecond are not that are made by chance.
  inserted += 1;
  const id = `01900000-0000-7000-8000-${inserted.toString(16).padStart(12, "0")}`;
  await sql`
    insert into customer_groups (
      project_id, id, version, created_at, last_modified_at, name, market_ids, attachments, byte_size
    ) values (${ofProject}, ${id}, 1, now(), now(), ${id}, '[]', '[]', 100)`;
  return id;
}

async function idsOf(after: string | undefined, size: number, descending = false): Promise<string[]> {
  const rows = await pages(projectId, { after, size, descending });
  return rows.read().map(({ id }) => id);
}

test("pages that are asked for at once are each what it is, in few statements", async () => {
  const before = statements;
  const asked = Array.from({ length: ROWS }, (_, index) => {
    const size = 1 + (index % 32);
    const descending = index % 3 === 0;
    const expected = descending ? ids.toReversed() : ids;
    const begin = (index * 7) % ROWS;
    const page = idsOf(begin === 0 ? undefined : expected[begin - 1], size, descending);
    return page.then((found) => expect(found).toEqual(expected.slice(begin, begin + size)));
  });
  await Promise.all(asked);
  expect(statements - before).toBeLessThan(ROWS / 5);
});

test("the same page is listed once for all who ask before it is", async () => {
  const before = statements;
  const found = await Promise.all(Array.from({ length: 50 }, () => idsOf(ids[9], 20)));
  expect(new Set(found.map(String))).toEqual(new Set([String(ids.slice(10, 30))]));
  expect(statements - before).toBe(1);
});

test("what was written before a page was asked for is on it, though one like it is under way", async () => {
  for (let round = 0; round < 10; round += 1) {
    const last = ids.at(-1);
    const busy = [idsOf(last, 5), idsOf(ids[0], 5)];
    ids.push(await insert(projectId));
    expect(await idsOf(last, 5)).toEqual(ids.slice(-1));
    await Promise.all(busy);
  }
});

test("what is behind the last row, or of a project that is gone, is empty", async () => {
  expect(await idsOf(ids.at(-1), 5)).toEqual([]);
  expect((await pages(projectIdOf("nobody"), { after: undefined, size: 5, descending: false })).count).toBe(
    0,
  );
});

test("PostgreSQL comes to use one plan for all", async () => {
  for (let time = 0; time < 30; time += 1)
    await Promise.all([idsOf(ids[time], 21), idsOf(ids[time + 1], 21)]);
  const countPlans: Statement<{ shared: bigint }> = (one) => one<{ shared: bigint }[]>`
    select max(generic_plans)::bigint as shared
    from pg_prepared_statements
    where statement like '%as page (begins_behind%'`;
  const [counted] = await db.reads.get(projectId, countPlans);
  expect(counted?.shared).toBeGreaterThan(0n);
});
