import { describe, expect, test } from "vitest";
import { isSameState } from "../../src/customers/actions.ts";
import type { AddressState, CustomerState } from "../../src/customers/state.ts";
import {
  A,
  type Action,
  apply,
  B,
  C,
  CLUB,
  customer,
  HOME,
  idOf,
  NONE,
  ref,
  refusalOfActions,
  WORK,
} from "./customers.ts";

type Listing = "addShippingAddressId" | "removeShippingAddressId" | "addBillingAddressId";
const list = (kind: Listing | "removeBillingAddressId", address: string): Action => ({
  case: kind,
  value: { address: ref(address) },
});
const setDefault = (role: "Shipping" | "Billing", address?: string): Action => ({
  case: `setDefault${role}Address`,
  value: address === undefined ? {} : { address: ref(address) },
});
const add = (draft: object): Action => ({
  case: "addAddress",
  value: { address: { country: "IT", ...draft } },
});
const change = (address: string, draft: object): Action => ({
  case: "changeAddress",
  value: { address: ref(address), draft: { country: "IT", ...draft } },
});
const remove = (address: string): Action => ({ case: "removeAddress", value: { address: ref(address) } });

/** Besides what it names by id or key, everything stays as it is. */
describe("changes what it says, and nothing else:", () => {
  test.each<readonly [string, Action, Partial<CustomerState>]>([
    [
      "an added address, behind and on no list",
      add({ key: "new", city: "Rom", poBox: "7" }),
      {
        addresses: [HOME, WORK, CLUB, { id: idOf("0"), key: "new", country: "IT", city: "Rom", poBox: "7" }],
      },
    ],
    [
      "a changed address, in its place, with nothing of what it said before",
      change(A.toUpperCase(), { phone: "1" }),
      { addresses: [{ id: A, country: "IT", phone: "1" }, WORK, CLUB] },
    ],
    [
      "an address found by its key, which moves",
      change("home", { key: "old-home" }),
      { addresses: [{ id: A, key: "old-home", country: "IT" }, WORK, CLUB] },
    ],
    [
      "a changed address, whose custom fields stay",
      change("work", { key: "work" }),
      { addresses: [HOME, { ...WORK, country: "IT" }, CLUB] },
    ],
    [
      "a changed address with other custom fields",
      change(B, { custom: { type: ref("place"), fields: { tier: "b" } } }),
      {
        addresses: [
          HOME,
          { id: B, country: "IT", customTypeId: idOf("78"), customFields: { tier: "b" } },
          CLUB,
        ],
      },
    ],
    [
      "a removed address that was on one list",
      remove(C),
      { addresses: [HOME, WORK], billingAddressIds: [B] },
    ],
    [
      "a removed address, which goes from lists and defaults",
      remove("work"),
      {
        addresses: [HOME, CLUB],
        shippingAddressIds: [A],
        billingAddressIds: [C],
        defaultBillingAddressId: null,
      },
    ],
    [
      "a default that was not listed: it is listed behind",
      setDefault("Shipping", C.toUpperCase()),
      { defaultShippingAddressId: C, shippingAddressIds: [A, B, C] },
    ],
    [
      "a default that was listed: it stays where it was",
      setDefault("Billing", C),
      { defaultBillingAddressId: C },
    ],
    [
      "a default by key",
      setDefault("Billing", "home"),
      { defaultBillingAddressId: A, billingAddressIds: [C, B, A] },
    ],
    ["no default, and still listed", setDefault("Shipping"), { defaultShippingAddressId: null }],
    ["no default of the other role", setDefault("Billing"), { defaultBillingAddressId: null }],
    ["one more on a list", list("addShippingAddressId", C), { shippingAddressIds: [A, B, C] }],
    ["one more on the other", list("addBillingAddressId", "home"), { billingAddressIds: [C, B, A] }],
    ["one less on a list", list("removeShippingAddressId", "work"), { shippingAddressIds: [A] }],
    [
      "the default off its list: there is none then",
      list("removeShippingAddressId", A),
      { shippingAddressIds: [B], defaultShippingAddressId: null },
    ],
    [
      "the default off the other list",
      list("removeBillingAddressId", B.toUpperCase()),
      { billingAddressIds: [C], defaultBillingAddressId: null },
    ],
  ])("%s", (_, action, changed) => {
    const after = apply(customer, action);
    expect(after).toEqual({ ...customer, ...changed });
    expect(isSameState(customer, after)).toBe(false);
  });
});

describe("leaves the customer the same:", () => {
  test.each<readonly [string, readonly Action[]]>([
    ["the same address again", [change(A, { key: "home", country: "DE", city: "Köln" })]],
    ["listing what is listed", [list("addShippingAddressId", A), list("addBillingAddressId", "work")]],
    ["the default that is", [setDefault("Shipping", "home"), setDefault("Billing", B)]],
    [
      "an address that comes and goes",
      [add({ key: "new" }), list("addShippingAddressId", "new"), remove("new")],
    ],
    ["keys that go round and back", [change(A, { ...HOME, key: "x" }), change("x", { ...HOME })]],
  ])("%s", (_, actions) => {
    expect(isSameState(customer, apply(customer, ...actions))).toBe(true);
  });
});

test("two addresses swap their keys over a third", () => {
  const after = apply(
    customer,
    change(A, { key: "x" }),
    change(B, { key: "home" }),
    change("x", { key: "work" }),
  );
  expect(after.addresses.map(({ id, key }) => [id, key])).toEqual([
    [A, "work"],
    [B, "home"],
    [C, undefined],
  ]);
});

test("a customer without defaults has the lists alone", () => {
  const without = { ...customer, defaultShippingAddressId: null, defaultBillingAddressId: null };
  const after = apply(without, list("removeShippingAddressId", A), remove(B));
  expect(after).toEqual({
    ...without,
    addresses: [HOME, CLUB],
    shippingAddressIds: [],
    billingAddressIds: [C],
  });
});

describe("is refused where the state forbids it:", () => {
  const taken = "another address of the customer has this key";
  const missing = "the customer has no such address";
  test.each<readonly [path: string, description: string, readonly Action[]]>([
    ["actions[0].change_address.address", missing, [change(NONE, {})]],
    ["actions[0].change_address.address", missing, [change("none", {})]],
    ["actions[2].remove_address.address", missing, [add({}), remove("home"), remove("home")]],
    ["actions[0].set_default_shipping_address.address", missing, [setDefault("Shipping", NONE)]],
    ["actions[0].set_default_billing_address.address", missing, [setDefault("Billing", "HOME")]],
    ["actions[0].add_shipping_address_id.address", missing, [list("addShippingAddressId", NONE)]],
    ["actions[0].add_billing_address_id.address", missing, [list("addBillingAddressId", NONE)]],
    ["actions[0].remove_shipping_address_id.address", missing, [list("removeShippingAddressId", NONE)]],
    [
      "actions[0].remove_shipping_address_id.address",
      "it is not among the shipping addresses",
      [list("removeShippingAddressId", C)],
    ],
    [
      "actions[1].remove_billing_address_id.address",
      "it is not among the billing addresses",
      [list("removeBillingAddressId", "work"), list("removeBillingAddressId", "work")],
    ],
    ["actions[0].add_address.address.key", taken, [add({ key: "home" })]],
    ["actions[1].add_address.address.key", taken, [add({ key: "new" }), add({ key: "new" })]],
    ["actions[0].change_address.draft.key", taken, [change("home", { key: "work" })]],
    [
      "actions[0].set_address_custom_type.address",
      missing,
      [{ case: "setAddressCustomType", value: { address: ref(NONE) } }],
    ],
    [
      "actions[0].set_address_custom_field.address",
      missing,
      [{ case: "setAddressCustomField", value: { address: ref("none"), name: "tier" } }],
    ],
  ])("at %s, since %s", (field, description, actions) => {
    expect(refusalOfActions(customer, ...actions)).toMatchObject({
      code: "FailedPrecondition",
      reason: "OPERATION_NOT_ALLOWED",
      metadata: { field },
      message: `${field}: ${description}`,
    });
  });
});

test("there are 100 addresses, and not one more, unless one goes first", () => {
  const addresses: AddressState[] = Array.from({ length: 99 }, (_, n) => ({
    id: idOf(`${n + 100}`),
    country: "DE",
  }));
  const almost = { ...customer, addresses: [HOME, ...addresses] };
  expect(refusalOfActions(almost, add({}))).toMatchObject({
    code: "ResourceExhausted",
    reason: "LIMIT_REACHED",
    metadata: { limit_name: "addresses_of_a_customer", limit: "100", current: "100" },
  });
  expect(apply(almost, remove("home"), add({})).addresses).toHaveLength(100);
  expect(apply(almost, add({}), remove("home")).addresses).toHaveLength(100);
});
