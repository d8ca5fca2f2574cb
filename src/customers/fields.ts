import { customField, customOf } from "../custom-fields/fields.ts";
import type { Expression } from "../db/expression.ts";
import { orders } from "../orders/fields.ts";
import type { Fields, ObjectListField, ScalarField } from "../predicates/field.ts";
import {
  column,
  columnField,
  HEADER_FIELDS,
  listColumn,
  mapColumn,
  memberField,
  textColumns,
} from "../predicates/fields-of-columns.ts";
import { ELEMENT, elementsOf } from "../predicates/fields-of-elements.ts";
import { BOOLEAN, DAY, NUMBER, PART_ID, TEXT, TIME, words } from "../predicates/kinds.ts";
import { email, lowercaseEmail } from "./email-fields.ts";
import { assignments, primaryGroup } from "./group-fields.ts";
import { ADDRESS_TEXTS } from "./state.ts";

const addresses: ObjectListField = elementsOf(
  "addresses",
  Object.fromEntries(["id", "key", "country", ...ADDRESS_TEXTS].map((name) => [name, TEXT])),
  {
    custom: customOf(
      memberField(ELEMENT, "customTypeId", { ...TEXT, type: "uuid" }).value,
      customFieldsOfElement(),
    ),
  },
  true,
);

function customFieldsOfElement(): Expression {
  return (scope, of) => scope.sql`(${ELEMENT(scope, of)} -> 'customFields')`;
}

const paymentSources = elementsOf("payment_sources", {
  id: PART_ID,
  token: TEXT,
  gateway: TEXT,
  brand: TEXT,
  last4: TEXT,
  expiryMonth: NUMBER,
  expiryYear: NUMBER,
});

const subscriptions = elementsOf("subscriptions", {
  id: PART_ID,
  reference: TEXT,
  startedAt: TIME,
  endedAt: TIME,
});

const status: ScalarField = {
  form: "scalar",
  kind: words("CUSTOMER_STATUS_", ["prospect", "acquired", "repeat"]),
  value: ({ sql }, of) => {
    const count = sql(`${of}.placed_order_count`);
    return sql`(case ${count} when 0 then 'prospect' when 1 then 'acquired' else 'repeat' end collate "C")`;
  },
  isNullable: false,
  isAny: (statuses) => (scope, of) => {
    const count = column("placed_order_count");
    const isAmong = (name: string) => scope.sql`${statuses.includes(name)}::boolean`;
    return scope.sql`(
      ${count(scope, of)} = 0 and ${isAmong("prospect")}
      or ${count(scope, of)} = 1 and ${isAmong("acquired")}
      or ${count(scope, of)} >= 2 and ${isAmong("repeat")}
    )`;
  },
};

/** What predicates and sorts of customers can name. */
export const customerFields: Fields = {
  ...HEADER_FIELDS,
  ...textColumns([
    "customerNumber",
    "externalId",
    "firstName",
    "lastName",
    "middleName",
    "title",
    "salutation",
    "companyName",
    "vatId",
    "locale",
    "defaultShippingAddressId",
    "defaultBillingAddressId",
  ]),
  email,
  lowercaseEmail,
  isEmailVerified: columnField("is_email_verified", BOOLEAN, false),
  // Credentials are still to come.
  hasPassword: { form: "scalar", kind: BOOLEAN, value: ({ sql }) => sql`false::boolean`, isNullable: false },
  dateOfBirth: columnField("date_of_birth", DAY),
  status,
  placedOrderCount: columnField("placed_order_count", NUMBER, false),
  customerGroup: primaryGroup,
  customerGroupAssignments: assignments,
  addresses,
  shippingAddressIds: listColumn("shipping_address_ids", TEXT),
  billingAddressIds: listColumn("billing_address_ids", TEXT),
  paymentSources,
  subscriptions,
  orders,
  tags: listColumn("tags", TEXT, true),
  metadata: mapColumn("metadata", true),
  custom: customField(true),
};
