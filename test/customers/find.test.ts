import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Customer } from "../../gen/clientele/v1/customer_pb.ts";
import { byId, byKey, PROJECT } from "../conformance/groups.ts";
import { failureOf } from "../support/failures.ts";
import { byEmail, type CustomerFixture, customerOf, OTHER_PROJECT, startCustomers } from "./customers.ts";

let fixture: CustomerFixture;
let customer: Customer;
beforeAll(async () => {
  fixture = await startCustomers();
  customer = await fixture.newCustomer({ key: "Jorg", email: "Jörg.Weiß@Bücher.example" });
});
afterAll(() => fixture.stop());

/** Refs that all name the customer. */
const refs = () => [
  byId(customer.id),
  byId(customer.id.toUpperCase()),
  byKey("Jorg"),
  byEmail("Jörg.Weiß@Bücher.example"),
  byEmail("JÖRG.WEISS@BÜCHER.EXAMPLE"),
  byEmail("jo\u0308rg.weiß@bu\u0308cher.example"),
  byEmail("jörg.weiss@xn--bcher-kva.EXAMPLE"),
  byEmail("ｊörg.weiß@bücher.example"),
];
/** Refs that name nobody. */
const strangers = () => [
  byId(randomUUID()),
  byKey("jorg"),
  byEmail("jorg.weiss@bücher.example"),
  byEmail("jörg.weiß@bücher.example/x"),
  byEmail("jörg.weiß@bücher.example.com"),
];

test("a customer is found by id, key and email in any case and Unicode form, and says it as it was typed", async () => {
  expect(customer.email).toBe("Jörg.Weiß@Bücher.example");
  for (const ref of refs()) {
    expect(customerOf(await fixture.customers.getCustomer({ projectKey: PROJECT, ref }))).toEqual(customer);
    const target = { case: "ref" as const, value: ref };
    expect(await fixture.customers.existsCustomer({ projectKey: PROJECT, target })).toMatchObject({
      exists: true,
    });
  }
});

test("nobody else is, and in no other project", async () => {
  const asked = [
    ...strangers().map((ref) => ({ projectKey: PROJECT, ref })),
    ...refs().map((ref) => ({ projectKey: OTHER_PROJECT, ref })),
  ];
  for (const { projectKey, ref } of asked) {
    expect(await failureOf(fixture.customers.getCustomer({ projectKey, ref }))).toMatchObject({
      code: "NotFound",
      reason: "RESOURCE_NOT_FOUND",
    });
    const target = { case: "ref" as const, value: ref };
    expect(await fixture.customers.existsCustomer({ projectKey, target })).toMatchObject({ exists: false });
  }
});

test("a batch answers in the order asked, those twice who were asked for twice, and says who is missing", async () => {
  const other = await fixture.newCustomer();
  const asked = [...strangers(), ...refs(), byId(other.id), ...strangers()];
  const { results } = await fixture.customers.batchGetCustomers({ projectKey: PROJECT, refs: asked });
  const missing = strangers().map(() => undefined);
  expect(results.map(({ result }) => (result.case === "customer" ? result.value : undefined))).toEqual([
    ...missing,
    ...refs().map(() => customer),
    other,
    ...missing,
  ]);
  expect(results.at(-1)?.result).toMatchObject({ case: "notFound", value: strangers().at(-1) ?? {} });
  expect(await fixture.customers.batchGetCustomers({ projectKey: PROJECT, refs: [] })).toMatchObject({
    results: [],
  });
});

test("a batch of 500 is read", async () => {
  const asked = Array.from({ length: 500 }, () => byEmail(customer.email.toUpperCase()));
  const { results } = await fixture.customers.batchGetCustomers({ projectKey: PROJECT, refs: asked });
  expect(results).toHaveLength(500);
  expect(results.every(({ result }) => result.case === "customer")).toBe(true);
});

describe("an email address is not repeated in the refusal of", () => {
  const ref = byEmail("No.Body@example.com");
  const projectKey = PROJECT;
  test.each<readonly [string, () => Promise<unknown>]>([
    ["GetCustomer", () => fixture.customers.getCustomer({ projectKey, ref })],
    ["UpdateCustomer", () => fixture.customers.updateCustomer({ projectKey, ref, expectedVersion: 1n })],
    ["DeleteCustomer", () => fixture.customers.deleteCustomer({ projectKey, ref, expectedVersion: 1n })],
    ["ListOrders", () => fixture.customers.listOrders({ projectKey, ref })],
    ["ExportCustomer", () => fixture.customers.exportCustomer({ projectKey, ref })],
  ])("%s", async (_, call) => {
    const failure = await failureOf(call());
    expect(failure).toMatchObject({ code: "NotFound", message: "there is no customer with this email" });
    expect(failure.metadata).toEqual({ resource_type: "customer" });
    expect(JSON.stringify(failure).toLowerCase()).not.toContain("body");
  });

  test("a second customer of that address", async () => {
    const failure = await failureOf(fixture.newCustomer({ email: customer.email.toUpperCase() }));
    expect(failure.metadata).toEqual({ field: "email", conflicting_id: customer.id });
    expect(JSON.stringify(failure).toLowerCase()).not.toContain("example");
  });
});

test("a customer is updated and deleted by email in another spelling", async () => {
  const { id, email } = await fixture.newCustomer({ email: "Ann@Example.com" });
  const ref = byEmail("ANN@example.com");
  const updated = await fixture.customers.updateCustomer({
    projectKey: PROJECT,
    ref,
    expectedVersion: 1n,
    actions: [{ action: { case: "setTitle", value: { title: "Dr." } } }],
  });
  expect(updated.customer).toMatchObject({ id, email, version: 2n });
  const deleted = await fixture.customers.deleteCustomer({ projectKey: PROJECT, ref, expectedVersion: 2n });
  expect(deleted.customer).toEqual(updated.customer);
  expect((await fixture.newCustomer({ email })).version).toBe(1n);
});
