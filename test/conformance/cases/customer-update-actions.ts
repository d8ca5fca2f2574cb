import { expect, test } from "vitest";
import { CustomerUpdateActionSchema } from "../../../gen/clientele/v1/customer_service_pb.ts";
import { customerTexts, kept, setting } from "../customer-texts.ts";
import { customerJson, getCustomer, newCustomer, updateCustomer } from "../customers.ts";
import { newGroup, TIMESTAMP, UUID_V7 } from "../groups.ts";
import type { Ground } from "../suite.ts";
import { fields, newType } from "../types.ts";

export function customerUpdateActionCases(ground: () => Ground): void {
  test("applies every action on a customer, in order, in one update", async () => {
    const { customers, seeder } = ground();
    const resourceTypes = ["RESOURCE_TYPE_CUSTOMER", "RESOURCE_TYPE_ADDRESS"];
    const type = await newType(seeder.types, { resourceTypes, ...fields("note", "score") });
    const [primary, other] = [await newGroup(seeder.groups), await newGroup(seeder.groups)];
    const { email, key, ...texts } = customerTexts();
    const before = await newCustomer(customers, {
      addresses: [{ key: "home", country: "DE", city: "Köln" }],
      paymentSources: [{ token: "tok_1", brand: "Visa" }, { token: "tok_2" }],
      subscriptions: [{ reference: "news", startedAt: "2020-01-01T00:00:00Z" }, { reference: "club" }],
      tags: ["a", "b"],
    });
    const [home = ""] = before.addresses.map(({ id }) => id);
    const [source = "", otherSource = ""] = before.paymentSources.map(({ id }) => id);
    const [news = "", club = ""] = before.subscriptions.map(({ id }) => id);
    const custom = { type: { key: type.key }, fields: { note: "n" } };
    const actions = [
      { setKey: { key } },
      { changeEmail: { email } },
      ...Object.entries(texts).map(([name, text]) => ({ [setting(name)]: { [name]: text } })),
      { setReference: { reference: "r-1", referenceOrigin: "crm" } },
      { setMetadata: { metadata: { a: [1, null, { b: "ü" }] } } },
      { addAddress: { address: { key: "work", country: "FR" } } },
      { addAddress: { address: { key: "gone", country: "IT" } } },
      { changeAddress: { address: { key: "home" }, draft: { country: "AT", streetName: "Graben" } } },
      { setDefaultShippingAddress: { address: { key: "work" } } },
      { setDefaultBillingAddress: { address: { id: home } } },
      { addShippingAddressId: { address: { id: home.toUpperCase() } } },
      { addBillingAddressId: { address: { key: "work" } } },
      { addBillingAddressId: { address: { key: "gone" } } },
      { removeBillingAddressId: { address: { key: "work" } } },
      { removeShippingAddressId: { address: { id: home } } },
      { removeAddress: { address: { key: "gone" } } },
      { setAddressCustomType: { address: { key: "work" }, ...custom } },
      { setAddressCustomField: { address: { key: "work" }, name: "score", value: -0.5 } },
      { setCustomType: custom },
      { setCustomField: { name: "note", value: null } },
      { addCustomerGroupAssignment: { customerGroup: { id: other.id } } },
      { removeCustomerGroupAssignment: { customerGroup: { id: other.id } } },
      { setCustomerGroupAssignments: { customerGroups: [{ id: other.id }, { id: primary.id }] } },
      { setCustomerGroup: { customerGroup: { id: primary.id } } },
      { addTag: { tag: "größe" } },
      { removeTag: { tag: "a" } },
      { addPaymentSource: { paymentSource: { token: "tok_3", expiryMonth: 1, expiryYear: 2000 } } },
      { changePaymentSource: { id: source, paymentSource: { token: "tok_4", last4: "0000" } } },
      { removePaymentSource: { id: otherSource } },
      { addSubscription: { subscription: { reference: "magazine" } } },
      { changeSubscription: { id: club, subscription: { reference: "circle" } } },
      { endSubscription: { id: news, endedAt: "2020-01-01T00:00:00.001Z" } },
    ];
    expect([...new Set(actions.flatMap(Object.keys))].toSorted()).toEqual(
      CustomerUpdateActionSchema.fields.map(({ jsonName }) => jsonName).toSorted(),
    );

    const after = await updateCustomer(customers, before, ...actions);
    const [, work] = after.addresses.map(({ id }) => id);
    expect(customerJson(after)).toEqual({
      ...kept(before),
      ...texts,
      email,
      key,
      version: "2",
      lastModifiedAt: expect.stringMatching(TIMESTAMP),
      reference: "r-1",
      referenceOrigin: "crm",
      metadata: { a: [1, null, { b: "ü" }] },
      addresses: [
        { id: home, country: "AT", streetName: "Graben" },
        {
          id: expect.stringMatching(UUID_V7),
          key: "work",
          country: "FR",
          custom: { type: { id: type.id }, fields: { note: "n", score: -0.5 } },
        },
      ],
      defaultShippingAddressId: work,
      shippingAddressIds: [work],
      defaultBillingAddressId: home,
      billingAddressIds: [home],
      custom: { type: { id: type.id }, fields: {} },
      customerGroup: { id: primary.id },
      customerGroupAssignments: [other, primary].map(({ id }) => ({ customerGroup: { id } })),
      tags: ["b", "größe"],
      paymentSources: [
        { id: source, token: "tok_4", last4: "0000" },
        { id: expect.stringMatching(UUID_V7), token: "tok_3", expiryMonth: 1, expiryYear: 2000 },
      ],
      subscriptions: [
        {
          id: news,
          reference: "news",
          startedAt: "2020-01-01T00:00:00Z",
          endedAt: "2020-01-01T00:00:00.001Z",
        },
        { id: club, reference: "circle", startedAt: customerJson(before).createdAt },
        {
          id: expect.stringMatching(UUID_V7),
          reference: "magazine",
          startedAt: customerJson(after).lastModifiedAt,
        },
      ],
    });
    expect(await getCustomer(customers, after)).toEqual(after);
  });
}
