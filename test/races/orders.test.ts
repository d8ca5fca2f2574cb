import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CustomerStatus } from "../../gen/clientele/v1/customer_pb.ts";
import { OrderStatus } from "../../gen/clientele/v1/order_pb.ts";
import { byId } from "../conformance/groups.ts";
import { expectConsistent } from "../support/consistency.ts";
import { customerOf } from "../support/customers.ts";
import { tally } from "../support/failures.ts";
import { cancelledOrder, pendingOrder, placedOrder } from "../support/orders.ts";
import { type Instances, race, startInstances } from "./instances.ts";

// Orders are recorded through two instances of the service.

const ROUNDS = 8;
const CALLERS = 64;

const projectKey = "demo";
let instances: Instances;

beforeAll(async () => {
  instances = await startInstances(projectKey);
});
afterAll(() => instances.stop());

async function newCustomer(): Promise<string> {
  const draft = { email: `${randomUUID()}@example.test` };
  return customerOf(await instances.customers(0).createCustomer({ projectKey, draft })).id;
}

async function getCustomer(id: string) {
  return customerOf(await instances.customers(1).getCustomer({ projectKey, ref: byId(id) }));
}

test("one order, recorded by 64 callers alike, is one order", async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const id = await newCustomer();
    const order = placedOrder(`same ${round}`);
    const answers = await Promise.all(
      race(CALLERS, (caller) =>
        instances.customers(caller).recordOrder({ projectKey, ref: byId(id), order }),
      ),
    );
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(await getCustomer(id)).toMatchObject({
      version: 2n,
      placedOrderCount: 1,
      status: CustomerStatus.ACQUIRED,
    });
    const { orders } = await instances.customers(round).listOrders({ projectKey, ref: byId(id) });
    expect(orders).toEqual([answers[0]?.order]);
  }
  await expectConsistent(instances.sql, projectKey);
});

test("one order, recorded otherwise by each of 64 callers, is as one of them said", async () => {
  const kinds = [pendingOrder, placedOrder, cancelledOrder];
  for (let round = 0; round < ROUNDS; round += 1) {
    const id = await newCustomer();
    await Promise.all(
      race(CALLERS, (caller) => {
        const kind = kinds[caller % 3] ?? pendingOrder;
        const order = kind(`other ${round}`, BigInt(caller));
        return instances.customers(caller).recordOrder({ projectKey, ref: byId(id), order });
      }),
    );
    const { orders } = await instances.customers(round).listOrders({ projectKey, ref: byId(id) });
    expect(orders).toHaveLength(1);
    const caller = Number(orders[0]?.total?.centAmount ?? -1);
    expect(orders[0]?.status).toBe(kinds[caller % 3]?.("").status);
    expect(await getCustomer(id)).toMatchObject({
      // Each of them says something new.
      version: BigInt(CALLERS + 1),
      placedOrderCount: orders[0]?.status === OrderStatus.PLACED ? 1 : 0,
    });
  }
  await expectConsistent(instances.sql, projectKey);
});

test("orders that come and are cancelled at once are counted right", async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const id = await newCustomer();
    const record = (caller: number, order: ReturnType<typeof placedOrder>) =>
      instances.customers(caller).recordOrder({ projectKey, ref: byId(id), order });
    await Promise.all(
      race(CALLERS, (caller) => {
        const orderId = `${round} ${caller % 8}`;
        return record(caller, caller % 16 < 8 ? placedOrder(orderId) : cancelledOrder(orderId));
      }),
    );
    // Two of the eight end as placed, whatever they were.
    for (const number of [0, 1]) await record(number, placedOrder(`${round} ${number}`));
    await Promise.all(
      [2, 3, 4, 5, 6, 7].map((number) => record(number, cancelledOrder(`${round} ${number}`))),
    );
    expect(await getCustomer(id)).toMatchObject({ placedOrderCount: 2, status: CustomerStatus.REPEAT });
  }
  await expectConsistent(instances.sql, projectKey);
});

test("one order of two customers is that of one, and the other hears whose", async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const ids = [await newCustomer(), await newCustomer()];
    const order = placedOrder(`contested ${round}`);
    const calls = race(CALLERS, (caller) =>
      instances.customers(caller).recordOrder({ projectKey, ref: byId(ids[caller % 2] ?? ""), order }),
    );
    const { counts, failures } = await tally(calls);
    expect(counts).toEqual({ OK: CALLERS / 2, "AlreadyExists DUPLICATE_FIELD": CALLERS / 2 });
    const owner = (await Promise.any(calls)).order?.customerId;
    for (const { metadata } of failures)
      expect(metadata).toEqual({ field: "order_id", conflicting_id: owner });
  }
  await expectConsistent(instances.sql, projectKey);
});
