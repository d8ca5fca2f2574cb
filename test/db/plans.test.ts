import { randomUUIDv7 } from "node:crypto";
import type { PendingQuery, Row } from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listCustomerChanges } from "../../src/changes/store.ts";
import { customerFields } from "../../src/customers/fields.ts";
import { membersOf } from "../../src/customers/members.ts";
import { customerQuery } from "../../src/customers/query.ts";
import { commitCustomers, customersTable } from "../../src/customers/store.ts";
import type { Sql, Statement } from "../../src/db/connection.ts";
import { type Database, openDatabase } from "../../src/db/database.ts";
import { rowsBy } from "../../src/db/table.ts";
import { Ending } from "../../src/ending.ts";
import { listRows, type Page } from "../../src/paging/page.ts";
import { pageTokens } from "../../src/paging/page-token.ts";
import { openPages } from "../../src/paging/pages.ts";
import { parseQuery } from "../../src/paging/query.ts";
import { parseSort } from "../../src/paging/sort.ts";
import { projectIdOf } from "../../src/projects/project-id.ts";
import { insertProject } from "../../src/projects/store.ts";
import { required } from "../../src/refs.ts";
import { openSql } from "../support/consistency.ts";
import { createDatabase } from "../support/database.ts";
import { customerCreation } from "./customer-writes.ts";

const projectId = projectIdOf("plans");
const TIMES = 20;
const tokens = pageTokens(Buffer.alloc(32));

let database: Awaited<ReturnType<typeof createDatabase>>;
let db: Database;

beforeAll(async () => {
  database = await createDatabase();
  db = openDatabase(database, { queryConnections: 1, writeConnections: 1 });
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

/** How often the session's statements on customers were planned for their own values, and how often not. */
const countPlans: Statement<{ own: bigint; shared: bigint }> = (sql) => sql<
  { own: bigint; shared: bigint }[]
>`
  select sum(custom_plans)::bigint as own, sum(generic_plans)::bigint as shared
  from pg_prepared_statements
  where statement like ${'% "customers" t%'}`;

test("a page is planned for its own values, however often it is asked for", async () => {
  for (let time = 0; time < TIMES; time += 1) {
    const page: Page = {
      filter: membersOf({ by: "id", values: [randomUUIDv7()] }),
      sort: parseSort([], customerFields),
      limit: 20,
      offset: 0,
      after: undefined,
      maxBytes: 4_000_000,
    };
    await db.reads.query(projectId, listRows(customersTable, projectId, page));
  }
  expect(await db.reads.query(projectId, countPlans)).toEqual([{ own: BigInt(TIMES), shared: 0n }]);
});

test.each([
  ["of one value", [[projectId, [randomUUIDv7()]]]],
  ["of several", [[projectId, [randomUUIDv7(), randomUUIDv7()]]]],
  ["of several projects", [projectId, projectIdOf("others")].map((id) => [id, [randomUUIDv7()]])],
] satisfies [string, [string, string[]][]][])("look-ups %s share a plan", async (_, wanted) => {
  const look = rowsBy(customersTable, "id")(new Map(wanted));
  const [before] = await db.reads.get(projectId, countPlans);
  for (let time = 0; time < TIMES; time += 1) await db.reads.get(projectId, look);
  const [after] = await db.reads.get(projectId, countPlans);
  expect({ own: after?.own, shared: (after?.shared ?? 0n) - (before?.shared ?? 0n) }).toEqual({
    own: 0n,
    shared: BigInt(TIMES),
  });
});

test("the changes to a customer are found by an index that those to a group have no part in", async () => {
  const sql = openSql(database);
  await sql`
    insert into changes (project_id, sequence, write_id, resource_type, resource_id, version_after, actions, at)
    select
      ${projectId}, n, gen_random_uuid(), case when n % 2 = 0 then 'customer' else 'customer-group' end,
      gen_random_uuid(), 1, '[]', now()
    from generate_series(1, 10000) as n`;
  await sql`analyze changes`;
  const sizes = await sql<{ index: string; entries: number }[]>`
    select relname as index, reltuples::integer as entries
    from pg_class
    where relname in ('changes_pkey', 'changes_customer_idx')
    order by relname`;
  expect([...sizes]).toEqual([
    { index: "changes_customer_idx", entries: 5000 },
    { index: "changes_pkey", entries: 10_000 },
  ]);
  // The driver takes a statement as a part of another; its type doesn't say so any more.
  const statement = listCustomerChanges(projectId, randomUUIDv7(), "0", 100, 1000)(sql) as object;
  const plan = await sql`explain ${statement as PendingQuery<Row[]>}`;
  expect(plan.map((line) => line["QUERY PLAN"]).join("\n")).toContain(
    "Index Scan using changes_customer_idx",
  );

  const creation = customerCreation();
  const erasure = { ...creation, kind: "delete", write_id: randomUUIDv7(), expected_version: "1" };
  await insertProject(sql, { projectId, key: "plans", mode: "test" }, new Date());
  await sql`update projects set last_sequence = 10000 where project_id = ${projectId}`;
  const before = await countScans(sql);
  for (const write of [creation, { ...erasure, data_erasure: true }]) {
    const outcomes = await commitCustomers(projectId, JSON.stringify([write]), false)(sql);
    expect(outcomes).toMatchObject([{ outcome: "ok" }]);
  }
  expect(await countScans(sql)).toBe(before + 1n);
  await sql.end();
});

/** How often the index of customers' changes was used, as far as this session knows. */
async function countScans(sql: Sql): Promise<bigint> {
  await sql`select pg_stat_force_next_flush()`;
  const [row] = await sql<{ scans: bigint }[]>`
    select idx_scan as scans from pg_stat_user_indexes where indexrelname = 'changes_customer_idx'`;
  return required(row).scans;
}

test("statements with predicates are not kept, of which there are too many kinds", async () => {
  const countKept: Statement<{ kept: bigint }> = (sql) => sql<{ kept: bigint }[]>`
    select count(*) as kept from pg_prepared_statements`;
  await db.reads.query(projectId, countKept);
  const before = await db.reads.query(projectId, countKept);
  for (let terms = 1; terms <= TIMES; terms += 1) {
    const text = Array.from({ length: terms }, (_, term) => `lastName = "${term}"`).join(" or ");
    const request = {
      where: [text],
      sort: [],
      pageToken: "",
      withTotal: true,
      exactTotal: false,
      explain: false,
    };
    await openPages(db.reads, tokens, customerQuery).run(
      parseQuery(tokens, customerQuery, projectId, request),
      { over: new Ending() },
    );
  }
  expect(await db.reads.query(projectId, countKept)).toEqual(before);
});
