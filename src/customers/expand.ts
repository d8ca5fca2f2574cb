import type { Expand, Expandable, Expanded } from "../custom-fields/expand.ts";
import type { CustomerState } from "./state.ts";

/** What customers refer to besides their custom fields. */
export const OWN_PATHS = ["customer_group", "customer_group_assignments[*].customer_group"] as const;
type OwnPath = (typeof OWN_PATHS)[number];

/** A customer as the expander takes it: with the groups that the request asks to include. */
export function expandable(expand: Expand, customer: CustomerState): Expandable {
  const primary = expand.own.has("customer_group" satisfies OwnPath) ? [customer.customerGroupId] : [];
  const assigned = expand.own.has("customer_group_assignments[*].customer_group" satisfies OwnPath)
    ? customer.customerGroupAssignments
    : [];
  const links = [...primary, ...assigned].flatMap((id) =>
    id === null ? [] : [{ typeId: "customer-group", id }],
  );
  return { customTypeId: customer.customTypeId, customFields: customer.customFields, links };
}

export function isAsked(expanded: Expanded | undefined, path: OwnPath): boolean {
  return expanded?.own.has(path) ?? false;
}
