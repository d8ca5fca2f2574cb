import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PROJECT } from "../conformance/groups.ts";
import type { CustomerFixture } from "../customers/customers.ts";
import { failureOf } from "../support/failures.ts";
import { inTurns } from "./in-turns.ts";
import { startSeeded } from "./seeded.ts";

/** Enough that PostgreSQL uses an index where it can. */
const COUNT = 10_000;
const UUID = '"0190a0a0-0000-7000-8000-000000000000"';

let fixture: CustomerFixture;

beforeAll(async () => {
  fixture = await startSeeded(COUNT);
  const { sql, projectId } = fixture;
  // What seeded people lack, for one in a hundred.
  await sql`
    update customers
    set customer_number = key, external_id = key, reference = key, company_name = key, vat_id = key,
      first_name = key, last_name = key, date_of_birth = '1990-01-0' || length(key) % 3 + 1,
      placed_order_count = 1 + length(key) % 3, tags = '["press"]',
      customer_group_id = (
        select id from customer_groups where project_id = ${projectId} and key = 'reseller'
      )
    where project_id = ${projectId} and key like '%00'`;
  await sql`vacuum analyze customers`;
});
afterAll(() => fixture.stop());

const query = (request: object) => fixture.customers.queryCustomers({ projectKey: PROJECT, ...request });

/** The indexes that a query of customers uses; and whether it looks through all of them in vain. */
async function planOf(request: object) {
  const { plan } = await query({ ...request, explain: true });
  const isScan = plan?.steps.some(
    ({ table, operation }) => table === "customers" && operation === "Seq Scan",
  );
  return { indexes: plan?.indexes, isScan };
}

const TEXTS = [
  ["customerNumber", "customers_customer_number_unique"],
  ["externalId", "customers_external_id_idx"],
  ["reference", "customers_reference_idx"],
  ["firstName", "customers_first_name_idx"],
  ["lastName", "customers_last_name_idx"],
  ["companyName", "customers_company_name_idx"],
  ["vatId", "customers_vat_id_idx"],
] as const;

describe("finds by an index", () => {
  test.each<readonly [index: string, ...where: string[]]>([
    [
      "customers_pkey",
      `id = ${UUID}`,
      `id in (${UUID}, ${UUID})`,
      'id > "ffffffff-0000-7000-8000-000000000000"',
    ],
    [
      "customers_key_unique",
      'key = "customer-7"',
      'key in ("customer-7", "customer-8")',
      'key > "customer-9998"',
    ],
    ...TEXTS.map(
      ([field, index]) =>
        [
          index,
          `${field} = "customer-700"`,
          `${field} in ("customer-700", "customer-800")`,
          `${field} > "customer-98"`,
          `${field} >= "customer-98" and ${field} <= "customer-99"`,
        ] as const,
    ),
    ...["email", "lowercaseEmail"].map(
      (field) =>
        [
          "customers_email_unique",
          `${field} = "A@b.example"`,
          `${field} in ("a@b.example", "b@b.example")`,
          `${field} < "a"`,
        ] as const,
    ),
    [
      "customers_date_of_birth_idx",
      'dateOfBirth = "1990-01-02"',
      'dateOfBirth in ("1990-01-01", "1990-01-02")',
      'dateOfBirth > "1990-01-02"',
    ],
    [
      "customers_placed_order_count_idx",
      "placedOrderCount = 2",
      "placedOrderCount in (2, 3)",
      "placedOrderCount > 2",
      "placedOrderCount >= 1",
    ],
    ["customers_placed_order_count_idx", 'status = "acquired"', 'status in ("acquired", "repeat")'],
    ["customers_created_at_idx", 'createdAt > "2100-01-01"', 'createdAt <= "2020-01-01"'],
    ["customers_last_modified_at_idx", 'lastModifiedAt > "2100-01-01"', 'lastModifiedAt <= "2020-01-01"'],
    ["customers_group_idx", 'customerGroup(key = "reseller")', `customerGroup(id = ${UUID})`],
    [
      "customer_group_members_pkey",
      'customerGroupAssignments(customerGroup(key = "reseller"))',
      `customerGroupAssignments(customerGroup(id = ${UUID}))`,
    ],
    ["customers_custom_type_idx", `custom(type(id = ${UUID}))`],
    [
      "customers_documents_idx",
      'custom(fields(tier = "platinum"))',
      'custom(fields(tier in ("platinum", "x")))',
      'custom(fields(title(en = "Gold")))',
      'custom(fields(interests contains any ("tea", "coffee")))',
      "metadata(points = 7)",
      "metadata(points in (7, 8))",
      'metadata(list contains all (1, "x"))',
      "metadata(a(b = 1 and c = true))",
      'tags in ("press")',
      'tags contains any ("press", "b2b")',
      'tags contains all ("press", "b2b")',
      'addresses(city = "Nowhere")',
      'addresses(streetNumber = "17" and city = "Lyon")',
    ],
  ])("%s: %s", async (index, ...predicates) => {
    const plans = await inTurns(predicates, (where) => planOf({ where: [where] }));
    for (const [at, { indexes, isScan }] of plans.entries()) {
      expect({ where: predicates[at], indexes, isScan }).toMatchObject({
        indexes: expect.arrayContaining([index]),
        isScan: false,
      });
    }
  });

  test("both sides of an or", async () => {
    expect(await planOf({ where: ['key = "a" or externalId = "b"'] })).toEqual({
      indexes: ["customers_key_unique", "customers_external_id_idx"],
      isScan: false,
    });
  });

  test.each([
    [[], "customers_pkey"],
    [["id desc"], "customers_pkey"],
    [["email"], "customers_email_unique"],
    [["lowercaseEmail desc"], "customers_email_unique"],
    [["createdAt"], "customers_created_at_idx"],
    [["createdAt desc"], "customers_created_at_idx"],
    [["lastModifiedAt desc"], "customers_last_modified_at_idx"],
  ])("the first and the next page by %j", async (sort, index) => {
    const { nextPageToken: pageToken } = await query({ sort, limit: 1 });
    for (const request of [{ sort }, { sort, pageToken }]) {
      expect(await planOf(request)).toEqual({ indexes: [index], isScan: false });
    }
  });
});

test("a query that has no index scans, and says so", async () => {
  expect(await planOf({ where: ['middleName = "x"'], sort: ["lastName"] })).toEqual({
    indexes: [],
    isScan: true,
  });
});

test("steps are told with the steps above, tables, indexes and estimates, and no more", async () => {
  const { plan, ...page } = await query({ where: ['key = "secret" and title != "hidden"'], explain: true });
  expect(plan?.steps[0]).toMatchObject({ depth: 0, operation: "Limit" });
  const found = plan?.steps.find(({ table }) => table === "customers");
  expect(found).toMatchObject({ operation: "Index Scan", index: "customers_key_unique" });
  for (const { operation, depth, estimatedRows, estimatedCost, ...step } of plan?.steps ?? []) {
    expect(operation).toMatch(/^[A-Z][A-Za-z ]+$/);
    expect(Math.min(depth, estimatedRows, estimatedCost)).toBeGreaterThanOrEqual(0);
    expect(Object.keys(step).filter((name) => !["$typeName", "table", "index"].includes(name))).toEqual([]);
    expect(`${step.table ?? "t"}${step.index ?? "i"}`).toMatch(/^\w+$/);
  }
  expect(page).toMatchObject({ count: 0, results: [], nextPageToken: "", totalCapped: false });
});

test("nothing of the query is run", async () => {
  const { sql } = fixture;
  await sql`
    create or replace function is_within_circle_v1(
      p_point jsonb, p_longitude double precision, p_latitude double precision, p_metres double precision
    )
    returns boolean
    language plpgsql
    as ${sql.unsafe("'begin raise exception $$run$$; end'")}`;
  const request = { where: ["metadata(source within circle(1, 2, 3))"], withTotal: true, exactTotal: true };
  const explained = await query({ ...request, explain: true });
  expect(explained.plan?.steps.length).toBeGreaterThan(0);
  expect(explained.total).toBeUndefined();
  expect(await failureOf(query(request))).toMatchObject({ code: "Internal", reason: "INTERNAL" });
});

test("groups and types are explained too", async () => {
  const request = { projectKey: PROJECT, where: ['key = "gold"'], explain: true };
  const { plan: ofGroups } = await fixture.groups.queryCustomerGroups(request);
  const { plan: ofTypes } = await fixture.types.queryCustomTypes(request);
  expect(ofGroups?.steps.map(({ table }) => table)).toContain("customer_groups");
  expect(ofTypes?.steps.map(({ table }) => table)).toContain("custom_types");
});
