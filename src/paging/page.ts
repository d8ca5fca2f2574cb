import { isActive } from "../db/active-project.ts";
import type { Statement } from "../db/connection.ts";
import type { Filter, Fragment, Scope } from "../db/expression.ts";
import type { Table } from "../db/table.ts";
import { MAX_RESOURCE_BYTES } from "../resource.ts";
import { addedColumns, isBehind, orderByOutputs, orderByValues, type Position } from "./keyset.ts";
import type { SortTerm } from "./sort.ts";

export type Page = {
  readonly filter: Filter | undefined;
  readonly sort: readonly SortTerm[];
  readonly limit: number;
  readonly offset: number;
  /** Where the page before ended. */
  readonly after: Position | undefined;
  /** The most that the page's rows may be, in bytes. */
  readonly maxBytes: number;
};

/** The rows of one page, in order, and one more if there are more than the limit or than fit. */
export function listRows<Row extends object>(
  table: Table<Row>,
  projectId: string,
  page: Page,
): Statement<Row> {
  return (sql) => sql<Row[]>`${selectPage(table, { sql, projectId, begin: beginOf(page) }, page)}`;
}

/** How the database would list the rows: see `readPlan`. */
export function explainRows<Row extends object>(
  table: Table<Row>,
  projectId: string,
  page: Page,
): Statement<Explanation> {
  return (sql) => sql<Explanation[]>`
    explain (format json, costs) ${selectPage(table, { sql, projectId, begin: beginOf(page) }, page)}`;
}

export type Explanation = { readonly "QUERY PLAN": unknown };

function selectPage<Row extends object>(table: Table<Row>, scope: Scope, page: Page): Fragment {
  const { sql, projectId } = scope;
  const matched = sql`
    select ${table.columns(sql, projectId, "many")}${addedColumns(scope, page.sort)}
    from ${sql(table.name)} t
    where t.project_id = ${projectId}
      and ${isActive(sql, projectId)}
      ${page.filter ? sql`and ${page.filter(scope)}` : sql``}
      ${page.after ? sql`and ${isBehind(scope, page.sort, page.after)}` : sql``}
    ${orderByValues(scope, page.sort)}
    limit ${page.limit + 1}
    offset ${page.offset}`;
  // Adding up costs as much again as the rest, and here the largest rows would fit.
  if (page.limit * MAX_RESOURCE_BYTES <= page.maxBytes) return matched;
  const order = () => orderByOutputs(sql, page.sort);
  return sql`
    select *
    from (
      select *, sum(byte_size) over (${order()} rows unbounded preceding) - byte_size as bytes_before
      from (${matched}) as matched
    ) as added_up
    where bytes_before <= ${page.maxBytes}
    ${order()}`;
}

/** The number of rows of the project, but at most `most`, if that is given. */
export function countRows<Row extends object>(
  table: Table<Row>,
  projectId: string,
  filter: Filter | undefined,
  most?: number,
): Statement<{ total: number }> {
  return (sql) => sql<{ total: number }[]>`
    select count(*)::integer as total
    from (
      select
      from ${sql(table.name)} t
      where t.project_id = ${projectId}
        and ${isActive(sql, projectId)}
        ${filter ? sql`and ${filter({ sql, projectId })}` : sql``}
      ${most === undefined ? sql`` : sql`limit ${most}`}
    ) as counted`;
}

function beginOf({ sort: [first], after }: Page): Scope["begin"] {
  const id = after?.[0];
  return first?.field === "id" && typeof id === "string" ? { id, descending: first.descending } : undefined;
}
