import { type CallOptions, Code } from "@connectrpc/connect";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PROJECT } from "../conformance/groups.ts";
import { type CustomerFixture, startCustomers } from "../customers/customers.ts";
import { failureOf } from "../support/failures.ts";

let fixture: CustomerFixture;

beforeAll(async () => {
  fixture = await startCustomers({ CLIENTELE_QUERY_CONNECTIONS: "1" });
  await fixture.newCustomer({ metadata: { place: 1 } });
  // Counts the statements that ask for it, and takes its time.
  await fixture.sql`create sequence asked`;
  await fixture.sql`
    create or replace function is_within_circle_v1(
      p_point jsonb, p_longitude double precision, p_latitude double precision, p_metres double precision
    )
    returns boolean
    language plpgsql
    as $$ begin perform nextval('asked'); perform pg_sleep(1); return true; end $$`;
});
afterAll(() => fixture.stop());

test("a query whose caller gives it up while it waits for a connection is not run", async () => {
  const where = ["metadata(place within circle(1, 2, 3))"];
  const query = (request: object, options?: CallOptions) =>
    fixture.customers.queryCustomers({ projectKey: PROJECT, where, ...request }, options);
  const exists = (options: CallOptions) =>
    fixture.customers.existsCustomer(
      { projectKey: PROJECT, target: { case: "predicate", value: { where } } },
      options,
    );
  const first = query({});
  await expect.poll(countAsked).toBe(1);
  const timeoutMs = 100;
  const waiting = [query({}, { timeoutMs }), query({ limit: 500 }, { timeoutMs }), exists({ timeoutMs })];
  const failures = await Promise.all(waiting.map(failureOf));
  expect(failures.map(({ code }) => code)).toEqual(waiting.map(() => Code[Code.DeadlineExceeded]));
  expect((await first).results).toHaveLength(1);
  expect((await query({})).results).toHaveLength(1);
  expect(await countAsked()).toBe(2);
});

async function countAsked(): Promise<number> {
  const [row] = await fixture.sql<{ count: number }[]>`
    select case when is_called then last_value else 0 end::integer as count from asked`;
  return row?.count ?? 0;
}
