import type { JsonObject } from "@bufbuild/protobuf";
import { type Row, unlike } from "./field-rules.ts";

export const EMAIL = "^[^@\\p{Cc}\\p{Z}]+@[^@\\p{Cc}\\p{Z}]+$";
const DAY = "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$";
const CARD = [
  "payment_source.card_number",
  "looks like the number of a card, which is not kept here",
] as const;
const DOMAIN = ["email.domain", "must end with a domain"] as const;
const NO_DAY = ["date", "must be a day that exists"] as const;
const COUNTRY = ["string.pattern", unlike("^[A-Z]{2}$")] as const;
const home = { country: "DE", key: "home" };
export const between = (least: number | string, most: number | string) =>
  `must be greater than or equal to ${least} and less than or equal to ${most}`;

export const drafts: readonly Row<JsonObject>[] = [
  [{ email: "" }, "draft.email", "required", "value is required"],
  [{ email: "two words@shop.example" }, "draft.email", "string.pattern", unlike(EMAIL)],
  [{ email: "ann@shop.example/path" }, "draft.email", ...DOMAIN],
  [{ email: `${"ä".repeat(160)}@b` }, "draft.email", "string.max_bytes", "must be at most 320 bytes"],
  [{ dateOfBirth: "2023-02-29" }, "draft.date_of_birth", ...NO_DAY],
  [{ dateOfBirth: "2023-2-9" }, "draft.date_of_birth", "string.pattern", unlike(DAY)],
  [
    { paymentSources: [{ token: "t" }, { token: "4111 1111-1111 1111" }] },
    "draft.payment_sources[1].token",
    ...CARD,
  ],
  [
    { paymentSources: [{ token: "t", expiryMonth: 13 }] },
    "draft.payment_sources[0].expiry_month",
    "int32.gte_lte",
    between(1, 12),
  ],
  [
    { addresses: [home], defaultShippingAddress: 1 },
    "draft.default_shipping_address",
    "address.index",
    "must be less than 1, the number of addresses",
  ],
  [
    { addresses: [home], billingAddresses: [0, 99] },
    "draft.billing_addresses[1]",
    "address.index",
    "must be less than 1, the number of addresses",
  ],
  [{ shippingAddresses: [100] }, "draft.shipping_addresses[0]", "int32.gte_lte", between(0, 99)],
  [{ addresses: [home, { country: "de" }] }, "draft.addresses[1].country", ...COUNTRY],
  [
    { addresses: [home, home] },
    "draft.addresses[1].key",
    "address.unique_key",
    "another address of the customer has this key",
  ],
  [{ tags: ["a", "b", "a"] }, "draft.tags", "repeated.unique", "repeated value must contain unique items"],
  [{ customerGroup: {} }, "draft.customer_group.value", "required", "exactly one field is required in oneof"],
];

export const actions: readonly Row<JsonObject>[] = [
  [{}, "action", "required", "exactly one field is required in oneof"],
  [{ changeEmail: { email: "ann@a b" } }, "change_email.email", "string.pattern", unlike(EMAIL)],
  [{ changeEmail: { email: "ann@shop%2e" } }, "change_email.email", ...DOMAIN],
  [{ setDateOfBirth: { dateOfBirth: "1900-02-29" } }, "set_date_of_birth.date_of_birth", ...NO_DAY],
  [
    { addPaymentSource: { paymentSource: { token: "t", brand: "4111111111111111" } } },
    "add_payment_source.payment_source.brand",
    ...CARD,
  ],
  [{ addAddress: { address: { country: "GERMANY" } } }, "add_address.address.country", ...COUNTRY],
  [{ removeAddress: {} }, "remove_address.address", "required", "value is required"],
  [{ endSubscription: { id: "1" } }, "end_subscription.id", "string.uuid", "must be a valid UUID"],
  [
    { setAddressCustomType: { address: { key: "home" }, fields: {} } },
    "set_address_custom_type",
    "set_address_custom_type.fields_need_type",
    "fields need a type",
  ],
];

const PLACED_AT = [
  "order",
  "order.placed_at",
  "a placed order has placed_at, and a pending one has not",
] as const;
const money = (currencyCode: string, centAmount: string) => ({ total: { currencyCode, centAmount } });

export const orders: readonly Row<JsonObject>[] = [
  [{ status: "ORDER_STATUS_PLACED" }, ...PLACED_AT],
  [{ placedAt: "2024-01-01T00:00:00Z" }, ...PLACED_AT],
  [
    { status: "ORDER_STATUS_UNSPECIFIED" },
    "order.status",
    "enum.in",
    "must be ORDER_STATUS_PENDING, ORDER_STATUS_PLACED or ORDER_STATUS_CANCELLED",
  ],
  [money("EUX", "1"), "order.total.currency_code", "money.currency", "must be a currency of ISO 4217"],
  [money("eur", "1"), "order.total.currency_code", "string.pattern", unlike("^[A-Z]{3}$")],
  [
    money("EUR", "-9007199254740992"),
    "order.total.cent_amount",
    "int64.gte_lte",
    between("-9007199254740991", "9007199254740991"),
  ],
];
