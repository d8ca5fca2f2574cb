import type { CustomerDraft } from "../../gen/clientele/v1/customer_service_pb.ts";
import { customOfDraft } from "../custom-fields/actions.ts";
import { addedReferences, type WantedReference } from "../custom-fields/references.ts";
import { failure } from "../errors.ts";
import { normalForm } from "../json-data.ts";
import { parseRef, type Ref } from "../refs.ts";
import type { CustomerContext } from "./context.ts";
import {
  addressState,
  dayState,
  emailState,
  groupId,
  paymentSourceState,
  subscriptionState,
} from "./parts.ts";
import { CUSTOMER_TEXTS, type CustomerState } from "./state.ts";

/** The custom types that a draft is about. */
export function typeRefsOfDraft({ custom, addresses }: CustomerDraft): readonly Ref[] {
  return [custom, ...addresses.map((address) => address.custom)].flatMap((one) =>
    one?.type ? [parseRef(one.type)] : [],
  );
}

/** The customer groups that a draft is about. */
export function groupRefsOfDraft({ customerGroup, customerGroupAssignments }: CustomerDraft): readonly Ref[] {
  return [...(customerGroup ? [customerGroup] : []), ...customerGroupAssignments].map(parseRef);
}

/** @throws Failure FIELD_INVALID, FIELD_REQUIRED, REFERENCE_NOT_FOUND, OPERATION_NOT_ALLOWED. */
export function stateOfDraft(draft: CustomerDraft, context: CustomerContext): CustomerState {
  const { newId } = context;
  const texts = Object.fromEntries(CUSTOMER_TEXTS.map((name) => [name, draft[name] ?? null])) as Pick<
    CustomerState,
    (typeof CUSTOMER_TEXTS)[number]
  >;
  const addresses = draft.addresses.map((one, index) =>
    addressState(newId(), one, context, `draft.addresses[${index}]`),
  );
  requireUniqueKeys(draft);
  const idAt = (index: number, path: string) => {
    const address = addresses[index];
    if (!address)
      throw failure.field(
        path,
        "address.index",
        `must be less than ${addresses.length}, the number of addresses`,
      );
    return address.id;
  };
  const roles = (role: "shipping" | "billing", first: number | undefined, listed: readonly number[]) => {
    const main = first === undefined ? null : idAt(first, `draft.default_${role}_address`);
    const ids = listed.map((index, at) => idAt(index, `draft.${role}_addresses[${at}]`));
    // A default address is listed too, in front.
    return { main, ids: [...new Set([...(main === null ? [] : [main]), ...ids])] };
  };
  const shipping = roles("shipping", draft.defaultShippingAddress, draft.shippingAddresses);
  const billing = roles("billing", draft.defaultBillingAddress, draft.billingAddresses);
  const assigned = draft.customerGroupAssignments.map((ref, index) =>
    groupId(ref, context, `draft.customer_group_assignments[${index}]`),
  );

  return {
    ...texts,
    ...emailState(draft.email, "draft.email"),
    isEmailVerified: draft.isEmailVerified,
    dateOfBirth: dayState(draft.dateOfBirth, "draft.date_of_birth"),
    customerGroupId: draft.customerGroup
      ? groupId(draft.customerGroup, context, "draft.customer_group")
      : null,
    customerGroupAssignments: [...new Set(assigned)],
    addresses,
    defaultShippingAddressId: shipping.main,
    shippingAddressIds: shipping.ids,
    defaultBillingAddressId: billing.main,
    billingAddressIds: billing.ids,
    paymentSources: draft.paymentSources.map((one, index) =>
      paymentSourceState(newId(), one, `draft.payment_sources[${index}]`),
    ),
    subscriptions: draft.subscriptions.map((one, index) =>
      subscriptionState(newId(), one, context.now.toISOString(), `draft.subscriptions[${index}]`),
    ),
    tags: draft.tags,
    metadata: draft.metadata ? normalForm(draft.metadata) : null,
    ...customOfDraft(draft.custom, "customer", context.types, "draft.custom"),
  };
}

/** The references of a new customer. */
export function addedReferencesOfDraft({
  customFields,
  addresses,
}: CustomerState): readonly WantedReference[] {
  const own = addedReferences(null, customFields, (name) => `draft.custom.fields.${name}`);
  const ofAddresses = addresses.flatMap((address, index) =>
    addedReferences(
      null,
      address.customFields ?? null,
      (name) => `draft.addresses[${index}].custom.fields.${name}`,
    ),
  );
  return [...own, ...ofAddresses];
}

function requireUniqueKeys({ addresses }: CustomerDraft): void {
  const seen = new Set<string>();
  for (const [index, { key }] of addresses.entries()) {
    if (key === undefined) continue;
    if (seen.has(key)) {
      throw failure.field(
        `draft.addresses[${index}].key`,
        "address.unique_key",
        "another address of the customer has this key",
      );
    }
    seen.add(key);
  }
}
