import { randomUUID } from "node:crypto";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { afterAll, beforeAll, expect, test } from "vitest";
import { byId } from "../conformance/groups.ts";
import { openSql } from "../support/consistency.ts";
import { customerClient, customerOf } from "../support/customers.ts";
import { createDatabase } from "../support/database.ts";
import { placedOrder } from "../support/orders.ts";
import { startServiceOn } from "../support/service.ts";

// A PostgreSQL of one's own may have a time zone of its own.

const projectKey = "demo";
let database: Awaited<ReturnType<typeof createDatabase>>;
let service: Awaited<ReturnType<typeof startServiceOn>>;

beforeAll(async () => {
  database = await createDatabase();
  const sql = openSql(database);
  await sql`alter database ${sql(database.database)} set timezone = 'Europe/Berlin'`;
  await sql.end();
  service = await startServiceOn(database);
});
afterAll(async () => {
  await service.stop();
  await database.drop();
});

test.each([
  "0001-01-01T00:00:00.000Z",
  "0099-12-31T10:00:00.000Z",
  "1800-05-06T07:08:09.010Z",
  "9999-12-31T23:59:59.999Z",
])("tells when an order was placed, in a database of another time zone: %s", async (time) => {
  const customers = customerClient(service.baseUrl);
  const draft = { email: `${randomUUID()}@example.test` };
  const { id } = customerOf(await customers.createCustomer({ projectKey, draft }));
  const placedAt = timestampFromDate(new Date(time));
  const order = { ...placedOrder(time), placedAt };
  const answer = await customers.recordOrder({ projectKey, ref: byId(id), order });
  expect(answer.order?.placedAt).toEqual(placedAt);
  const { orders } = await customers.listOrders({ projectKey, ref: byId(id) });
  expect(orders).toEqual([answer.order]);
});
