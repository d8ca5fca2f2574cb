import { expect, test } from "vitest";
import { byEmail, customerOf } from "../../support/customers.ts";
import {
  customerDraft,
  customerJson,
  getCustomer,
  newCustomer,
  recordOrder,
  removeCustomer,
  updateCustomer,
} from "../customers.ts";
import { failureOf } from "../failure.ts";
import { PROJECT, unique } from "../groups.ts";
import type { Ground } from "../suite.ts";

export function customerDeleteCases(ground: () => Ground): void {
  test("returns the deleted customer as it last was, and frees what was unique and the orders", async () => {
    const { customers } = ground();
    const draft = {
      email: `${unique("gone")}@shop.example`,
      key: unique("gone"),
      customerNumber: unique("No"),
    };
    const created = await newCustomer(customers, { ...draft, metadata: { a: [1] } });
    const order = { orderId: unique("order") };
    await recordOrder(customers, created, order);
    const last = await updateCustomer(customers, { ...created, version: 2n }, { addTag: { tag: "t" } });
    expect(await removeCustomer(customers, last)).toEqual(last);
    expect(await failureOf(getCustomer(customers, last))).toMatchObject({ code: "NotFound" });

    const again = await newCustomer(customers, draft);
    expect(again).toMatchObject({ ...draft, version: 1n });
    expect(await recordOrder(customers, again, order)).toMatchObject({ ...order, customerId: again.id });
  });

  test("erases the data of a customer: what is remembered of it too", async () => {
    const { customers } = ground();
    const draft = customerDraft({ firstName: "Zoë" });
    const creating = { projectKey: PROJECT, draft, requestId: unique("request") };
    const customer = customerOf(await customers.createCustomer(creating));
    const erasing = {
      projectKey: PROJECT,
      ref: byEmail(draft.email),
      expectedVersion: 1n,
      dataErasure: true,
      requestId: unique("request"),
    };
    expect(customerOf(await customers.deleteCustomer(erasing))).toEqual(customer);
    // It is remembered which customer it was, and nothing else.
    expect(customerJson(customerOf(await customers.deleteCustomer(erasing)))).toEqual({ id: customer.id });
    const another = customerOf(await customers.createCustomer(creating));
    expect(another.id).not.toBe(customer.id);
  });
}
