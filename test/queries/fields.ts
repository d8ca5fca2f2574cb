/** What docs/queries.md says a field is. `free` is metadata, and the values of custom fields. */
export type Kind =
  | { readonly kind: "text" | "email" | "lowercaseEmail" | "id" | "number" | "boolean" | "time" | "day" }
  | { readonly kind: "word"; readonly prefix: string; readonly words: readonly string[] }
  | { readonly kind: "list"; readonly of: Kind }
  | ObjectKind
  | { readonly kind: "objects"; readonly of: ObjectKind };

export type ObjectKind =
  | { readonly kind: "object"; readonly fields: Readonly<Record<string, Kind>> }
  /** Texts by locale. */
  | { readonly kind: "localized" }
  | { readonly kind: "free"; readonly keepsTimes: boolean };

const TEXT = { kind: "text" } as const;
const ID = { kind: "id" } as const;
const NUMBER = { kind: "number" } as const;
const BOOLEAN = { kind: "boolean" } as const;
const TIME = { kind: "time" } as const;
const LOCALIZED = { kind: "localized" } as const;
const TEXTS = { kind: "list", of: TEXT } as const;

const REFERENCE = object({ id: ID, key: TEXT });
const CUSTOM = object({ type: REFERENCE, fields: { kind: "free", keepsTimes: true } });
const ACTOR = object(texts("clientId", "externalUserId", "customerId", "anonymousId"));

const HEAD = {
  id: ID,
  version: NUMBER,
  createdAt: TIME,
  lastModifiedAt: TIME,
  createdBy: ACTOR,
  lastModifiedBy: ACTOR,
  ...texts("key", "reference", "referenceOrigin"),
  metadata: { kind: "free", keepsTimes: false },
} as const;

const ADDRESS = object({
  ...texts("id", "key", "country", "title", "salutation", "firstName", "lastName", "streetName"),
  ...texts("streetNumber", "additionalStreetInfo", "postalCode", "city", "region", "state", "company"),
  ...texts("department", "building", "apartment", "poBox", "phone", "mobile", "email", "fax"),
  ...texts("additionalAddressInfo", "externalId"),
  custom: CUSTOM,
});

const ORDER = object({
  orderId: TEXT,
  status: { kind: "word", prefix: "ORDER_STATUS_", words: ["pending", "placed", "cancelled"] },
  placedAt: TIME,
  createdAt: TIME,
  lastModifiedAt: TIME,
  total: object({ currencyCode: TEXT, centAmount: NUMBER }),
});

export const CUSTOMER = object({
  ...HEAD,
  ...texts("customerNumber", "externalId", "firstName", "lastName", "middleName"),
  ...texts("title", "salutation", "companyName", "vatId", "locale"),
  ...texts("defaultShippingAddressId", "defaultBillingAddressId"),
  email: { kind: "email" },
  lowercaseEmail: { kind: "lowercaseEmail" },
  dateOfBirth: { kind: "day" },
  isEmailVerified: BOOLEAN,
  hasPassword: BOOLEAN,
  placedOrderCount: NUMBER,
  status: { kind: "word", prefix: "CUSTOMER_STATUS_", words: ["prospect", "acquired", "repeat"] },
  tags: TEXTS,
  shippingAddressIds: TEXTS,
  billingAddressIds: TEXTS,
  customerGroup: REFERENCE,
  custom: CUSTOM,
  customerGroupAssignments: objects({ customerGroup: REFERENCE }),
  addresses: { kind: "objects", of: ADDRESS },
  paymentSources: objects({
    id: ID,
    ...texts("token", "gateway", "brand", "last4"),
    expiryMonth: NUMBER,
    expiryYear: NUMBER,
  }),
  subscriptions: objects({ id: ID, reference: TEXT, startedAt: TIME, endedAt: TIME }),
  orders: { kind: "objects", of: ORDER },
});

export const CUSTOMER_GROUP = object({
  ...HEAD,
  ...texts("name", "priceListId"),
  customerCount: NUMBER,
  marketIds: TEXTS,
  custom: CUSTOM,
  attachments: objects({ id: ID, ...texts("name", "description", "url", "reference") }),
});

export const CUSTOM_TYPE = object({
  ...HEAD,
  name: LOCALIZED,
  description: LOCALIZED,
  resourceTypes: {
    kind: "list",
    of: { kind: "word", prefix: "RESOURCE_TYPE_", words: ["customer", "customer-group", "address"] },
  },
  fieldDefinitions: objects({ name: TEXT, required: BOOLEAN, label: LOCALIZED }),
});

function texts(...names: readonly string[]): Record<string, Kind> {
  return Object.fromEntries(names.map((name) => [name, TEXT]));
}

function object(fields: Readonly<Record<string, Kind>>): ObjectKind {
  return { kind: "object", fields };
}

function objects(fields: Readonly<Record<string, Kind>>): Kind {
  return { kind: "objects", of: object(fields) };
}
