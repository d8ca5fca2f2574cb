import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CustomerStatus } from "../../gen/clientele/v1/customer_pb.ts";
import { OrderStatus } from "../../gen/clientele/v1/order_pb.ts";
import { byId, PROJECT, unique } from "../conformance/groups.ts";
import { failureOf } from "../support/failures.ts";
import { byEmail, type CustomerFixture, changesOf, OTHER_PROJECT, startCustomers } from "./customers.ts";
import { type OrderDetails, orderDraft, PLACED_AT, record } from "./orders.ts";

const { PENDING, PLACED, CANCELLED } = OrderStatus;
const { PROSPECT, ACQUIRED, REPEAT } = CustomerStatus;

let fixture: CustomerFixture;
beforeAll(async () => {
  fixture = await startCustomers();
});
afterAll(() => fixture.stop());

describe("the status follows placed orders:", () => {
  type Step = readonly [order: "a" | "b" | "c", OrderStatus, placed: number, CustomerStatus];
  test.each<readonly [string, readonly Step[]]>([
    [
      "one that is placed and cancelled and placed again",
      [
        ["a", PENDING, 0, PROSPECT],
        ["a", PLACED, 1, ACQUIRED],
        ["a", CANCELLED, 0, PROSPECT],
        ["a", PLACED, 1, ACQUIRED],
        ["a", PENDING, 0, PROSPECT],
      ],
    ],
    [
      "more than two, and back",
      [
        ["a", PLACED, 1, ACQUIRED],
        ["b", PLACED, 2, REPEAT],
        ["c", PLACED, 3, REPEAT],
        ["a", CANCELLED, 2, REPEAT],
        ["c", CANCELLED, 1, ACQUIRED],
        ["b", CANCELLED, 0, PROSPECT],
      ],
    ],
    [
      "one that begins cancelled, beside one that is pending",
      [
        ["a", CANCELLED, 0, PROSPECT],
        ["b", PENDING, 0, PROSPECT],
        ["a", PENDING, 0, PROSPECT],
        ["b", PLACED, 1, ACQUIRED],
      ],
    ],
  ])("%s", async (_, steps) => {
    const customer = await fixture.newCustomer();
    for (const [index, [name, orderStatus, placedOrderCount, status]] of steps.entries()) {
      const draft = orderDraft(`${name}-${customer.id}`, orderStatus);
      const order = await record(fixture, customer, draft);
      expect(order).toMatchObject({ orderId: draft.orderId, customerId: customer.id, status: orderStatus });
      const version = BigInt(index + 2);
      expect(await fixture.get(customer.id)).toMatchObject({ version, placedOrderCount, status });

      // Told again, in the same words, it is known already.
      expect(await record(fixture, customer, draft)).toEqual(order);
      expect(await fixture.get(customer.id)).toMatchObject({ version, placedOrderCount, status });
    }
    const recorded = steps.map(() => ["recordOrder"]);
    expect(await changesOf(fixture.sql, fixture.projectId, customer)).toEqual([["create"], ...recorded]);
  });
});

describe("changes an order that is known:", () => {
  const [old, next] = [PLACED_AT, timestampFromDate(new Date("2026-05-06T00:00:00Z"))];
  const total = (currencyCode: string, centAmount: bigint) => ({ total: { currencyCode, centAmount } });
  test.each<readonly [string, OrderDetails]>([
    ["another amount", total("EUR", 1235n)],
    ["no amount", total("EUR", 0n)],
    ["another currency", total("USD", 1234n)],
    ["another time", { placedAt: next }],
    ["another time to the millisecond", { placedAt: { ...old, nanos: old.nanos + 1_000_000 } }],
  ])("%s", async (_, more) => {
    const customer = await fixture.newCustomer();
    const orderId = unique("order");
    const first = await record(fixture, customer, orderDraft(orderId, PLACED));
    const changed = await record(fixture, customer, orderDraft(orderId, PLACED, more));
    expect(changed).toMatchObject(more);
    expect(changed.createdAt).toEqual(first.createdAt);
    const after = await fixture.get(customer.id);
    expect(after).toMatchObject({ version: 3n, placedOrderCount: 1, status: ACQUIRED });
    expect(after.lastModifiedAt).toEqual(changed.lastModifiedAt);
    const { orders } = await fixture.customers.listOrders({ projectKey: PROJECT, ref: byId(customer.id) });
    expect(orders).toEqual([changed]);
  });

  test("not another time within the millisecond", async () => {
    const customer = await fixture.newCustomer();
    const draft = orderDraft(unique("order"), PLACED);
    const first = await record(fixture, customer, draft);
    const placedAt = { ...PLACED_AT, nanos: PLACED_AT.nanos + 1000 };
    expect(await record(fixture, customer, { ...draft, placedAt })).toEqual(first);
  });
});

describe("keeps", () => {
  test.each<readonly [string, OrderDetails]>([
    ["the largest amount", { total: { currencyCode: "JPY", centAmount: 9_007_199_254_740_991n } }],
    ["the least amount", { total: { currencyCode: "KWD", centAmount: -9_007_199_254_740_991n } }],
    ["the first day", { placedAt: timestampFromDate(new Date("0001-01-01T00:00:00Z")) }],
    ["a day of another century", { placedAt: timestampFromDate(new Date("1880-06-01T12:00:00.001Z")) }],
    ["the last millisecond", { placedAt: timestampFromDate(new Date("9999-12-31T23:59:59.999Z")) }],
  ])("%s", async (_, more) => {
    const customer = await fixture.newCustomer();
    const order = await record(fixture, customer, orderDraft(unique("order"), PLACED, more));
    expect(order).toMatchObject(more);
    const { orders } = await fixture.customers.listOrders({ projectKey: PROJECT, ref: byId(customer.id) });
    expect(orders).toEqual([order]);
  });

  test.each(["x", "é".repeat(128), " ", "../#?%", '"\\', "🎁"])("the order id %j", async (orderId) => {
    const customer = await fixture.newCustomer();
    expect(await record(fixture, customer, orderDraft(orderId, PENDING))).toMatchObject({ orderId });
  });

  test("when a cancelled order was placed", async () => {
    const customer = await fixture.newCustomer();
    const draft = orderDraft(unique("order"), CANCELLED, { placedAt: PLACED_AT });
    expect(await record(fixture, customer, draft)).toMatchObject({ placedAt: PLACED_AT });
  });
});

describe("refuses", () => {
  test("an order that is another customer's, and leaves both as they are", async () => {
    const [owner, other] = [await fixture.newCustomer(), await fixture.newCustomer()];
    const draft = orderDraft(unique("order"), PLACED);
    await record(fixture, owner, draft);
    expect(await failureOf(record(fixture, other, draft))).toMatchObject({
      code: "AlreadyExists",
      reason: "DUPLICATE_FIELD",
      metadata: { field: "order_id", conflicting_id: owner.id },
    });
    expect(await fixture.get(other.id)).toEqual(other);
    expect(await fixture.get(owner.id)).toMatchObject({ version: 2n, placedOrderCount: 1 });
  });

  test.each(["EUX", "DEM", "ZZZ"])("the currency %s", async (currencyCode) => {
    const customer = await fixture.newCustomer();
    const draft = orderDraft(unique("order"), PENDING, { total: { currencyCode, centAmount: 1n } });
    expect(await failureOf(record(fixture, customer, draft))).toMatchObject({
      code: "InvalidArgument",
      reason: "FIELD_INVALID",
      fields: ["order.total.currency_code"],
    });
  });

  test.each<readonly [string, OrderStatus, OrderDetails]>([
    ["a placed order without its time", PLACED, {}],
    ["a pending order with a time", PENDING, { placedAt: PLACED_AT }],
  ])("%s", async (_, status, more) => {
    const customer = await fixture.newCustomer();
    const total = { currencyCode: "EUR", centAmount: 1n };
    const call = record(fixture, customer, { orderId: "x", status, total, ...more });
    expect(await failureOf(call)).toMatchObject({ reason: "FIELD_INVALID", fields: ["order"] });
  });

  test("an order of no customer", async () => {
    const foreign = await fixture.newCustomer({}, OTHER_PROJECT);
    const call = record(fixture, foreign, orderDraft(unique("order"), PLACED));
    expect(await failureOf(call)).toMatchObject({
      code: "NotFound",
      metadata: { resource_type: "customer", id: foreign.id },
    });
  });
});

test("the customer is named by email too", async () => {
  const email = `${unique("Ann")}@Example.com`;
  const { id } = await fixture.newCustomer({ email });
  const { order } = await fixture.customers.recordOrder({
    projectKey: PROJECT,
    ref: byEmail(email.toUpperCase()),
    order: orderDraft(unique("order"), PLACED),
  });
  expect(order?.customerId).toBe(id);
});

test("an order id is free in another project, and once its customer is deleted", async () => {
  const [owner, other] = [await fixture.newCustomer(), await fixture.newCustomer()];
  const foreign = await fixture.newCustomer({}, OTHER_PROJECT);
  const draft = orderDraft(unique("order"), PLACED);
  await record(fixture, owner, draft);
  expect((await record(fixture, foreign, draft, OTHER_PROJECT)).customerId).toBe(foreign.id);

  const { customer } = await fixture.customers.deleteCustomer({
    projectKey: PROJECT,
    ref: byId(owner.id),
    expectedVersion: 2n,
  });
  expect(customer).toMatchObject({ placedOrderCount: 1, status: ACQUIRED });
  expect((await record(fixture, other, draft)).customerId).toBe(other.id);
});
