import { equalsAny } from "../db/comparisons.ts";
import { arrayLiteral } from "../db/connection.ts";
import type { Filter, Fragment, Scope } from "../db/expression.ts";

/** Groups, by their ids or their keys. */
export type GroupNames = { readonly by: "id" | "key"; readonly values: readonly string[] };

/** The customers who are members of any of the groups. */
export function membersOf(groups: GroupNames): Filter {
  return (scope) => {
    const { sql, projectId, begin } = scope;
    const direction = begin?.descending ? sql`<=` : sql`>=`;
    // By id, the page is entered at its place among the members, rather than walked to.
    const isBehind = begin ? sql`and m.customer_id ${direction} ${begin.id}::uuid` : sql``;
    return sql`t.id in (
      select m.customer_id
      from customer_group_members m
      where m.project_id = ${projectId} and ${isOneOf(scope, sql`m.customer_group_id`, groups)} ${isBehind}
    )`;
  };
}

/** Whether the id is that of one of the groups. */
export function isOneOf(scope: Scope, id: Fragment, groups: GroupNames): Fragment {
  const { sql } = scope;
  if (groups.by === "id") return equalsAny(sql, id, "uuid", groups.values);
  // One row at most; of an array PostgreSQL would expect ten.
  if (groups.values.length === 1) return sql`${id} = (${idsByKey(scope, groups.values)})`;
  return sql`${id} = any(array(${idsByKey(scope, groups.values)}))`;
}

/** The ids of the groups, as a list of texts. */
export function idTexts(scope: Scope, groups: GroupNames): Fragment {
  const { sql } = scope;
  if (groups.by === "id") return sql`${arrayLiteral(groups.values)}::text[]`;
  return sql`array(select found.id::text from (${idsByKey(scope, groups.values)}) as found)`;
}

function idsByKey({ sql, projectId }: Scope, keys: readonly string[]): Fragment {
  return sql`
    select g.id
    from customer_groups g
    where g.project_id = ${projectId} and ${equalsAny(sql, sql`g.key`, "text", keys)}`;
}
