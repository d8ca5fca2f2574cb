import { expect, test } from "vitest";
import { customerOf } from "../../support/customers.ts";
import { customerDraft, getCustomer, newCustomer, orderDraft, recordOrder } from "../customers.ts";
import { byId, newGroup, PROJECT, unique } from "../groups.ts";
import type { Ground } from "../suite.ts";

export function customerRequestIdCases(ground: () => Ground): void {
  test("answers a repeated create, update and delete of a customer as the first time", async () => {
    const { customers } = ground();
    const requestId = unique("request");
    const draft = customerDraft({
      subscriptions: [{ reference: "r" }],
      metadata: { b: 1, a: { d: 2, c: 3 } },
    });
    const creating = { projectKey: PROJECT, draft, requestId };
    const created = await customers.createCustomer(creating);
    const ref = byId(customerOf(created).id);
    const actions = [{ action: { case: "addTag" as const, value: { tag: "t" } } }];
    const updating = { projectKey: PROJECT, ref, expectedVersion: 1n, actions, requestId };
    const updated = await customers.updateCustomer(updating);
    expect(await customers.createCustomer(creating)).toEqual(created);
    const deleting = { projectKey: PROJECT, ref, expectedVersion: 2n, requestId };
    const deleted = await customers.deleteCustomer(deleting);
    expect(customerOf(deleted)).toEqual(customerOf(updated));
    expect(await customers.updateCustomer(updating)).toEqual(updated);
    expect(await customers.deleteCustomer(deleting)).toEqual(deleted);
  });

  test("answers a repeated RecordOrder as the first time", async () => {
    const { customers } = ground();
    const customer = await newCustomer(customers);
    const orderId = unique("order");
    const total = { currencyCode: "EUR", centAmount: `-${2 ** 53 - 1}` };
    const placed = { status: "ORDER_STATUS_PLACED", placedAt: "2024-01-01T00:00:00.500Z" };
    const call = { projectKey: PROJECT, ref: byId(customer.id) };
    const request = {
      ...call,
      order: orderDraft({ orderId, total, ...placed }),
      requestId: unique("request"),
    };
    const first = await customers.recordOrder(request);
    await recordOrder(customers, customer, { orderId, total, status: "ORDER_STATUS_CANCELLED" });
    expect(await customers.recordOrder(request)).toEqual(first);
    expect(await getCustomer(customers, customer)).toMatchObject({ version: 3n, placedOrderCount: 0 });
  });

  test("answers repeated AddCustomers and RemoveCustomers as the first time", async () => {
    const { groups, customers } = ground();
    const { id } = await newGroup(groups);
    const customer = await newCustomer(customers);
    const call = { projectKey: PROJECT, ref: byId(id), customers: [byId(customer.id)] };
    const request = { ...call, requestId: unique("request") };
    const added = await groups.addCustomers(request);
    // The same id for another method is another request.
    const removed = await groups.removeCustomers(request);
    expect(await groups.addCustomers(request)).toEqual(added);
    expect(await groups.removeCustomers(request)).toEqual(removed);
    expect(await getCustomer(customers, customer)).toMatchObject({
      version: 3n,
      customerGroupAssignments: [],
    });
  });
}
