import { beforeAll, expect, test } from "vitest";
import { AddressDraftSchema } from "../../../gen/clientele/v1/address_pb.ts";
import type { CustomType } from "../../../gen/clientele/v1/custom_type_pb.ts";
import { CustomerDraftSchema } from "../../../gen/clientele/v1/customer_service_pb.ts";
import { customerTexts } from "../customer-texts.ts";
import { customerJson, getCustomer, newCustomer, uniqueEmail } from "../customers.ts";
import { newGroup, TIMESTAMP, UUID_V7, unique } from "../groups.ts";
import type { Ground } from "../suite.ts";
import { fields, newType } from "../types.ts";

export function customerCases(ground: () => Ground): void {
  let type: CustomType;

  beforeAll(async () => {
    const resourceTypes = ["RESOURCE_TYPE_CUSTOMER", "RESOURCE_TYPE_ADDRESS"];
    type = await newType(ground().seeder.types, { resourceTypes, ...fields("note", "score", "budget") });
  });

  test("creates a customer with every field", async () => {
    const { customers, seeder } = ground();
    const key = unique("vip");
    const primary = await newGroup(seeder.groups);
    const other = await newGroup(seeder.groups, { key });
    const { custom, ...address } = wholeAddress(type);
    const whole = wholeDraft();
    const draft = {
      ...whole,
      customerGroup: { id: primary.id.toUpperCase() },
      customerGroupAssignments: [{ key }, { id: primary.id }, { key }],
      addresses: [{ country: "FR" }, { ...address, custom }, { country: "AT" }],
      defaultShippingAddress: 1,
      shippingAddresses: [0, 1],
      defaultBillingAddress: 0,
      billingAddresses: [2],
      custom: { type: { key: type.key }, fields: { note: "größe 🎁", score: 1e-7 } },
    };
    expect(Object.keys(draft).toSorted()).toEqual(namesOf(CustomerDraftSchema));

    const customer = await newCustomer(customers, draft);
    const [first, second, third] = customer.addresses.map(({ id }) => id);
    expect(customerJson(customer)).toEqual({
      ...whole,
      id: expect.stringMatching(UUID_V7),
      version: "1",
      createdAt: expect.stringMatching(TIMESTAMP),
      lastModifiedAt: customerJson(customer).createdAt,
      status: "CUSTOMER_STATUS_PROSPECT",
      customerGroup: { id: primary.id },
      customerGroupAssignments: [other, primary].map(({ id }) => ({ customerGroup: { id } })),
      addresses: [
        { id: expect.stringMatching(UUID_V7), country: "FR" },
        {
          id: second,
          ...address,
          custom: { ...custom, fields: { budget: { ...BUDGET, fractionDigits: 0 } } },
        },
        { id: third, country: "AT" },
      ],
      defaultShippingAddressId: second,
      shippingAddressIds: [second, first],
      defaultBillingAddressId: first,
      billingAddressIds: [first, third],
      paymentSources: whole.paymentSources.map((one) => ({ ...one, id: expect.stringMatching(UUID_V7) })),
      subscriptions: [
        { id: expect.stringMatching(UUID_V7), reference: "news", startedAt: "2020-02-29T12:34:56.789Z" },
        { id: expect.stringMatching(UUID_V7), reference: "old", startedAt: "0001-01-01T00:00:00Z" },
        { id: expect.stringMatching(UUID_V7), reference: "now", startedAt: customerJson(customer).createdAt },
      ],
      custom: { ...draft.custom, type: { id: type.id } },
      mode: "MODE_TEST",
      self: `projects/demo/customers/${customer.id}`,
    });
    expect(await getCustomer(customers, customer)).toEqual(customer);
  });

  test("leaves unset what a draft of a customer doesn't say", async () => {
    const { customers } = ground();
    const email = uniqueEmail();
    const customer = await newCustomer(customers, { email }, "live");
    expect(customerJson(customer)).toEqual({
      id: customer.id,
      version: "1",
      createdAt: expect.stringMatching(TIMESTAMP),
      lastModifiedAt: customerJson(customer).createdAt,
      email,
      status: "CUSTOMER_STATUS_PROSPECT",
      mode: "MODE_LIVE",
      self: `projects/live/customers/${customer.id}`,
    });
    expect(customer).toMatchObject({ isEmailVerified: false, hasPassword: false, placedOrderCount: 0 });
    expect(await getCustomer(customers, customer, "live")).toEqual(customer);
  });
}

const BUDGET = { currencyCode: "JPY", centAmount: 2 ** 53 - 1 };

/** What a customer has as its draft says it, and parts whose answer is the same but for an id. */
function wholeDraft() {
  return {
    ...customerTexts(),
    isEmailVerified: true,
    paymentSources: [
      { token: "tok_1", gateway: "pay", brand: "Visa", last4: "0042", expiryMonth: 12, expiryYear: 9999 },
      { token: "tok_2" },
    ],
    subscriptions: [
      // What is finer than a millisecond is cut off.
      { reference: "news", startedAt: "2020-02-29T12:34:56.789999999Z" },
      { reference: "old", startedAt: "0001-01-01T00:00:00Z" },
      { reference: "now" },
    ],
    tags: ["b", "größe", "a"],
    reference: "r-1",
    referenceOrigin: "crm",
    metadata: { since: 2019, perks: ["lounge", { nested: [true, null, -1.5] }], empty: {}, none: null },
  };
}

function wholeAddress(type: CustomType) {
  const custom = { type: { id: type.id }, fields: { budget: BUDGET } };
  const said = namesOf(AddressDraftSchema).map((name) => [name, `${name} ü`] as const);
  return { ...Object.fromEntries(said), key: "home", country: "DE", custom };
}

/** As JSON spells them. */
function namesOf({ fields: all }: { readonly fields: readonly { readonly jsonName: string }[] }): string[] {
  return all.map(({ jsonName }) => jsonName).toSorted();
}
