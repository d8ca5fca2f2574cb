import { randomUUIDv7 } from "node:crypto";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  GetCustomerGroupResponseSchema,
  QueryCustomerGroupsRequestSchema,
  QueryCustomerGroupsResponseSchema,
} from "../../gen/clientele/v1/customer_group_service_pb.ts";
import { Mode } from "../../gen/clientele/v1/mode_pb.ts";
import { groupQuery } from "../../src/customer-groups/query.ts";
import { customerGroupsTable } from "../../src/customer-groups/store.ts";
import { FoundGroup, plainResults } from "../../src/customer-groups/write.ts";
import type { Statement } from "../../src/db/connection.ts";
import { type Database, openDatabase } from "../../src/db/database.ts";
import { rowFinder } from "../../src/db/find.ts";
import type { Reads } from "../../src/db/reads.ts";
import { encoderOf } from "../../src/encoding/encoder.ts";
import { SLICE_BYTES } from "../../src/encoding/slices.ts";
import { Ending } from "../../src/ending.ts";
import { pageMessages } from "../../src/paging/page-message.ts";
import { pageTokens } from "../../src/paging/page-token.ts";
import { openPages } from "../../src/paging/pages.ts";
import { parseQuery } from "../../src/paging/query.ts";
import { projectIdOf } from "../../src/projects/project-id.ts";
import { insertProject } from "../../src/projects/store.ts";
import { required } from "../../src/refs.ts";
import { openSql } from "../support/consistency.ts";
import { createDatabase } from "../support/database.ts";

// What is written from rows as they come is what the messages made of them would be.

const project = { id: projectIdOf("written"), key: "written", mode: Mode.TEST };
const tokens = pageTokens(Buffer.alloc(32));
const toPage = pageMessages(QueryCustomerGroupsResponseSchema);
const TYPE_ID = randomUUIDv7();
/** Enough for several slices, where all are on one page. */
const ROWS = 120;

let database: Awaited<ReturnType<typeof createDatabase>>;
let sql: ReturnType<typeof openSql>;
let db: Database;

beforeAll(async () => {
  database = await createDatabase();
  sql = openSql(database);
  db = openDatabase(database, { queryConnections: 2, writeConnections: 1 });
  await insertProject(sql, { projectId: project.id, key: project.key, mode: "test" }, new Date());
  await sql`
    insert into custom_types (
      project_id, id, version, created_at, last_modified_at, key, name, description, resource_types,
      field_definitions, field_signatures, byte_size
    ) values (
      ${project.id}, ${TYPE_ID}, 1, now(), now(), 'type', '{}', '{}', '["customer-group"]', '[]', '{}', 100
    )`;
  for (const [index, row] of fc.sample(anyRow, ROWS).entries()) await insert(row, index);
});
afterAll(async () => {
  await db.close();
  await sql.end();
  await database.drop();
});

const anyText = fc.oneof(
  fc.string({
    unit: fc.constantFrom("a", "ß", "😀", '"', "\\", "\n", "\u0001", "{", ",", " "),
    maxLength: 60,
  }),
  fc.string({ minLength: 40, maxLength: 90 }),
);
const anyJson = fc.dictionary(
  anyText,
  fc.oneof(
    anyText,
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }),
    fc.boolean(),
    fc.constant(null),
    fc.array(anyText),
    fc.dictionary(anyText, anyText),
  ),
);
const nullable = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { freq: 2 });
const anyTime = fc.oneof(
  fc.integer({ min: 0, max: 2_200_000_000_000 }),
  fc.constantFrom(
    0,
    1,
    500,
    1_767_225_600_100,
    2_145_916_799_999,
    2_145_916_800_000,
    -1,
    -62_000_000_000_000,
  ),
);
const anyRow = fc.record({
  version: fc.oneof(
    fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }),
    fc.constantFrom(1n, 999_999_999n, 1_000_000_000n),
  ),
  createdAt: anyTime,
  lastModifiedAt: anyTime,
  createdBy: nullable(fc.record({ clientId: anyText, externalUserId: anyText }, { requiredKeys: [] })),
  lastModifiedBy: nullable(fc.record({ subject: anyText })),
  key: nullable(fc.uuid()),
  reference: nullable(anyText),
  referenceOrigin: nullable(anyText),
  metadata: nullable(anyJson),
  priceListId: nullable(anyText),
  marketIds: fc.array(anyText, { maxLength: 4 }),
  attachments: fc.array(
    fc.record({
      id: fc.uuid(),
      name: anyText,
      description: nullable(anyText),
      url: nullable(anyText),
      reference: nullable(anyText),
    }),
    { maxLength: 2 },
  ),
  customerCount: fc.nat(),
  customFields: nullable(anyJson),
});

/** Of a row. */
function idOf(index: number): string {
  return `01900000-0000-7000-8000-${index.toString(16).padStart(12, "0")}`;
}

async function insert(row: Parameters<Parameters<typeof anyRow.map>[0]>[0], index: number): Promise<void> {
  const json = (value: unknown) => (value === null ? null : JSON.stringify(value));
  await sql`
    insert into customer_groups (
      project_id, id, version, created_at, created_by, last_modified_at, last_modified_by, key, name, reference,
      reference_origin, metadata, price_list_id, market_ids, attachments, byte_size, custom_type_id, custom_fields,
      customer_count
    ) values (
      ${project.id}, ${idOf(index)}, ${row.version}, ${new Date(row.createdAt)}, ${json(row.createdBy)}::text::jsonb,
      ${new Date(row.lastModifiedAt)}, ${json(row.lastModifiedBy)}::text::jsonb, ${row.key}, ${`${index}`},
      ${row.reference}, ${row.referenceOrigin}, ${json(row.metadata)}::text::jsonb, ${row.priceListId},
      ${json(row.marketIds)}::text::jsonb, ${json(row.attachments)}::text::jsonb, ${1000},
      ${row.customFields && TYPE_ID}, ${json(row.customFields)}::text::jsonb, ${row.customerCount}
    )`;
}

test("groups that are looked up", async () => {
  const find = rowFinder(db.reads, customerGroupsTable);
  const ids = Array.from({ length: ROWS }, (_, index) => idOf(index));
  // One alone first: the driver knows no columns yet.
  const first = await find(project.id, { by: "id", value: idOf(0) });
  const others = await Promise.all(ids.map((value) => find(project.id, { by: "id", value })));
  for (const found of [first, ...others]) {
    const answer = new FoundGroup(required(found), project);
    const message = create(GetCustomerGroupResponseSchema, { customerGroup: answer.customerGroup });
    const bytes = encoderOf(GetCustomerGroupResponseSchema).encode(answer);
    expect(fromBinary(GetCustomerGroupResponseSchema, bytes)).toEqual(
      fromBinary(GetCustomerGroupResponseSchema, toBinary(GetCustomerGroupResponseSchema, message)),
    );
  }
  expect(others.map((found) => found?.read().id)).toEqual(ids);
});

test.each([
  ["that shares its statement", { limit: 10 }],
  ["of many", { limit: 500 }],
  ["in an order", { sort: ["created_at desc"], limit: 10 }],
  ["with a predicate and a total", { where: ['name != "7"'], limit: 10, withTotal: true }],
  ["without rows", { limit: 0, withTotal: true }],
])("a page %s", async (_, asked) => {
  const request = create(QueryCustomerGroupsRequestSchema, { projectKey: project.key, ...asked });
  const { rows, page } = await openPages(db.reads, tokens, groupQuery).run(
    parseQuery(tokens, groupQuery, project.id, request),
    { over: new Ending() },
  );
  const call = { takesBytes: true, deadline: { timeoutMs: 5000, over: new Ending() } };
  const message = await toPage(page, plainResults(rows, project), call);
  const bytes = encoderOf(QueryCustomerGroupsResponseSchema).encode(message);
  expect(fromBinary(QueryCustomerGroupsResponseSchema, bytes)).toEqual(
    fromBinary(QueryCustomerGroupsResponseSchema, toBinary(QueryCustomerGroupsResponseSchema, message)),
  );
  expect(rows.count).toBe(page.count);
  expect(bytes.length > SLICE_BYTES).toBe(page.count === ROWS);
});

test.each([
  [99, false],
  [100, true],
])("a page of %s rows is a long read: %s", async (limit, isLong) => {
  const asked: (boolean | undefined)[] = [];
  const query: Reads["query"] = (projectId, statement, options) => {
    asked.push(options?.isLong);
    return db.reads.query(projectId, statement, options);
  };
  const request = create(QueryCustomerGroupsRequestSchema, { projectKey: project.key, limit });
  const pages = openPages({ ...db.reads, query }, tokens, groupQuery);
  const { page } = await pages.run(parseQuery(tokens, groupQuery, project.id, request), {
    over: new Ending(),
  });
  expect(page.count).toBe(limit);
  expect(asked).toEqual([isLong]);
});

test.each([
  ["of many", { limit: 100 }],
  ["with a total", { sort: ["created_at desc"], limit: 10, withTotal: true }],
  ["that is explained", { explain: true }],
])("nothing is read for a page %s whose caller has gone", async (_, asked) => {
  const request = create(QueryCustomerGroupsRequestSchema, { projectKey: project.key, ...asked });
  const over = new Ending();
  over.end(new Error("gone"));
  const made: Statement<object>[] = [];
  const query: Reads["query"] = (projectId, statement, options) =>
    db.reads.query(
      projectId,
      (sql) => {
        made.push(statement);
        return statement(sql);
      },
      options,
    );
  const pages = openPages({ ...db.reads, query }, tokens, groupQuery);
  await expect(pages.run(parseQuery(tokens, groupQuery, project.id, request), { over })).rejects.toThrow(
    "gone",
  );
  expect(made).toEqual([]);
});
