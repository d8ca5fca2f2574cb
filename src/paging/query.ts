import type { Reads } from "../db/reads.ts";
import type { Table } from "../db/table.ts";
import { failure } from "../errors.ts";
import { type Position, positionOf } from "./keyset.ts";
import { MAX_PAGE_BYTES, MAX_TOTAL } from "./limits.ts";
import { countRows, type Filter, listRows } from "./page.ts";
import type { PageTokens, QueryIdentity } from "./page-token.ts";
import { parseSort, type SortColumn, type SortTerm } from "./sort.ts";

/** How the resources of one kind are queried. */
export type QueryKind<Row extends SizedRow> = {
  /** The RPC, which page tokens are bound to. */
  readonly method: string;
  readonly table: Table<Row>;
  readonly sortColumns: Readonly<Record<string, SortColumn>>;
};

export type SizedRow = { readonly byteSize: number };

export type QueryRequest = {
  readonly sort: readonly string[];
  readonly limit?: number | undefined;
  readonly offset?: number | undefined;
  readonly pageToken: string;
  readonly withTotal: boolean;
};

/** A query as the database takes it. */
export type Query<Row extends SizedRow> = {
  readonly kind: QueryKind<Row>;
  readonly identity: QueryIdentity;
  readonly sort: readonly SortTerm[];
  readonly limit: number;
  readonly offset: number;
  readonly after: Position | undefined;
  readonly withTotal: boolean;
};

export type QueryResult<Row> = {
  readonly rows: readonly Row[];
  /** What the answer says of its page. */
  readonly page: {
    readonly limit: number;
    readonly offset: number;
    readonly count: number;
    /** Absent unless it was asked for; at most MAX_TOTAL. */
    readonly total?: number;
    readonly totalCapped: boolean;
    readonly nextPageToken: string;
  };
};

/** How many bytes an answer holds for each row besides the row itself. */
export type ExtraBytes<Row> = (rows: readonly Row[]) => Promise<readonly number[]>;

export type QueryOptions<Row> = {
  readonly filter?: Filter | undefined;
  readonly extraBytes?: ExtraBytes<Row>;
};

/**
 * @param filterIdentity tells a filter from others: page tokens are bound to it.
 * @throws Failure FIELD_INVALID, PAGE_TOKEN_INVALID.
 */
export function parseQuery<Row extends SizedRow>(
  tokens: PageTokens,
  kind: QueryKind<Row>,
  projectId: string,
  request: QueryRequest,
  filterIdentity?: string,
): Query<Row> {
  const { limit = DEFAULT_LIMIT, offset = 0, pageToken, withTotal } = request;
  const sort = parseSort(request.sort, kind.sortColumns);
  const filter = filterIdentity === undefined ? {} : { filter: filterIdentity };
  const identity = { projectId, method: kind.method, sort: sort.map(sortName), ...filter };
  const after = pageToken === "" ? undefined : tokens.open(identity, pageToken);
  return { kind, identity, sort, limit, offset, after, withTotal };
}

/** @throws Failure QUERY_TIMEOUT; TOO_LARGE when not even one row and its extra bytes make a page. */
export async function runQuery<Row extends SizedRow>(
  reads: Reads,
  tokens: PageTokens,
  query: Query<Row>,
  { filter, extraBytes }: QueryOptions<Row> = {},
): Promise<QueryResult<Row>> {
  const { kind, limit, offset, sort, identity, withTotal } = query;
  const { projectId } = identity;
  const [found, counted] = await Promise.all([
    limit === 0
      ? []
      : reads.query(listRows(kind.table, projectId, { ...query, filter, maxBytes: MAX_PAGE_BYTES })),
    withTotal ? reads.query(countRows(kind.table, projectId, filter, MAX_TOTAL + 1)) : [],
  ]);
  const rows = found.slice(0, countThatFit(found, limit, (await extraBytes?.(found)) ?? []));
  const total = counted[0]?.total;
  const last = rows.at(-1);
  const nextPageToken =
    last && found.length > rows.length ? tokens.seal(identity, positionOf(sort, last)) : "";
  return {
    rows,
    page: {
      limit,
      offset,
      count: rows.length,
      ...(total === undefined ? {} : { total: Math.min(total, MAX_TOTAL) }),
      totalCapped: total !== undefined && total > MAX_TOTAL,
      nextPageToken,
    },
  };
}

const DEFAULT_LIMIT = 20;

/** How many of the rows make the page; at least one, or a walk would not get on. */
function countThatFit(found: readonly SizedRow[], limit: number, extraBytes: readonly number[]): number {
  let bytes = 0;
  for (const [index, { byteSize }] of found.entries()) {
    bytes += byteSize + (extraBytes[index] ?? 0);
    if (index === limit || (index > 0 && bytes > MAX_PAGE_BYTES)) return index;
    if (bytes > MAX_PAGE_BYTES)
      throw failure.tooLarge("one result and what it includes", MAX_PAGE_BYTES, bytes);
  }
  return found.length;
}

function sortName({ field, descending }: { readonly field: string; readonly descending: boolean }): string {
  return descending ? `${field} desc` : field;
}
