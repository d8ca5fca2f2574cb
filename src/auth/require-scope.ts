import type { Caller } from "../call.ts";
import { failure } from "../errors.ts";
import { type Scope, scopeText } from "./scopes.ts";

/**
 * @param scopes any of which is enough.
 * @throws Failure SCOPE_MISSING
 */
export function requireScope(
  { may }: Caller,
  scopes: readonly Scope[],
  projectKey: string | undefined,
): void {
  if (scopes.some((scope) => may(scope, projectKey))) return;
  throw failure.scopeMissing(scopes.map((scope) => scopeText(scope, projectKey)).join(" or "));
}
