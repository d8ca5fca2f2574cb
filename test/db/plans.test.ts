import { randomUUIDv7 } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { customerFields } from "../../src/customers/fields.ts";
import { membersOf } from "../../src/customers/members.ts";
import { customerQuery } from "../../src/customers/query.ts";
import { customersTable } from "../../src/customers/store.ts";
import type { Statement } from "../../src/db/connection.ts";
import { type Database, openDatabase } from "../../src/db/database.ts";
import { rowsBy } from "../../src/db/table.ts";
import { listRows, type Page } from "../../src/paging/page.ts";
import { pageTokens } from "../../src/paging/page-token.ts";
import { openPages } from "../../src/paging/pages.ts";
import { parseQuery } from "../../src/paging/query.ts";
import { parseSort } from "../../src/paging/sort.ts";
import { projectIdOf } from "../../src/projects/project-id.ts";
import { createDatabase } from "../support/database.ts";

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
    );
  }
  expect(await db.reads.query(projectId, countKept)).toEqual(before);
});
