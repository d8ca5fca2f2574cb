import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PROJECT } from "../conformance/groups.ts";
import { type CustomerFixture, OTHER_PROJECT, startCustomers } from "../customers/customers.ts";
import { failureOf } from "../support/failures.ts";

/** As many as a total counts, and so many more. */
const MOST = 10_000;
const MORE = 5;

let fixture: CustomerFixture;

beforeAll(async () => {
  fixture = await startCustomers();
  const one = await fixture.newCustomer({ lastName: "Ito", metadata: { n: 0 } });
  await copy(one.id, MOST - 1, { firstName: "A" });
  await copy(one.id, MORE, { firstName: "B" });
  await fixture.newCustomer({ lastName: "Ito" }, OTHER_PROJECT);
});
afterAll(() => fixture.stop());

const query = (request: object) => fixture.customers.queryCustomers({ projectKey: PROJECT, ...request });

/** Copies a customer behind the service's back: ten thousand calls would take too long. */
async function copy(id: string, count: number, { firstName }: { readonly firstName: string }): Promise<void> {
  const { sql, projectId } = fixture;
  await sql`
    insert into customers
    select copies.*
    from customers c
    cross join generate_series(1, ${count}::integer) as n
    cross join jsonb_populate_record(c, jsonb_build_object(
      'id', gen_random_uuid(),
      'email_canonical', ${firstName}::text || n || '@example.com',
      'first_name', ${firstName}::text,
      'metadata', jsonb_build_object('n', n)
    )) as copies
    where c.project_id = ${projectId} and c.id = ${id}`;
}

describe("the total of", () => {
  test.each<readonly [what: string, request: object, total: number, isCapped: boolean]>([
    ["none", { where: ['lastName = "Abe"'] }, 0, false],
    ["a few", { where: ['firstName = "B"'] }, MORE, false],
    ["10,000", { where: ['firstName != "B"'] }, MOST, false],
    ["10,001", { where: ['firstName != "B" or metadata(n = 1)'] }, MOST, true],
    ["all", {}, MOST, true],
    ["all, exactly", { exactTotal: true }, MOST + MORE, false],
    ["10,000, exactly", { where: ['firstName != "B"'], exactTotal: true }, MOST, false],
    ["several predicates", { where: ['lastName = "Ito"', "metadata(n <= 2)"] }, 5, false],
    [
      "a predicate with a variable",
      { where: ["firstName in :list"], variables: { list: ["B", "C"] } },
      MORE,
      false,
    ],
  ])("%s", async (_, request, total, totalCapped) => {
    for (const page of [{ limit: 0 }, { limit: 1 }, { limit: 1, offset: 10_000 }]) {
      expect(await query({ ...request, ...page, withTotal: true })).toMatchObject({ total, totalCapped });
    }
  });

  test("a page further on is that of the whole", async () => {
    const request = { where: ['firstName = "B"'], withTotal: true, limit: 2 };
    const { nextPageToken } = await query(request);
    expect(await query({ ...request, pageToken: nextPageToken })).toMatchObject({ total: MORE, count: 2 });
  });
});

test("nothing is counted unless it is asked for", async () => {
  for (const request of [{}, { exactTotal: true }]) {
    const { total, totalCapped } = await query({ ...request, limit: 1 });
    expect({ total, totalCapped }).toEqual({ total: undefined, totalCapped: false });
  }
});

describe("a page token is refused", () => {
  const asked = {
    where: ["lastName = :name", "metadata(n > 1)"],
    variables: { name: "Ito", other: [1] },
    sort: ["firstName", "metadata.n desc"],
    limit: 1,
  };
  test.each<readonly [what: string, change: object]>([
    ["another value", { where: ["lastName = :name", "metadata(n > 2)"] }],
    ["the same in other words", { where: ["lastName = :name", "metadata(n > 1 )"] }],
    ["another order of predicates", { where: [...asked.where].reverse() }],
    ["the predicates as one", { where: ["lastName = :name and metadata(n > 1)"] }],
    ["a predicate more", { where: [...asked.where, "version > 0"] }],
    ["a predicate less", { where: asked.where.slice(0, 1) }],
    ["no predicates", { where: [] }],
    ["another variable", { variables: { name: "Abe", other: [1] } }],
    ["another variable, though it is not named", { variables: { name: "Ito", other: [2] } }],
    ["another kind of variable", { variables: { name: "Ito", other: ["1"] } }],
    ["another direction", { sort: ["firstName desc", "metadata.n desc"] }],
    ["another sort", { sort: ["firstName", "metadata.m desc"] }],
    ["a sort less", { sort: ["firstName"] }],
    ["another project", { projectKey: OTHER_PROJECT }],
  ])("with %s", async (_, change) => {
    const { nextPageToken: pageToken } = await query(asked);
    expect(await failureOf(query({ ...asked, ...change, pageToken }))).toMatchObject({
      code: "InvalidArgument",
      reason: "PAGE_TOKEN_INVALID",
      metadata: { field: "page_token" },
    });
  });

  test("but not for how much of it is asked, nor with another spelling of the sort", async () => {
    const { nextPageToken: pageToken, results } = await query(asked);
    const next = await query({
      ...asked,
      variables: { other: [1], name: "Ito" },
      sort: ["first_name  ASC", "metadata.n DESC", "id desc"],
      limit: 3,
      withTotal: true,
      pageToken,
    });
    const all = await query({ ...asked, limit: 4 });
    expect([...results, ...next.results]).toEqual(all.results);
  });
});
