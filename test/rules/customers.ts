import { create, type MessageInitShape } from "@bufbuild/protobuf";
import {
  CustomerDraftSchema,
  type CustomerUpdateAction,
  CustomerUpdateActionSchema,
} from "../../gen/clientele/v1/customer_service_pb.ts";
import { type FieldsType, type KnownTypes, NO_CUSTOM_FIELDS } from "../../src/custom-fields/state.ts";
import { applyActions } from "../../src/customers/actions.ts";
import type { CustomerContext } from "../../src/customers/context.ts";
import { stateOfDraft } from "../../src/customers/draft.ts";
import type { AddressState, CustomerState } from "../../src/customers/state.ts";
import { byId, byKey } from "../conformance/groups.ts";
import { field } from "./custom-types.ts";
import { refusalOf } from "./refusal.ts";

export type Action = NonNullable<MessageInitShape<typeof CustomerUpdateActionSchema>["action"]>;
export type Draft = MessageInitShape<typeof CustomerDraftSchema>;

/** An id that is easy to tell from others. */
export function idOf(suffix: string): string {
  return `0198c5a0-0000-7000-8000-${suffix.padStart(12, "0")}`;
}

/** Ids of addresses; the fourth is no address of the customer. */
export const [A, B, C, NONE] = [idOf("a"), idOf("b"), idOf("c"), idOf("e")];
/** Ids of a payment source and of two subscriptions, the second of which ended. */
export const [PAY, SUB, ENDED] = [idOf("f1"), idOf("f2"), idOf("f3")];
/** Ids of customer groups, with the keys `gold`, `silver` and `vip`. */
export const [GOLD, SILVER, VIP] = [idOf("d1"), idOf("d2"), idOf("d3")];
/** When actions are made. */
export const NOW = "2026-02-03T04:05:06.789Z";

/** For customers and addresses: `tier` is required, `level` is not. */
export const TYPE: FieldsType = {
  id: idOf("77"),
  version: 3n,
  key: "both",
  resourceTypes: ["customer", "address"],
  fieldDefinitions: [
    field("tier", { kind: "string" }, { required: true }),
    field("level", { kind: "number" }),
  ],
};
const ADDRESS_TYPE: FieldsType = { ...TYPE, id: idOf("78"), key: "place", resourceTypes: ["address"] };
const CUSTOMER_TYPE: FieldsType = { ...TYPE, id: idOf("79"), key: "person", resourceTypes: ["customer"] };

export const HOME: AddressState = Object.freeze({ id: A, key: "home", country: "DE", city: "Köln" });
export const WORK: AddressState = Object.freeze({
  id: B,
  key: "work",
  country: "FR",
  customTypeId: TYPE.id,
  customFields: { tier: "a", level: 1 },
});
export const CLUB: AddressState = Object.freeze({ id: C, country: "SE" });

/** Ships home by default or to work, bills to work by default or to the club. */
export const customer: CustomerState = Object.freeze({
  ...NO_CUSTOM_FIELDS,
  key: "k1",
  customerNumber: null,
  externalId: "e",
  email: "Ann@example.com",
  emailCanonical: "ann@example.com",
  isEmailVerified: true,
  firstName: "Ann",
  lastName: "Lee",
  middleName: "M.",
  title: "Dr.",
  salutation: "Ms.",
  dateOfBirth: "1970-12-31",
  companyName: "Lee Ltd",
  vatId: "DE1",
  locale: "de-DE",
  customerGroupId: GOLD,
  customerGroupAssignments: Object.freeze([SILVER, GOLD]),
  addresses: Object.freeze([HOME, WORK, CLUB]),
  defaultShippingAddressId: A,
  shippingAddressIds: Object.freeze([A, B]),
  defaultBillingAddressId: B,
  billingAddressIds: Object.freeze([C, B]),
  paymentSources: Object.freeze([Object.freeze({ id: PAY, token: "tok", brand: "Visa", last4: "4242" })]),
  subscriptions: Object.freeze([
    Object.freeze({ id: SUB, reference: "news", startedAt: "2026-01-01T00:00:00.000Z" }),
    Object.freeze({
      id: ENDED,
      reference: "offers",
      startedAt: "2025-01-01T00:00:00.000Z",
      endedAt: "2025-06-01T00:00:00.000Z",
    }),
  ]),
  tags: Object.freeze(["t1", "t2"]),
  reference: "r",
  referenceOrigin: "o",
  metadata: Object.freeze({ a: 1, b: { c: [1, 2] } }) as CustomerState["metadata"],
});

const types = [TYPE, ADDRESS_TYPE, CUSTOMER_TYPE];
const groups = [
  { id: GOLD, key: "gold" },
  { id: SILVER, key: "silver" },
  { id: VIP, key: "vip" },
];
export const knownTypes: KnownTypes = { get: ({ by, value }) => types.find((one) => has(one, by, value)) };

/** New ids are `idOf("0")`, `idOf("1")` and so on. */
export function newContext(): CustomerContext {
  let made = 0;
  return {
    newId: () => idOf(`${made++}`),
    types: knownTypes,
    groups: { get: ({ by, value }) => groups.find((one) => has(one, by, value)) },
    now: new Date(NOW),
  };
}

export function message(action: Action): CustomerUpdateAction {
  return create(CustomerUpdateActionSchema, { action });
}

export function apply(state: CustomerState, ...actions: readonly Action[]): CustomerState {
  return applyActions(state, actions.map(message), newContext());
}

export function refusalOfActions(state: CustomerState, ...actions: readonly Action[]) {
  return refusalOf(() => apply(state, ...actions));
}

export function stateOf(draft: Draft): CustomerState {
  return stateOfDraft(create(CustomerDraftSchema, { email: "ann@example.com", ...draft }), newContext());
}

/** A ref in an action: to what has this id or, where it isn't one, this key. */
export function ref(idOrKey: string) {
  return idOrKey.length === A.length ? byId(idOrKey) : byKey(idOrKey);
}

function has(one: { readonly id: string; readonly key: string }, by: string, value: string): boolean {
  return (by === "id" ? one.id : one.key) === value;
}
