import { afterAll, beforeAll, expect, test } from "vitest";
import type { Customer } from "../../gen/clientele/v1/customer_pb.ts";
import { OrderStatus } from "../../gen/clientele/v1/order_pb.ts";
import { byId, PROJECT } from "../conformance/groups.ts";
import { failureOf } from "../support/failures.ts";
import { type CustomerFixture, OTHER_PROJECT, startCustomers } from "./customers.ts";
import { orderDraft, record } from "./orders.ts";

/** By code point, as UTF-8 sorts them: not as UTF-16 does, nor as people do. */
const IDS = ["10", "9", "B", "Z-1", "a", "a b", "a-b", "b", "z", "Ä", "é", "顧", "\uffee", "🎁"];

let fixture: CustomerFixture;
let customer: Customer;
let other: Customer;

beforeAll(async () => {
  fixture = await startCustomers();
  customer = await fixture.newCustomer();
  other = await fixture.newCustomer();
  for (const id of IDS.toReversed()) {
    await record(fixture, customer, orderDraft(id, OrderStatus.PENDING));
    await record(fixture, other, orderDraft(`${id} `, OrderStatus.PENDING));
  }
});
afterAll(() => fixture.stop());

const list = (request: object = {}) =>
  fixture.customers.listOrders({ projectKey: PROJECT, ref: byId(customer.id), ...request });
const idsOf = ({ orders }: Awaited<ReturnType<typeof list>>) => orders.map(({ orderId }) => orderId);

test("a customer's own orders are sorted by code point", async () => {
  const page = await list();
  expect(idsOf(page)).toEqual(IDS);
  expect(page.nextPageToken).toBe("");
  expect(new Set(page.orders.map(({ customerId }) => customerId))).toEqual(new Set([customer.id]));
});

test.each([1, 3, 13, 14, 500])("%i at a time are all of them", async (limit) => {
  const pages: string[][] = [];
  let pageToken = "";
  do {
    const page = await list({ limit, pageToken });
    pages.push(idsOf(page));
    ({ nextPageToken: pageToken } = page);
  } while (pageToken !== "");
  expect(pages.flat()).toEqual(IDS);
  expect(pages).toHaveLength(Math.ceil(IDS.length / limit));
});

test("there are 20 on a page unless asked otherwise", async () => {
  const { id } = await fixture.newCustomer();
  for (let n = 10; n < 31; n += 1) {
    await record(fixture, { id }, orderDraft(`many-${n}`, OrderStatus.PENDING));
  }
  const first = await list({ ref: byId(id) });
  expect(first.orders).toHaveLength(20);
  const last = await list({ ref: byId(id), pageToken: first.nextPageToken });
  expect(idsOf(last)).toEqual(["many-30"]);
});

test("a customer without orders has none", async () => {
  const { id } = await fixture.newCustomer();
  expect(await list({ ref: byId(id) })).toMatchObject({ orders: [], nextPageToken: "" });
});

test("a token goes on with the same customer alone, and with no other query", async () => {
  const { nextPageToken: pageToken } = await list({ limit: 2 });
  const { nextPageToken: ofQuery } = await fixture.customers.queryCustomers({
    projectKey: PROJECT,
    limit: 1,
  });
  for (const call of [
    list({ ref: byId(other.id), pageToken }),
    list({ pageToken: `${pageToken.slice(0, -2)}xx` }),
    list({ pageToken: ofQuery }),
    fixture.customers.exportCustomer({ projectKey: PROJECT, ref: byId(customer.id), pageToken }),
  ]) {
    expect(await failureOf(call)).toMatchObject({ code: "InvalidArgument", reason: "PAGE_TOKEN_INVALID" });
  }
  expect(idsOf(await list({ pageToken, limit: 2 }))).toEqual(IDS.slice(2, 4));
});

test("a customer who isn't there, or is another project's, is refused", async () => {
  expect(await failureOf(list({ projectKey: OTHER_PROJECT }))).toMatchObject({
    code: "NotFound",
    metadata: { resource_type: "customer", id: customer.id },
  });
});
