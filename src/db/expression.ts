import type postgres from "postgres";
import type { Sql } from "./connection.ts";

export type Fragment = postgres.Fragment;

/** What an expression is written for. */
export type Scope = {
  readonly sql: Sql;
  readonly projectId: string;
  /** Where the page begins, if it is sorted by id first: rows before it need not be looked for. */
  readonly begin?: { readonly id: string; readonly descending: boolean } | undefined;
};

/** A part of a statement. @param of the alias of the row that it is about. */
export type Expression = (scope: Scope, of: string) => Fragment;

/** The condition under which a row of a table is listed, of the table as `t`. */
export type Filter = (scope: Scope) => Fragment;

type Glue = ", " | " and " | " or ";

/** The fragments with the glue between them. @throws Error where there are none. */
export function joined(sql: Sql, [first, ...rest]: readonly Fragment[], glue: Glue): Fragment {
  if (!first) throw new Error("unreachable: there is always something to join");
  const between = { ", ": sql`, `, " and ": sql` and `, " or ": sql` or ` }[glue];
  return rest.reduce((left, right) => sql`${left}${between}${right}`, first);
}

/**
 * A condition that nearly all rows satisfy, so that PostgreSQL plans for that: it takes `is not null` for
 * one, and expects of most others that hardly any row does.
 */
export function nearlyAlways({ sql }: Scope, condition: Fragment): Fragment {
  return sql`(case when ${condition} then true end is not null)`;
}
