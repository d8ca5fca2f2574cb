import type { QueryCustomerGroupsRequest } from "../../gen/clientele/v1/customer_group_service_pb.ts";
import type { Reads } from "../db/reads.ts";
import { positionOf } from "../paging/keyset.ts";
import { MAX_PAGE_BYTES, MAX_TOTAL } from "../paging/limits.ts";
import type { PageTokens, QueryIdentity } from "../paging/page-token.ts";
import { parseSort, type SortColumn } from "../paging/sort.ts";
import { projectIdOf } from "../projects/project-id.ts";
import { countGroups, type GroupPage, type GroupRow, listGroups, type StoredGroupRow } from "./store.ts";

export type GroupQueryResult = {
  readonly limit: number;
  readonly offset: number;
  readonly groups: readonly GroupRow[];
  /** Undefined unless it was asked for; at most MAX_TOTAL. */
  readonly total: number | undefined;
  readonly totalCapped: boolean;
  readonly nextPageToken: string;
};

/** A query as the database takes it. */
export type GroupQuery = GroupPage & { readonly identity: QueryIdentity; readonly withTotal: boolean };

/** @throws Failure FIELD_INVALID, PAGE_TOKEN_INVALID. */
export function parseQuery(tokens: PageTokens, request: QueryCustomerGroupsRequest): GroupQuery {
  const { limit = DEFAULT_LIMIT, offset = 0, pageToken, withTotal } = request;
  const sort = parseSort(request.sort, SORT_COLUMNS);
  const projectId = projectIdOf(request.projectKey);
  const identity = { projectId, method: "QueryCustomerGroups", sort: sort.map(sortName) };
  const after = pageToken === "" ? undefined : tokens.open(identity, pageToken);
  return { sort, limit, offset, after, maxBytes: MAX_PAGE_BYTES, identity, withTotal };
}

/** @throws Failure QUERY_TIMEOUT. */
export async function runQuery(
  reads: Reads,
  tokens: PageTokens,
  query: GroupQuery,
): Promise<GroupQueryResult> {
  const { limit, offset, sort, identity, withTotal } = query;
  const [found, counted] = await Promise.all([
    limit === 0 ? [] : reads.query(listGroups(identity.projectId, query)),
    withTotal ? reads.query(countGroups(identity.projectId, MAX_TOTAL + 1)) : [],
  ]);
  const groups = found.slice(0, countThatFit(found, limit));
  const total = counted[0]?.total;
  const last = groups.at(-1);
  return {
    limit,
    offset,
    groups,
    total: total && Math.min(total, MAX_TOTAL),
    totalCapped: total !== undefined && total > MAX_TOTAL,
    nextPageToken: last && found.length > groups.length ? tokens.seal(identity, positionOf(sort, last)) : "",
  };
}

const DEFAULT_LIMIT = 20;

/** How many of the groups make the page; at least one, or a walk would not get on. */
function countThatFit(found: readonly StoredGroupRow[], limit: number): number {
  let bytes = 0;
  for (const [index, group] of found.entries()) {
    bytes += group.byteSize;
    if (index === limit || (index > 0 && bytes > MAX_PAGE_BYTES)) return index;
  }
  return found.length;
}

const SORT_COLUMNS: Readonly<Record<string, SortColumn>> = {
  id: { column: "id", type: "uuid", nullable: false },
  name: { column: "name", type: "text", nullable: false },
  key: { column: "key", type: "text", nullable: true },
  created_at: { column: "created_at", type: "timestamptz", nullable: false },
  last_modified_at: { column: "last_modified_at", type: "timestamptz", nullable: false },
};

function sortName({ field, descending }: { readonly field: string; readonly descending: boolean }): string {
  return descending ? `${field} desc` : field;
}
