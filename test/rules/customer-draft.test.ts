import { describe, expect, test } from "vitest";
import { NO_CUSTOM_FIELDS } from "../../src/custom-fields/state.ts";
import { CUSTOMER_TEXTS, type CustomerState } from "../../src/customers/state.ts";
import { type Draft, GOLD, idOf, NOW, ref, SILVER, stateOf, TYPE, VIP } from "./customers.ts";
import { refusalOf } from "./refusal.ts";

const NO_TEXTS = Object.fromEntries(CUSTOMER_TEXTS.map((name) => [name, null]));
const [A0, A1, A2, A3] = [idOf("0"), idOf("1"), idOf("2"), idOf("3")] as const;
const four = ["a0", "a1", "a2", "a3"].map((key) => ({ key, country: "DE" }));

test("of nothing but an email address there is nothing else", () => {
  expect(stateOf({ email: "Ann@Example.com" })).toEqual({
    ...NO_CUSTOM_FIELDS,
    ...NO_TEXTS,
    email: "Ann@Example.com",
    emailCanonical: "ann@example.com",
    isEmailVerified: false,
    customerGroupId: null,
    customerGroupAssignments: [],
    addresses: [],
    defaultShippingAddressId: null,
    shippingAddressIds: [],
    defaultBillingAddressId: null,
    billingAddressIds: [],
    paymentSources: [],
    subscriptions: [],
    tags: [],
    metadata: null,
  });
});

describe("of four addresses, lists begin with the default, and name each once:", () => {
  test.each<readonly [string, Draft, Partial<CustomerState>]>([
    [
      "both defaults and both lists",
      {
        defaultBillingAddress: 0,
        billingAddresses: [3],
        defaultShippingAddress: 1,
        shippingAddresses: [2],
      },
      {
        defaultBillingAddressId: A0,
        billingAddressIds: [A0, A3],
        defaultShippingAddressId: A1,
        shippingAddressIds: [A1, A2],
      },
    ],
    [
      "a default that is listed too",
      { defaultShippingAddress: 2, shippingAddresses: [3, 2, 0] },
      { defaultShippingAddressId: A2, shippingAddressIds: [A2, A3, A0] },
    ],
    [
      "a default alone",
      { defaultBillingAddress: 3 },
      { defaultBillingAddressId: A3, billingAddressIds: [A3] },
    ],
    ["a list alone", { shippingAddresses: [3, 1] }, { shippingAddressIds: [A3, A1] }],
    [
      "one address for everything",
      { defaultBillingAddress: 0, defaultShippingAddress: 0, billingAddresses: [0], shippingAddresses: [0] },
      {
        defaultBillingAddressId: A0,
        billingAddressIds: [A0],
        defaultShippingAddressId: A0,
        shippingAddressIds: [A0],
      },
    ],
    ["no list", {}, {}],
  ])("%s", (_, draft, said) => {
    expect(stateOf({ addresses: four, ...draft })).toEqual({
      ...stateOf({}),
      addresses: four.map((address, n) => ({ id: idOf(`${n}`), ...address })),
      ...said,
    });
  });
});

describe("keeps", () => {
  test.each<readonly [string, Draft, Partial<CustomerState>]>([
    ["that the email address is verified", { isEmailVerified: true }, { isEmailVerified: true }],
    ["a day that exists", { dateOfBirth: "2000-02-29" }, { dateOfBirth: "2000-02-29" }],
    ["the primary group", { customerGroup: ref("gold") }, { customerGroupId: GOLD }],
    [
      "other groups, each once, in the order named",
      { customerGroupAssignments: [ref(VIP.toUpperCase()), ref("silver"), ref("vip"), ref(SILVER)] },
      { customerGroupAssignments: [VIP, SILVER] },
    ],
    [
      "one group as the primary one and another",
      { customerGroup: ref("gold"), customerGroupAssignments: [ref(GOLD)] },
      { customerGroupId: GOLD, customerGroupAssignments: [GOLD] },
    ],
    [
      "subscriptions, from now unless it says otherwise, to the millisecond",
      {
        subscriptions: [{ reference: "a" }, { reference: "b", startedAt: { seconds: 1n, nanos: 1_999_999 } }],
      },
      {
        subscriptions: [
          { id: idOf("0"), reference: "a", startedAt: NOW },
          { id: idOf("1"), reference: "b", startedAt: "1970-01-01T00:00:01.001Z" },
        ],
      },
    ],
    [
      "payment sources, and no more of them than was said",
      { paymentSources: [{ token: "t" }, { token: "u", gateway: "g", expiryMonth: 1, expiryYear: 2030 }] },
      {
        paymentSources: [
          { id: idOf("0"), token: "t" },
          { id: idOf("1"), token: "u", gateway: "g", expiryMonth: 1, expiryYear: 2030 },
        ],
      },
    ],
    ["metadata in its normal form", { metadata: { z: -0 } }, { metadata: { z: 0 } }],
    [
      "custom fields",
      { custom: { type: ref("both"), fields: { tier: "a", level: null } } },
      { customTypeId: TYPE.id, customFields: { tier: "a" } },
    ],
    [
      "custom fields of an address",
      { addresses: [{ country: "DE", custom: { type: ref("place"), fields: { tier: "a" } } }] },
      { addresses: [{ id: A0, country: "DE", customTypeId: idOf("78"), customFields: { tier: "a" } }] },
    ],
  ])("%s", (_, draft, said) => {
    expect(stateOf(draft)).toEqual({ ...stateOf({}), ...said });
  });
});

describe("is refused:", () => {
  test.each<readonly [string, Draft, reason: string, path: string]>([
    ["a domain that is none", { email: "ann@a|b" }, "FIELD_INVALID", "draft.email"],
    [
      "an address that is much longer when compared",
      { email: `${"ﷺ".repeat(100)}@example.com` },
      "FIELD_INVALID",
      "draft.email",
    ],
    ["a day that isn't there", { dateOfBirth: "1900-02-29" }, "FIELD_INVALID", "draft.date_of_birth"],
    [
      "a default beyond the addresses",
      { addresses: four, defaultShippingAddress: 4 },
      "FIELD_INVALID",
      "draft.default_shipping_address",
    ],
    [
      "a default of no addresses",
      { defaultBillingAddress: 0 },
      "FIELD_INVALID",
      "draft.default_billing_address",
    ],
    [
      "a listed one beyond the addresses",
      { addresses: four, billingAddresses: [3, 4] },
      "FIELD_INVALID",
      "draft.billing_addresses[1]",
    ],
    [
      "one key for two addresses",
      { addresses: [...four, { key: "a1", country: "FR" }] },
      "FIELD_INVALID",
      "draft.addresses[4].key",
    ],
    ["no such primary group", { customerGroup: ref("none") }, "REFERENCE_NOT_FOUND", "draft.customer_group"],
    [
      "no such other group",
      { customerGroupAssignments: [ref(GOLD), ref(idOf("99"))] },
      "REFERENCE_NOT_FOUND",
      "draft.customer_group_assignments[1]",
    ],
    [
      "a time in the year 10000",
      { subscriptions: [{ reference: "a", startedAt: { seconds: 253402300800n, nanos: 0 } }] },
      "FIELD_INVALID",
      "draft.subscriptions[0].started_at",
    ],
    [
      "a card's number",
      { paymentSources: [{ token: "t" }, { token: "t", brand: "4111 1111 1111 1111" }] },
      "FIELD_INVALID",
      "draft.payment_sources[1].brand",
    ],
    ["no such type", { custom: { type: ref("none") } }, "REFERENCE_NOT_FOUND", "draft.custom.type"],
    [
      "a type for addresses",
      { custom: { type: ref("place") } },
      "OPERATION_NOT_ALLOWED",
      "draft.custom.type",
    ],
    [
      "a type for customers on an address",
      { addresses: [{ country: "DE", custom: { type: ref("person") } }] },
      "OPERATION_NOT_ALLOWED",
      "draft.addresses[0].custom.type",
    ],
    ["no required field", { custom: { type: ref("both") } }, "FIELD_REQUIRED", "draft.custom.fields.tier"],
    [
      "no required field of an address",
      { addresses: [four[0] ?? {}, { country: "DE", custom: { type: ref("both") } }] },
      "FIELD_REQUIRED",
      "draft.addresses[1].custom.fields.tier",
    ],
  ])("%s", (_, draft, reason, field) => {
    expect(refusalOf(() => stateOf(draft))).toMatchObject({ reason, metadata: { field } });
  });
});
