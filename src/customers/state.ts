import type { JsonObject } from "@bufbuild/protobuf";
import type { CustomState } from "../custom-fields/state.ts";

/** The texts of an address besides its country, as the API names them. */
export const ADDRESS_TEXTS = [
  "title",
  "salutation",
  "firstName",
  "lastName",
  "streetName",
  "streetNumber",
  "additionalStreetInfo",
  "postalCode",
  "city",
  "region",
  "state",
  "company",
  "department",
  "building",
  "apartment",
  "poBox",
  "phone",
  "mobile",
  "email",
  "fax",
  "additionalAddressInfo",
  "externalId",
] as const;

/** What is not said is not there. */
export type AddressState = { readonly [name in (typeof ADDRESS_TEXTS)[number]]?: string } & {
  readonly id: string;
  readonly key?: string;
  readonly country: string;
  readonly customTypeId?: string;
  readonly customFields?: JsonObject;
};

export type PaymentSourceState = {
  readonly id: string;
  readonly token: string;
  readonly gateway?: string;
  readonly brand?: string;
  readonly last4?: string;
  readonly expiryMonth?: number;
  readonly expiryYear?: number;
};

/** The times are ISO 8601, to the millisecond. */
export type SubscriptionState = {
  readonly id: string;
  readonly reference: string;
  readonly startedAt: string;
  readonly endedAt?: string;
};

/** Texts that a customer has or has not, as the API names them. */
export const CUSTOMER_TEXTS = [
  "key",
  "customerNumber",
  "externalId",
  "firstName",
  "lastName",
  "middleName",
  "title",
  "salutation",
  "dateOfBirth",
  "companyName",
  "vatId",
  "locale",
  "reference",
  "referenceOrigin",
] as const;

export type AddressRole = "shipping" | "billing";

/** The part of a customer that its users decide. */
export type CustomerState = CustomState & {
  readonly [name in (typeof CUSTOMER_TEXTS)[number]]: string | null;
} & {
  readonly email: string;
  readonly emailCanonical: string;
  readonly isEmailVerified: boolean;
  readonly customerGroupId: string | null;
  readonly customerGroupAssignments: readonly string[];
  readonly addresses: readonly AddressState[];
  readonly defaultShippingAddressId: string | null;
  readonly shippingAddressIds: readonly string[];
  readonly defaultBillingAddressId: string | null;
  readonly billingAddressIds: readonly string[];
  readonly paymentSources: readonly PaymentSourceState[];
  readonly subscriptions: readonly SubscriptionState[];
  readonly tags: readonly string[];
  readonly metadata: JsonObject | null;
};

/** At most so many of each on one customer. */
export const MAX_ASSIGNMENTS = 500;
export const MAX_ADDRESSES = 100;
export const MAX_PAYMENT_SOURCES = 100;
export const MAX_SUBSCRIPTIONS = 100;
export const MAX_TAGS = 10;

/** The custom fields of an address, as rules take them. */
export function customOfAddress({ customTypeId, customFields }: AddressState): CustomState {
  return { customTypeId: customTypeId ?? null, customFields: customFields ?? null };
}

/** All groups that a customer is a member of, each once. */
export function groupIdsOf({
  customerGroupId,
  customerGroupAssignments,
}: Pick<CustomerState, "customerGroupId" | "customerGroupAssignments">): readonly string[] {
  return [...new Set([...(customerGroupId === null ? [] : [customerGroupId]), ...customerGroupAssignments])];
}

/** All custom types of the addresses, each once. */
export function addressTypeIdsOf({ addresses }: Pick<CustomerState, "addresses">): readonly string[] {
  return [...new Set(addresses.flatMap(({ customTypeId }) => customTypeId ?? []))];
}
