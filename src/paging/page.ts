import type postgres from "postgres";
import type { Sql, Statement } from "../db/connection.ts";
import type { Table } from "../db/table.ts";
import { MAX_RESOURCE_BYTES } from "../resource.ts";
import { isBehind, orderBy, type Position } from "./keyset.ts";
import type { SortTerm } from "./sort.ts";

/** Which rows of a table are listed, of the table as `t`. */
export type Filter = (sql: Sql, projectId: string, page: Pick<Page, "sort" | "after">) => postgres.Fragment;

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
  return (sql) => {
    const matched = sql`
      select ${table.columns(sql, projectId)}
      from ${sql(table.name)} t
      where t.project_id = ${projectId}
        ${page.filter ? sql`and ${page.filter(sql, projectId, page)}` : sql``}
        ${page.after ? sql`and ${isBehind(sql, page.sort, page.after)}` : sql``}
      ${orderBy(sql, page.sort)}
      limit ${page.limit + 1}
      offset ${page.offset}`;
    // Adding up costs as much again as the rest, and here the largest rows would fit.
    if (page.limit * MAX_RESOURCE_BYTES <= page.maxBytes) return sql<Row[]>`${matched}`;
    return sql<Row[]>`
      select *
      from (
        select *, sum(byte_size) over (${orderBy(sql, page.sort)} rows unbounded preceding) - byte_size as bytes_before
        from (${matched}) as matched
      ) as added_up
      where bytes_before <= ${page.maxBytes}
      ${orderBy(sql, page.sort)}`;
  };
}

/** The number of rows of the project, but at most `most`. */
export function countRows<Row extends object>(
  table: Table<Row>,
  projectId: string,
  filter: Filter | undefined,
  most: number,
): Statement<{ total: number }> {
  return (sql) => sql<{ total: number }[]>`
    select count(*)::integer as total
    from (
      select 1
      from ${sql(table.name)} t
      where t.project_id = ${projectId}
        ${filter ? sql`and ${filter(sql, projectId, { sort: [], after: undefined })}` : sql``}
      limit ${most}
    ) as counted`;
}
