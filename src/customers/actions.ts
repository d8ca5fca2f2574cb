import { isDeepStrictEqual } from "node:util";
import type { CustomerUpdateAction } from "../../gen/clientele/v1/customer_service_pb.ts";
import { setCustomField, setCustomType } from "../custom-fields/actions.ts";
import { failure } from "../errors.ts";
import { normalForm } from "../json-data.ts";
import { required } from "../refs.ts";
import { applyAddressAction } from "./address-actions.ts";
import type { CustomerContext } from "./context.ts";
import { requireCompleteFields } from "./custom.ts";
import { dayState, emailState, groupId, paymentSourceState, subscriptionState, timeState } from "./parts.ts";
import {
  type CustomerState,
  MAX_ADDRESSES,
  MAX_ASSIGNMENTS,
  MAX_PAYMENT_SOURCES,
  MAX_SUBSCRIPTIONS,
  MAX_TAGS,
} from "./state.ts";

/**
 * The state after all actions, each on what the one before left.
 *
 * @throws Failure OPERATION_NOT_ALLOWED, naming the action, or LIMIT_REACHED, naming the limit;
 *   FIELD_INVALID, FIELD_REQUIRED and REFERENCE_NOT_FOUND too.
 */
export function applyActions(
  customer: CustomerState,
  actions: readonly CustomerUpdateAction[],
  context: CustomerContext,
): CustomerState {
  const state = actions.reduce(
    (before, action, index) => applyAction(before, action, `actions[${index}]`, context),
    customer,
  );
  // What comes out in the end counts: an action may make up for the one before it.
  requireWithinLimits(customer, state);
  requireCompleteFields(customer, state, actions, context.types);
  return state;
}

/** Whether an update that leads from one to the other changes anything. */
export function isSameState(a: CustomerState, b: CustomerState): boolean {
  return isDeepStrictEqual(a, b);
}

function applyAction(
  customer: CustomerState,
  { action }: CustomerUpdateAction,
  path: string,
  context: CustomerContext,
): CustomerState {
  switch (action.case) {
    case "setKey":
      return { ...customer, key: action.value.key ?? null };
    case "changeEmail": {
      const changed = emailState(action.value.email, `${path}.change_email.email`);
      // The same address, as it was typed before, stays verified.
      if (changed.email === customer.email) return customer;
      return { ...customer, ...changed, isEmailVerified: false };
    }
    case "setFirstName":
      return { ...customer, firstName: action.value.firstName ?? null };
    case "setLastName":
      return { ...customer, lastName: action.value.lastName ?? null };
    case "setMiddleName":
      return { ...customer, middleName: action.value.middleName ?? null };
    case "setTitle":
      return { ...customer, title: action.value.title ?? null };
    case "setSalutation":
      return { ...customer, salutation: action.value.salutation ?? null };
    case "setCompanyName":
      return { ...customer, companyName: action.value.companyName ?? null };
    case "setVatId":
      return { ...customer, vatId: action.value.vatId ?? null };
    case "setDateOfBirth": {
      const at = `${path}.set_date_of_birth.date_of_birth`;
      return { ...customer, dateOfBirth: dayState(action.value.dateOfBirth, at) };
    }
    case "setLocale":
      return { ...customer, locale: action.value.locale ?? null };
    case "setExternalId":
      return { ...customer, externalId: action.value.externalId ?? null };
    case "setCustomerNumber": {
      const { customerNumber } = action.value;
      if (customer.customerNumber !== null && customer.customerNumber !== customerNumber) {
        const at = `${path}.set_customer_number.customer_number`;
        throw failure.operationNotAllowed(at, "the customer has a number, which stays");
      }
      return { ...customer, customerNumber };
    }
    case "addAddress":
    case "changeAddress":
    case "removeAddress":
    case "setDefaultShippingAddress":
    case "setDefaultBillingAddress":
    case "addShippingAddressId":
    case "removeShippingAddressId":
    case "addBillingAddressId":
    case "removeBillingAddressId":
    case "setAddressCustomType":
    case "setAddressCustomField":
      return applyAddressAction(customer, action, context, path);
    case "setCustomerGroup": {
      const { customerGroup } = action.value;
      const at = `${path}.set_customer_group.customer_group`;
      return { ...customer, customerGroupId: customerGroup ? groupId(customerGroup, context, at) : null };
    }
    case "addCustomerGroupAssignment": {
      const at = `${path}.add_customer_group_assignment.customer_group`;
      const id = groupId(required(action.value.customerGroup), context, at);
      return {
        ...customer,
        customerGroupAssignments: [...new Set([...customer.customerGroupAssignments, id])],
      };
    }
    case "removeCustomerGroupAssignment": {
      const at = `${path}.remove_customer_group_assignment.customer_group`;
      const id = groupId(required(action.value.customerGroup), context, at);
      const others = customer.customerGroupAssignments.filter((one) => one !== id);
      return { ...customer, customerGroupAssignments: others };
    }
    case "setCustomerGroupAssignments": {
      const at = `${path}.set_customer_group_assignments.customer_groups`;
      const ids = action.value.customerGroups.map((ref, index) => groupId(ref, context, `${at}[${index}]`));
      return { ...customer, customerGroupAssignments: [...new Set(ids)] };
    }
    case "setCustomType": {
      const custom = setCustomType(action.value, "customer", context.types, `${path}.set_custom_type`);
      return { ...customer, ...custom };
    }
    case "setCustomField": {
      const custom = setCustomField(customer, action.value, context.types, `${path}.set_custom_field`);
      return { ...customer, ...custom };
    }
    case "setReference":
      return {
        ...customer,
        reference: action.value.reference ?? null,
        referenceOrigin: action.value.referenceOrigin ?? null,
      };
    case "setMetadata":
      return { ...customer, metadata: action.value.metadata ? normalForm(action.value.metadata) : null };
    case "addTag":
      return { ...customer, tags: [...new Set([...customer.tags, action.value.tag])] };
    case "removeTag":
      return { ...customer, tags: customer.tags.filter((tag) => tag !== action.value.tag) };
    case "addPaymentSource": {
      const at = `${path}.add_payment_source.payment_source`;
      const added = paymentSourceState(context.newId(), required(action.value.paymentSource), at);
      return { ...customer, paymentSources: [...customer.paymentSources, added] };
    }
    case "changePaymentSource": {
      const at = `${path}.change_payment_source`;
      const { id } = requirePart(customer.paymentSources, action.value.id, `${at}.id`, "payment source");
      const changed = paymentSourceState(id, required(action.value.paymentSource), `${at}.payment_source`);
      return { ...customer, paymentSources: replaced(customer.paymentSources, changed) };
    }
    case "removePaymentSource": {
      const at = `${path}.remove_payment_source.id`;
      const removed = requirePart(customer.paymentSources, action.value.id, at, "payment source");
      return { ...customer, paymentSources: customer.paymentSources.filter((one) => one !== removed) };
    }
    case "addSubscription": {
      const at = `${path}.add_subscription.subscription`;
      const added = subscriptionState(
        context.newId(),
        required(action.value.subscription),
        context.now.toISOString(),
        at,
      );
      return { ...customer, subscriptions: [...customer.subscriptions, added] };
    }
    case "changeSubscription": {
      const at = `${path}.change_subscription`;
      const before = requirePart(customer.subscriptions, action.value.id, `${at}.id`, "subscription");
      const draft = required(action.value.subscription);
      const changed = subscriptionState(before.id, draft, before.startedAt, `${at}.subscription`);
      return { ...customer, subscriptions: replaced(customer.subscriptions, changed) };
    }
    case "endSubscription": {
      const at = `${path}.end_subscription`;
      const before = requirePart(customer.subscriptions, action.value.id, `${at}.id`, "subscription");
      // One that has ended stays so, unless another time is said.
      const endedAt =
        timeState(action.value.endedAt, `${at}.ended_at`) ?? before.endedAt ?? context.now.toISOString();
      if (endedAt < before.startedAt) {
        throw failure.operationNotAllowed(`${at}.ended_at`, "it is before the start of the subscription");
      }
      return { ...customer, subscriptions: replaced(customer.subscriptions, { ...before, endedAt }) };
    }
    case undefined:
      throw new Error("unreachable: the validator requires an action");
    default:
      return action satisfies never;
  }
}

function requirePart<Part extends { readonly id: string }>(
  parts: readonly Part[],
  id: string,
  path: string,
  what: string,
): Part {
  const part = parts.find((one) => one.id === id.toLowerCase());
  if (!part) throw failure.operationNotAllowed(path, `the customer has no such ${what}`);
  return part;
}

function replaced<Part extends { readonly id: string }>(parts: readonly Part[], part: Part): Part[] {
  return parts.map((one) => (one.id === part.id ? part : one));
}

function requireWithinLimits(before: CustomerState, after: CustomerState): void {
  const limits = [
    ["customer_groups_of_a_customer", MAX_ASSIGNMENTS, "customerGroupAssignments"],
    ["addresses_of_a_customer", MAX_ADDRESSES, "addresses"],
    ["payment_sources_of_a_customer", MAX_PAYMENT_SOURCES, "paymentSources"],
    ["subscriptions_of_a_customer", MAX_SUBSCRIPTIONS, "subscriptions"],
    ["tags_of_a_customer", MAX_TAGS, "tags"],
  ] as const;
  for (const [name, limit, list] of limits) {
    const wanted = after[list].length;
    if (wanted > limit) throw failure.limitReached(name, limit, before[list].length, wanted);
  }
}
