import type { Actor } from "../call.ts";
import { arrayLiteral, type Sql, type Statement } from "../db/connection.ts";
import type { CommitFunction } from "../db/write-lane.ts";
import { isBehind, orderBy, type Position } from "../paging/keyset.ts";
import type { SortTerm } from "../paging/sort.ts";
import type { GroupState } from "./state.ts";

export type GroupRow = GroupState & {
  readonly id: string;
  readonly version: bigint;
  readonly createdAt: Date;
  readonly createdBy: Actor;
  readonly lastModifiedAt: Date;
  readonly lastModifiedBy: Actor;
};

/** `byteSize`: the size of the group as it is sent. */
export type StoredGroupRow = GroupRow & { readonly byteSize: number };

/** The groups with these ids or keys; missing ones are left out, in no promised order. */
export function listGroupsBy(
  by: "id" | "key",
  projectId: string,
  values: readonly string[],
): Statement<StoredGroupRow> {
  return (sql) => {
    const found = by === "id" ? sql`id = any(${arrayLiteral(values)}::uuid[])` : sql`key = any(${arrayLiteral(values)}::text[])`;
    return sql<StoredGroupRow[]>`
      select ${groupColumns(sql)}
      from customer_groups
      where project_id = ${projectId} and ${found}`;
  };
}

export type GroupPage = {
  readonly sort: readonly SortTerm[];
  readonly limit: number;
  readonly offset: number;
  /** Where the page before ended. */
  readonly after: Position | undefined;
  /** The most that the page's groups may be, in bytes; the first one is always there. */
  readonly maxBytes: number;
};

/** `isMore`: whether more rows match than the page's, or fit it. */
export type GroupPageRow = StoredGroupRow & { readonly isMore: boolean };

/** One page of groups, in order. */
export function listGroups(projectId: string, page: GroupPage): Statement<GroupPageRow> {
  return (sql) => sql<GroupPageRow[]>`
    select ${groupColumns(sql)}, matching > row_number as is_more
    from (
      select
        *,
        row_number() over page as row_number,
        sum(byte_size) over page as page_bytes,
        count(*) over () as matching
      from (
        select ${groupColumns(sql)}
        from customer_groups
        where project_id = ${projectId}
          ${page.after ? sql`and ${isBehind(sql, page.sort, page.after)}` : sql``}
        ${orderBy(sql, page.sort)}
        limit ${page.limit + 1}
        offset ${page.offset}
      ) as matched
      window page as (${orderBy(sql, page.sort)} rows unbounded preceding)
    ) as numbered
    where row_number <= ${page.limit} and (page_bytes <= ${page.maxBytes} or row_number = 1)
    ${orderBy(sql, page.sort)}`;
}

/** The number of groups of the project, but at most `most`. */
export function countGroups(projectId: string, most: number): Statement<{ total: number }> {
  return (sql) => sql<{ total: number }[]>`
    select count(*)::integer as total
    from (
      select 1
      from customer_groups
      where project_id = ${projectId}
      limit ${most}
    ) as counted`;
}

/** What became of one write; see migrations/functions/commit_customer_groups_v1.sql. */
export type GroupOutcome =
  | { readonly outcome: "ok"; readonly sequence: bigint | null }
  | { readonly outcome: "replayed"; readonly answer: Uint8Array }
  | { readonly outcome: "request_id_reused" | "project_not_found" | "not_found" }
  | { readonly outcome: "version_mismatch"; readonly currentVersion: bigint }
  | { readonly outcome: "duplicate"; readonly field: "name" | "key"; readonly conflictingId: string }
  | { readonly outcome: "limit_reached"; readonly limitValue: number; readonly currentValue: number };

export const commitGroups: CommitFunction<GroupOutcome> = (projectId, writes, recheck) => (sql) =>
  sql<GroupOutcome[]>`
    select outcome, sequence, current_version, field, conflicting_id, limit_value, current_value, answer
    from commit_customer_groups_v1(${projectId}, ${writes}::text::jsonb, ${recheck})`;

function groupColumns(sql: Sql) {
  return sql`
    id, version, created_at, created_by, last_modified_at, last_modified_by,
    key, name, reference, reference_origin, metadata, price_list_id, market_ids, attachments, byte_size`;
}
