import type { Actor } from "../call.ts";
import { arrayLiteral, type Sql, type Statement } from "../db/connection.ts";
import type { CommitFunction } from "../db/write-lane.ts";
import { isBehind, orderBy, type Position } from "../paging/keyset.ts";
import type { SortTerm } from "../paging/sort.ts";
import { type GroupState, MAX_GROUP_BYTES } from "./state.ts";

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
    const found =
      by === "id"
        ? sql`id = any(${arrayLiteral(values)}::uuid[])`
        : sql`key = any(${arrayLiteral(values)}::text[])`;
    return sql<StoredGroupRow[]>`
      select ${groupColumns(sql)}
      from customer_groups
      where project_id = ${projectId} and ${found}`;
  };
}

/** The size of all the groups with these ids or keys, as they are sent. */
export function sumGroupBytes(
  projectId: string,
  ids: readonly string[],
  keys: readonly string[],
): Statement<{ bytes: number }> {
  return (sql) => sql<{ bytes: number }[]>`
    select coalesce(sum(byte_size), 0)::integer as bytes
    from customer_groups
    where project_id = ${projectId}
      and (id = any(${arrayLiteral(ids)}::uuid[]) or key = any(${arrayLiteral(keys)}::text[]))`;
}

export type GroupPage = {
  readonly sort: readonly SortTerm[];
  readonly limit: number;
  readonly offset: number;
  /** Where the page before ended. */
  readonly after: Position | undefined;
  /** The most that the page's groups may be, in bytes. */
  readonly maxBytes: number;
};

/** The groups of one page, in order, and one more if there are more than the limit or than fit. */
export function listGroups(projectId: string, page: GroupPage): Statement<StoredGroupRow> {
  return (sql) => {
    const matched = sql`
      select ${groupColumns(sql)}
      from customer_groups
      where project_id = ${projectId}
        ${page.after ? sql`and ${isBehind(sql, page.sort, page.after)}` : sql``}
      ${orderBy(sql, page.sort)}
      limit ${page.limit + 1}
      offset ${page.offset}`;
    // Adding up costs as much again as the rest, and here the largest groups would fit.
    if (page.limit * MAX_GROUP_BYTES <= page.maxBytes) return sql<StoredGroupRow[]>`${matched}`;
    return sql<StoredGroupRow[]>`
      select ${groupColumns(sql)}
      from (
        select *, sum(byte_size) over (${orderBy(sql, page.sort)} rows unbounded preceding) - byte_size as bytes_before
        from (${matched}) as matched
      ) as added_up
      where bytes_before <= ${page.maxBytes}
      ${orderBy(sql, page.sort)}`;
  };
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
