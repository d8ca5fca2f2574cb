import type { MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import fc from "fast-check";
import type { AddressDraftSchema } from "../../gen/clientele/v1/address_pb.ts";
import type { CustomFieldsDraftSchema } from "../../gen/clientele/v1/custom_fields_pb.ts";
import type { CustomTypeDraftSchema } from "../../gen/clientele/v1/custom_type_service_pb.ts";
import type { CustomerGroupDraftSchema } from "../../gen/clientele/v1/customer_group_service_pb.ts";
import type { CustomerDraftSchema, OrderDraftSchema } from "../../gen/clientele/v1/customer_service_pb.ts";
import { OrderStatus } from "../../gen/clientele/v1/order_pb.ts";
import { ResourceType } from "../../gen/clientele/v1/resource_type_pb.ts";
import { byId } from "../conformance/groups.ts";
import { DAYS, NUMBERS, TEXTS, TIMES } from "./odd-values.ts";
import { metadata } from "./random-metadata.ts";
import { FIELDS, fieldValues, type Targets } from "./random-types.ts";

export type TypeDraft = MessageInitShape<typeof CustomTypeDraftSchema>;
export type GroupDraft = MessageInitShape<typeof CustomerGroupDraftSchema>;
export type CustomerDraft = MessageInitShape<typeof CustomerDraftSchema>;
export type OrderDraft = MessageInitShape<typeof OrderDraftSchema>;
type AddressDraft = MessageInitShape<typeof AddressDraftSchema>;
type CustomDraft = MessageInitShape<typeof CustomFieldsDraftSchema>;

/** A type that is there, and the names of its fields. */
export type OwnType = { readonly id: string; readonly fields: readonly string[] };

const text = fc.constantFrom(...TEXTS);
const time = fc.constantFrom(...TIMES).map((one) => timestampFromDate(new Date(one)));
const localized = fc.dictionary(fc.constantFrom("en", "de-DE", "zh-Hant-TW"), text, { minKeys: 1 });
const references = {
  reference: maybe(text),
  referenceOrigin: maybe(fc.constantFrom("crm", "CRM", "shop")),
  metadata: maybe(metadata),
};

export const typeDrafts: fc.Arbitrary<TypeDraft> = fc
  .record({
    name: localized,
    description: maybe(localized),
    resourceTypes: fc.constantFrom(
      [ResourceType.CUSTOMER_GROUP, ResourceType.CUSTOMER, ResourceType.ADDRESS],
      [ResourceType.CUSTOMER],
      [ResourceType.CUSTOMER_GROUP],
      [ResourceType.ADDRESS, ResourceType.CUSTOMER],
    ),
    fieldDefinitions: fc
      .subarray([...FIELDS])
      .map((some) => some.map(({ name, type }) => ({ name, type: { type } }))),
    labels: maybe(localized),
    required: fc.boolean(),
    ...references,
  })
  .map(({ labels, required, fieldDefinitions, ...draft }): object => ({
    ...known(draft),
    fieldDefinitions: [
      ...fieldDefinitions,
      // Required, and of types that no resource has.
      ...(required ? [{ name: "must", type: { type: FIELDS[0]?.type }, required, label: labels ?? {} }] : []),
    ],
  }));

export function groupDrafts(types: readonly OwnType[], targets: Targets): fc.Arbitrary<GroupDraft> {
  return fc
    .record({
      priceListId: maybe(text),
      marketIds: fc.uniqueArray(text, { maxLength: 3 }),
      custom: fc.option(customOf(types, targets), { nil: undefined, freq: 4 }),
      ...references,
    })
    .map((draft) => known(draft));
}

export function customerDrafts(types: readonly OwnType[], targets: Targets): fc.Arbitrary<CustomerDraft> {
  const group = fc.constantFrom(...targets.groupIds).map(byId);
  return fc
    .record({
      ...Object.fromEntries(
        ["externalId", "firstName", "lastName", "middleName", "title", "companyName", "vatId"].map((name) => [
          name,
          maybe(text),
        ]),
      ),
      isEmailVerified: fc.boolean(),
      dateOfBirth: maybe(fc.constantFrom(...DAYS)),
      locale: maybe(fc.constantFrom("en", "de-DE", "zh-Hant-TW")),
      customerGroup: maybe(group),
      customerGroupAssignments: fc.array(group, { maxLength: 3 }),
      addresses: fc.array(addressDrafts(types, targets), { maxLength: 3 }),
      tags: fc.uniqueArray(text, { maxLength: 4 }),
      paymentSources: fc.array(paymentSource, { maxLength: 2 }),
      subscriptions: fc.array(fc.record({ reference: text, startedAt: time }), { maxLength: 2 }),
      custom: fc.option(customOf(types, targets), { nil: undefined, freq: 4 }),
      ...references,
    })
    .map(
      (draft) =>
        ({
          ...known(draft),
          ...(draft.addresses.length > 0 && {
            defaultShippingAddress: 0,
            billingAddresses: [draft.addresses.length - 1],
          }),
        }) as CustomerDraft,
    );
}

const paymentSource = fc
  .record({
    token: fc.constantFrom("tok_1", "tok_2", "TOK_1"),
    gateway: maybe(fc.constantFrom("adyen", "Adyen")),
    brand: maybe(text),
    last4: maybe(fc.constantFrom("0000", "4242")),
    expiryMonth: maybe(fc.integer({ min: 1, max: 12 })),
    expiryYear: maybe(fc.constantFrom(2000, 2027, 9999)),
  })
  .map((draft) => known(draft));

function addressDrafts(types: readonly OwnType[], targets: Targets): fc.Arbitrary<AddressDraft> {
  const names = [
    "firstName",
    "streetName",
    "streetNumber",
    "postalCode",
    "city",
    "poBox",
    "email",
    "externalId",
  ];
  return fc
    .record({
      country: fc.constantFrom("DE", "FR"),
      ...Object.fromEntries(names.map((name) => [name, maybe(text)])),
      custom: fc.option(customOf(types, targets), { nil: undefined, freq: 4 }),
    })
    .map((draft) => known(draft) as AddressDraft);
}

export const orderDrafts: fc.Arbitrary<Omit<OrderDraft, "$typeName">> = fc
  .record({
    status: fc.constantFrom(OrderStatus.PENDING, OrderStatus.PLACED, OrderStatus.CANCELLED),
    placedAt: time,
    total: fc.record({
      currencyCode: fc.constantFrom("EUR", "JPY"),
      centAmount: fc.constantFrom(...NUMBERS.filter(Number.isSafeInteger)).map(BigInt),
    }),
  })
  .map(({ placedAt, ...order }) => (order.status === OrderStatus.PLACED ? { ...order, placedAt } : order));

function customOf(types: readonly OwnType[], targets: Targets): fc.Arbitrary<CustomDraft> {
  return fc
    .constantFrom(...types)
    .chain(({ id, fields }) =>
      fieldValues(fields, targets).map((values) => ({ type: byId(id), fields: values })),
    );
}

function maybe<Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> {
  return fc.option(value, { nil: undefined, freq: 2 });
}

/** Without what isn't there: not even by name. */
function known<Draft extends object>(
  draft: Draft,
): { [Name in keyof Draft]: Exclude<Draft[Name], undefined> } {
  return Object.fromEntries(Object.entries(draft).filter(([, value]) => value !== undefined)) as never;
}
