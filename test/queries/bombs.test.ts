import type { JsonValue } from "@bufbuild/protobuf";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { customerFields } from "../../src/customers/fields.ts";
import { parseWhere } from "../../src/predicates/where.ts";
import { byId, PROJECT } from "../conformance/groups.ts";
import { type CustomerFixture, startCustomers } from "../customers/customers.ts";
import { refusalOf } from "../rules/refusal.ts";
import { failureOf } from "../support/failures.ts";
import { bombs } from "./bombs.ts";

let fixture: CustomerFixture;

beforeAll(async () => {
  fixture = await startCustomers();
  // Lists in lists, as deep and nearly as large as a resource may be.
  const nested = (depth: number): JsonValue =>
    Array.from({ length: 6 }, () => (depth === 1 ? { a: 1 } : { a: nested(depth - 1) }));
  await fixture.newCustomer({ metadata: { a: nested(3) }, tags: ["v1"] });
  await fixture.newCustomer({ metadata: { a: { a: [0, { a: -1 }] } }, key: "v2" });
});
afterAll(() => fixture.stop());

const query = (request: object) => fixture.customers.queryCustomers({ projectKey: PROJECT, ...request });

describe.each(bombs)("of $title", ({ limit, most, of }) => {
  test(`${most} are answered`, async () => {
    const { where, variables } = of(most);
    await query({ where, variables });
    const target = { case: "predicate" as const, value: { where: [...where], variables } };
    await fixture.customers.existsCustomer({ projectKey: PROJECT, target });
  });

  test("one more is too complex", async () => {
    const { where, variables } = of(most + 1);
    const refusal = refusalOf(() => parseWhere({ where, variables }, customerFields));
    expect(refusal).toMatchObject({
      code: "InvalidArgument",
      reason: "PREDICATE_TOO_COMPLEX",
      metadata: { limit_name: limit, limit: `${most}` },
      message: expect.stringContaining(`more than ${most} ${limit.replaceAll("_", " ")}`),
    });
    expect(await failureOf(query({ where, variables }))).toEqual(refusal);
  });
});

test.each([
  ["21 entries", { where: Array.from({ length: 21 }, () => "version = 1") }, "where"],
  ["an entry of more than 16 KiB", { where: [`key = "${"a".repeat(16_384)}"`] }, "where[0]"],
  ["variables nine levels deep", { where: ["version = 1"], variables: deep(9) }, "variables.v.v.v.v.v.v.v.v"],
  ["a sort of more than 256 bytes", { sort: [`metadata.${"a".repeat(248)}`] }, "sort[0]"],
])("%s are refused before they are read", async (_, request, field) => {
  expect(await failureOf(query(request))).toMatchObject({ reason: "FIELD_INVALID", fields: [field] });
});

test.each(["1e999999999999", "1e-999999999999", "-0.1e+9999999999999999999999"])(
  "a number like %s is too long",
  async (number) => {
    for (const where of [`version < ${number}`, `metadata(a in (${number}))`]) {
      expect(await failureOf(query({ where: [where] }))).toMatchObject({
        reason: "PREDICATE_TOO_COMPLEX",
        metadata: { limit_name: "digits_of_a_number" },
      });
    }
  },
);

test("the smallest numbers are next to nothing, rather than too small to reckon with", async () => {
  const { id } = await fixture.newCustomer({ metadata: { at: { type: "Point", coordinates: [0, 0] } } });
  for (const circle of ["1e-170, 0, 1", "0, -1e-300, 1", "5e-324, 1e-320, 1e308", "1e-390, 0, 1e-300"]) {
    const { results } = await query({ where: [`metadata(at within circle(${circle}))`] });
    expect(results.map((customer) => customer.id)).toEqual([id]);
  }
});

test("five sorts of the longest paths are walked", async () => {
  const sort = ["a", "b", "c", "d", "e"].map((name) => `metadata.${`${name}.`.repeat(120)}a desc`);
  const first = await query({ sort, limit: 1, withTotal: true });
  const second = await query({ sort, limit: 1, pageToken: first.nextPageToken });
  expect(new Set([...first.results, ...second.results].map(({ id }) => id)).size).toBe(2);
});

test("a query that takes too long is ended; other calls go on meanwhile", async () => {
  const { sql, customers } = fixture;
  const { id } = await fixture.newCustomer({ metadata: { place: 1 } });
  await sql`
    create or replace function is_within_circle_v1(
      p_point jsonb, p_longitude double precision, p_latitude double precision, p_metres double precision
    )
    returns boolean
    language sql
    return pg_sleep(60) is null`;
  let isOver = false;
  const slow = failureOf(query({ where: ["metadata(place within circle(1, 2, 3))"] })).finally(() => {
    isOver = true;
  });
  for (let round = 0; round < 10; round += 1) {
    await query({ where: ['metadata(place = 1) or key = "v2"'], withTotal: true });
    await customers.getCustomer({ projectKey: PROJECT, ref: byId(id) });
    await fixture.newCustomer();
  }
  expect(isOver).toBe(false);
  expect(await slow).toMatchObject({ code: "InvalidArgument", reason: "QUERY_TIMEOUT" });
});

function deep(levels: number): { v: JsonValue } {
  return { v: levels === 1 ? 1 : deep(levels - 1) };
}
