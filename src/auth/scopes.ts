import type { Scope as ScopeEnum } from "../../gen/clientele/v1/authorization_pb.ts";

/** A scope as tokens name it, without its project. authorization.proto says what each opens. */
export type Scope = Lowercase<Exclude<keyof typeof ScopeEnum, "UNSPECIFIED">>;

/** Tells whether a scope is held, for a project unless it is for none. */
export type Grants = (scope: Scope, projectKey?: string) => boolean;

/** Each scope, and what it opens besides itself. */
const OPENS: Readonly<Record<Scope, readonly Scope[]>> = {
  view_customers: ["view_customer_groups"],
  manage_customers: ["view_customers", "view_customer_groups", "manage_customer_groups"],
  view_customer_groups: [],
  manage_customer_groups: ["view_customer_groups"],
  view_types: [],
  manage_types: ["view_types"],
  view_changes: [],
  manage_projects: [],
};

/** What these scopes open. Those that are not this service's open nothing. */
export function grantsOf(scopes: Iterable<string>): Grants {
  const open = new Set<string>();
  for (const text of scopes) {
    const parsed = parseScope(text);
    if (parsed === undefined) continue;
    for (const scope of [parsed.scope, ...OPENS[parsed.scope]]) open.add(scopeText(scope, parsed.projectKey));
  }
  return (scope, projectKey) => open.has(scopeText(scope, projectKey));
}

/** Reads `view_customers:demo` or `manage_projects`; undefined when it is no scope of this service's. */
export function parseScope(
  text: string,
): { readonly scope: Scope; readonly projectKey?: string } | undefined {
  const [name = "", projectKey] = text.split(":", 2);
  if (!isScope(name)) return undefined;
  if (!isPerProject(name)) return text === name ? { scope: name } : undefined;
  if (projectKey === undefined || text !== `${name}:${projectKey}` || !isProjectKey(projectKey))
    return undefined;
  return { scope: name, projectKey };
}

export function isScope(text: string): text is Scope {
  return Object.hasOwn(OPENS, text);
}

/** Whether the scope counts for one project, which is named behind it. */
export function isPerProject(scope: Scope): boolean {
  return scope !== "manage_projects";
}

/** A scope as tokens name it. What is no key of a project is not repeated. */
export function scopeText(scope: Scope, projectKey: string | undefined): string {
  if (!isPerProject(scope)) return scope;
  return `${scope}:${projectKey !== undefined && isProjectKey(projectKey) ? projectKey : "{project_key}"}`;
}

function isProjectKey(text: string): boolean {
  return PROJECT_KEY.test(text);
}

const PROJECT_KEY = /^[a-z0-9][a-z0-9-]{1,62}$/;
