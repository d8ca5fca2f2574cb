import { randomUUIDv7 } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { QueryCustomerGroupsRequestSchema } from "../../gen/clientele/v1/customer_group_service_pb.ts";
import { groupQuery } from "../../src/customer-groups/query.ts";
import type { GroupRow } from "../../src/customer-groups/store.ts";
import { type Database, openDatabase } from "../../src/db/database.ts";
import { Ending } from "../../src/ending.ts";
import { pageTokens } from "../../src/paging/page-token.ts";
import { openPages } from "../../src/paging/pages.ts";
import { parseQuery } from "../../src/paging/query.ts";
import { projectIdOf } from "../../src/projects/project-id.ts";
import { insertProject } from "../../src/projects/store.ts";
import { openSql } from "../support/consistency.ts";
import { createDatabase } from "../support/database.ts";

const projectId = projectIdOf("paging");
const tokens = pageTokens(Buffer.alloc(32));
const FIELDS = ["id", "name", "key", "created_at", "last_modified_at"] as const;
const ROWS = 120;

let database: Awaited<ReturnType<typeof createDatabase>>;
let sql: ReturnType<typeof openSql>;
let db: Database;

beforeAll(async () => {
  database = await createDatabase();
  sql = openSql(database);
  db = openDatabase(database, { queryConnections: 2, writeConnections: 1 });
  for (const key of ["paging", "neighbour"]) {
    await insertProject(sql, { projectId: projectIdOf(key), key, mode: "test" }, new Date());
  }
  const rows = fc.sample(anyRow, ROWS);
  await insert(rows.map((row, index) => ({ ...row, name: `${row.name}${index}` })));
  await insert(
    fc.sample(anyRow, 10).map((row, index) => ({ ...row, name: `n${index}` })),
    projectIdOf("neighbour"),
  );
});
afterAll(async () => {
  await db.close();
  await sql.end();
  await database.drop();
});

/** Few values, so that many are equal; and characters that UTF-16 and code points order differently. */
const anyText = fc.string({
  unit: fc.constantFrom("a", "B", "Z", "ä", "\uffee", "😀", "~", "'", " "),
  maxLength: 3,
});
const anyTime = fc.integer({ min: 0, max: 5 }).map((ms) => new Date(1_767_225_600_000 + ms));
const anyRow = fc.record({
  id: fc.constant(0).map(() => randomUUIDv7()),
  name: anyText,
  key: fc.option(fc.string({ unit: fc.constantFrom("A", "a", "-", "_", "0"), minLength: 8, maxLength: 12 })),
  createdAt: anyTime,
  lastModifiedAt: anyTime,
});
type Row = { id: string; name: string; key: string | null; createdAt: Date; lastModifiedAt: Date };

async function insert(rows: readonly Row[], ofProject = projectId): Promise<void> {
  for (const { id, name, key, createdAt, lastModifiedAt } of rows) {
    await sql`
      insert into customer_groups (
        project_id, id, version, created_at, last_modified_at, key, name, market_ids, attachments, byte_size
      ) values (${ofProject}, ${id}, 1, ${createdAt}, ${lastModifiedAt}, ${key}, ${name}, '[]', '[]', 100)
      on conflict do nothing`;
  }
}

/** All pages, with a limit of its own for each; `between` runs while a page is read. */
async function walk(
  sort: readonly string[],
  between: () => Promise<unknown> = async () => {},
): Promise<GroupRow[]> {
  const pages = openPages(db.reads, tokens, groupQuery);
  const seen: GroupRow[] = [];
  for (let pageToken = "", page = 0; ; page += 1) {
    const request = create(QueryCustomerGroupsRequestSchema, {
      projectKey: "paging",
      sort: [...sort],
      limit: [1, 13, 7, 30][page % 4] ?? 1,
      pageToken,
    });
    const [{ rows, page: found }] = await Promise.all([
      pages.run(parseQuery(tokens, groupQuery, projectId, request), { over: new Ending() }),
      between(),
    ]);
    seen.push(...rows.read());
    pageToken = found.nextPageToken;
    if (pageToken === "") return seen;
  }
}

/** The whole project in the order, sorted here. */
async function sortedHere(sort: readonly string[]): Promise<string[]> {
  const rows = await sql<Row[]>`
    select id, name, key, created_at, last_modified_at from customer_groups where project_id = ${projectId}`;
  const terms = sort.map((entry) => entry.split(" "));
  const [, lastDirection = "asc"] = terms.at(-1) ?? [];
  const compare = (a: Row, b: Row) => {
    for (const [field, direction] of [...terms, ["id", lastDirection]]) {
      const order = compareValues(sortValue(a, field), sortValue(b, field));
      if (order !== 0) return direction === "desc" ? -order : order;
    }
    return 0;
  };
  return [...rows].sort(compare).map(({ id }) => id);
}

function sortValue(row: Row, field: string | undefined): string | null {
  switch (field) {
    case "name":
    case "key":
      return row[field];
    case "created_at":
      return row.createdAt.toISOString();
    case "last_modified_at":
      return row.lastModifiedAt.toISOString();
    default:
      return row.id;
  }
}

/** By code point, which is by the bytes of UTF-8; null is the greatest. */
function compareValues(a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

const directed = FIELDS.flatMap((field) => [`${field} asc`, `${field} desc`]);
const pairs = directed.flatMap((first) =>
  directed.filter((second) => second.split(" ")[0] !== first.split(" ")[0]).map((second) => [first, second]),
);
const orders = [[], ...directed.map((one) => [one]), ...pairs];

describe("a walk sees the project in the order of", () => {
  test.each(orders.map((sort) => ({ sort, title: sort.join(", ") || "nothing asked" })))(
    "$title",
    async ({ sort }) => {
      expect((await walk(sort)).map(({ id }) => id)).toEqual(await sortedHere(sort));
    },
  );

  test("any three or more fields", async () => {
    const anyOrder = fc
      .tuple(
        fc.shuffledSubarray([...FIELDS], { minLength: 3 }),
        fc.infiniteStream(fc.constantFrom("asc", "desc")),
      )
      .map(([fields, directions]) => fields.map((field) => `${field} ${directions.next().value}`));
    const rule = async (sort: readonly string[]) => {
      expect((await walk(sort)).map(({ id }) => id)).toEqual(await sortedHere(sort));
    };
    await fc.assert(fc.asyncProperty(anyOrder, rule), { numRuns: 30 });
  });
});

describe("while others come and go, a walk sees each that stays exactly once, by", () => {
  test.each([[], ["name"], ["name desc"], ["key"], ["key desc", "name"], ["last_modified_at", "key desc"]])(
    "%s %s",
    async (...sort) => {
      const staying = await sortedHere(sort);
      const passing: string[] = [];
      const comeAndGo = async () => {
        const coming = fc.sample(anyRow, 3).map((row) => ({ ...row, name: `${row.name} ${row.id}` }));
        await insert(coming);
        passing.push(...coming.map(({ id }) => id));
        const going = passing.splice(0, passing.length > 9 ? 4 : 1);
        await sql`delete from customer_groups where project_id = ${projectId} and id = any(${going}::uuid[])`;
      };
      const seen = (await walk(sort, comeAndGo)).map(({ id }) => id);
      const stayed = new Set(staying);
      expect(seen.filter((id) => stayed.has(id))).toEqual(staying);
      expect(new Set(seen).size).toBe(seen.length);
      await sql`delete from customer_groups where project_id = ${projectId} and id = any(${passing}::uuid[])`;
    },
  );
});
