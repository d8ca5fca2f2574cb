import { afterAll, beforeAll, expect, test } from "vitest";
import { byId, byKey, UUID_V7 } from "../conformance/groups.ts";
import { failureOf } from "../support/failures.ts";
import { type Action, type CustomerFixture, startCustomers } from "./customers.ts";

let fixture: CustomerFixture;
beforeAll(async () => {
  fixture = await startCustomers();
});
afterAll(() => fixture.stop());

const add = (key?: string): Action => ({
  case: "addAddress",
  value: { address: { country: "DE", ...(key !== undefined && { key }) } },
});
const removeByKey = (key: string): Action => ({ case: "removeAddress", value: { address: byKey(key) } });

test("a draft with four addresses lists its defaults first, and each once", async () => {
  const created = await fixture.newCustomer({
    addresses: ["a0", "a1", "a2", "a3"].map((key) => ({ key, country: "DE", city: `City ${key}` })),
    defaultBillingAddress: 0,
    defaultShippingAddress: 1,
    shippingAddresses: [2],
    billingAddresses: [3],
  });
  const [a0, a1, a2, a3] = created.addresses.map(({ id }) => id);
  expect(created.addresses.map(({ key }) => key)).toEqual(["a0", "a1", "a2", "a3"]);
  for (const id of [a0, a1, a2, a3]) expect(id).toMatch(UUID_V7);
  expect(created).toMatchObject({
    defaultBillingAddressId: a0,
    billingAddressIds: [a0, a3],
    defaultShippingAddressId: a1,
    shippingAddressIds: [a1, a2],
  });
  expect(await fixture.get(created.id)).toEqual(created);
});

test("an address says all that was said of it", async () => {
  const said = {
    key: "all",
    country: "DE",
    title: "Dr.",
    salutation: "Ms.",
    firstName: "Ann",
    lastName: "Lee",
    streetName: "Ring",
    streetNumber: "1a",
    additionalStreetInfo: "back",
    postalCode: "50667",
    city: "Köln",
    region: "Rhein",
    state: "NW",
    company: "Lee Ltd",
    department: "Sales",
    building: "B",
    apartment: "7",
    poBox: "99",
    phone: "+49 1",
    mobile: "+49 2",
    email: "Ann@example.com",
    fax: "+49 3",
    additionalAddressInfo: "ring twice",
    externalId: "x1",
  };
  const { id, addresses } = await fixture.newCustomer({ addresses: [said] });
  expect(addresses).toMatchObject([said]);
  expect((await fixture.get(id)).addresses).toEqual(addresses);
});

test("an address of another customer is none of this one", async () => {
  const other = await fixture.newCustomer({ addresses: [{ key: "home", country: "DE" }] });
  const customer = await fixture.newCustomer({ addresses: [{ key: "work", country: "DE" }] });
  const id = other.addresses[0]?.id ?? "";
  for (const address of [byId(id), byKey("home")]) {
    const failure = await failureOf(
      fixture.update(customer, { case: "setDefaultShippingAddress", value: { address } }),
    );
    expect(failure).toMatchObject({
      code: "FailedPrecondition",
      reason: "OPERATION_NOT_ALLOWED",
      metadata: { field: "actions[0].set_default_shipping_address.address" },
    });
  }
  expect(await fixture.get(customer.id)).toEqual(customer);
  expect(await fixture.get(other.id)).toEqual(other);
});

test("two customers may have addresses of one key", async () => {
  const [one, other] = [await fixture.newCustomer(), await fixture.newCustomer()];
  for (const customer of [one, other]) {
    const { addresses } = await fixture.update(customer, add("home"));
    expect(addresses).toMatchObject([{ key: "home" }]);
  }
});

test("actions on what the ones before them left", async () => {
  const customer = await fixture.newCustomer({
    addresses: [{ key: "old", country: "DE" }],
    defaultShippingAddress: 0,
  });
  const after = await fixture.update(
    customer,
    add("new"),
    { case: "setDefaultBillingAddress", value: { address: byKey("new") } },
    { case: "changeAddress", value: { address: byKey("new"), draft: { key: "newest", country: "FR" } } },
    removeByKey("old"),
  );
  expect(after.version).toBe(2n);
  const [address] = after.addresses;
  expect(after.addresses).toMatchObject([{ key: "newest", country: "FR" }]);
  expect(after).toMatchObject({ shippingAddressIds: [], billingAddressIds: [address?.id] });
  expect(after.defaultBillingAddressId).toBe(address?.id);
  expect(after.defaultShippingAddressId).toBeUndefined();
  expect(await fixture.get(customer.id)).toEqual(after);
});

test("there are 100 addresses, and not one more, unless one goes first", async () => {
  const addresses = Array.from({ length: 100 }, (_, n) => ({ key: `key-${n}`, country: "DE" }));
  const full = await fixture.newCustomer({ addresses });
  expect(full.addresses).toHaveLength(100);
  expect(await failureOf(fixture.update(full, add()))).toMatchObject({
    code: "ResourceExhausted",
    reason: "LIMIT_REACHED",
    metadata: { limit_name: "addresses_of_a_customer", limit: "100", current: "100" },
  });
  const after = await fixture.update(full, removeByKey("key-0"), add("key-100"));
  expect(after.addresses.map(({ key }) => key)).toEqual(addresses.map((_, n) => `key-${n + 1}`));
});
