import type { Scope } from "../auth/scopes.ts";
import type { Caller } from "../call.ts";

/** The kinds of resources, as references name them, that the caller may not see in a project. */
export function hiddenFrom({ may }: Caller, projectKey: string): ReadonlySet<string> {
  const hidden = VIEW_SCOPES.filter(([, scope]) => !may(scope, projectKey)).map(([typeId]) => typeId);
  return new Set(hidden);
}

const VIEW_SCOPES: readonly (readonly [typeId: string, scope: Scope])[] = [
  ["customer", "view_customers"],
  ["customer-group", "view_customer_groups"],
];
