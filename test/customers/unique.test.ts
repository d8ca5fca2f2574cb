import { afterAll, beforeAll, expect, test } from "vitest";
import { byId, PROJECT, unique } from "../conformance/groups.ts";
import { failureOf } from "../support/failures.ts";
import { type Action, type CustomerFixture, type Draft, startCustomers } from "./customers.ts";

let fixture: CustomerFixture;
beforeAll(async () => {
  fixture = await startCustomers();
});
afterAll(() => fixture.stop());

test("an email address in other case or Unicode form is the customer's own, and not verified then", async () => {
  const word = unique("jörg");
  let customer = await fixture.newCustomer({ email: `${word}@example.com`, isEmailVerified: true });
  for (const email of [`${word.toUpperCase()}@EXAMPLE.com`, `${word.normalize("NFD")}@example.com`]) {
    const changed = await fixture.update(customer, { case: "changeEmail", value: { email } });
    expect(changed).toMatchObject({ email, isEmailVerified: false, version: customer.version + 1n });
    customer = changed;
  }
});

test.each<readonly [string, (value: string) => Action, (value: string) => Draft]>([
  [
    "email",
    (value) => ({ case: "changeEmail", value: { email: `${value.toUpperCase()}@example.com` } }),
    (value) => ({ email: `${value}@Example.COM` }),
  ],
  ["key", (key) => ({ case: "setKey", value: { key } }), (key) => ({ key })],
  [
    "customer_number",
    (customerNumber) => ({ case: "setCustomerNumber", value: { customerNumber } }),
    (customerNumber) => ({ customerNumber }),
  ],
])(
  "another's %s is refused, in a draft too, and free once they are gone",
  async (name, toAction, toDraft) => {
    const word = unique("own");
    const draft = { email: `${word}@example.com`, key: word, customerNumber: word };
    const owner = await fixture.newCustomer(draft);
    const customer = await fixture.newCustomer();
    const failure = await failureOf(fixture.update(customer, toAction(word)));
    const refusal = {
      code: "AlreadyExists",
      reason: "DUPLICATE_FIELD",
      metadata: { field: name, conflicting_id: owner.id },
    };
    expect(failure).toMatchObject(refusal);
    expect(failure.message).toBe(`another customer has this ${name}`);
    expect(await failureOf(fixture.newCustomer(toDraft(word)))).toMatchObject(refusal);
    expect(await fixture.get(customer.id)).toEqual(customer);

    const ref = byId(owner.id);
    await fixture.customers.deleteCustomer({ projectKey: PROJECT, ref, expectedVersion: 1n });
    expect((await fixture.update(customer, toAction(word))).version).toBe(2n);
  },
);
