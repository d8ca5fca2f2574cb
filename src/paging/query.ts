import type { MessageInitShape } from "@bufbuild/protobuf";
import type { QueryPlanSchema } from "../../gen/clientele/v1/query_plan_pb.ts";
import { type Filter, joined } from "../db/expression.ts";
import type { Reads } from "../db/reads.ts";
import type { Table } from "../db/table.ts";
import { failure } from "../errors.ts";
import { canonical } from "../json-data.ts";
import type { Fields } from "../predicates/field.ts";
import { parseWhere, type WhereRequest } from "../predicates/where.ts";
import { type Position, positionOf } from "./keyset.ts";
import { MAX_PAGE_BYTES, MAX_TOTAL } from "./limits.ts";
import { countRows, explainRows, listRows, type Page } from "./page.ts";
import type { PageTokens, QueryIdentity } from "./page-token.ts";
import { readPlan } from "./plan.ts";
import { parseSort, type SortTerm } from "./sort.ts";

/** How the resources of one kind are queried. */
export type QueryKind<Row extends SizedRow> = {
  /** The RPC, which page tokens are bound to. */
  readonly method: string;
  readonly table: Table<Row>;
  /** What predicates and sorts can name. */
  readonly fields: Fields;
};

export type SizedRow = { readonly byteSize: number };

export type QueryRequest = WhereRequest & {
  readonly sort: readonly string[];
  readonly limit?: number | undefined;
  readonly offset?: number | undefined;
  readonly pageToken: string;
  readonly withTotal: boolean;
  readonly exactTotal: boolean;
  readonly explain: boolean;
};

/** A query as the database takes it. */
export type Query<Row extends SizedRow> = {
  readonly kind: QueryKind<Row>;
  readonly identity: QueryIdentity;
  readonly sort: readonly SortTerm[];
  readonly limit: number;
  readonly offset: number;
  readonly after: Position | undefined;
  readonly where: Filter | undefined;
  readonly withTotal: boolean;
  readonly exactTotal: boolean;
  readonly explain: boolean;
};

export type QueryResult<Row> = {
  readonly rows: readonly Row[];
  /** What the answer says of its page. */
  readonly page: {
    readonly limit: number;
    readonly offset: number;
    readonly count: number;
    /** Absent unless it was asked for; at most MAX_TOTAL, unless it was to be exact. */
    readonly total?: number;
    readonly totalCapped: boolean;
    readonly nextPageToken: string;
    /** Instead of rows, where it was asked for. */
    readonly plan?: MessageInitShape<typeof QueryPlanSchema>;
  };
};

/** How many bytes an answer holds for each row besides the row itself. */
export type ExtraBytes<Row> = (rows: readonly Row[]) => Promise<readonly number[]>;

export type QueryOptions<Row> = {
  readonly filter?: Filter | undefined;
  readonly extraBytes?: ExtraBytes<Row>;
};

/**
 * @param filterIdentity tells a filter of `QueryOptions` from others: page tokens are bound to it.
 * @throws Failure FIELD_INVALID, PAGE_TOKEN_INVALID, and those of `parseWhere`.
 */
export function parseQuery<Row extends SizedRow>(
  tokens: PageTokens,
  kind: QueryKind<Row>,
  projectId: string,
  request: QueryRequest,
  filterIdentity = "",
): Query<Row> {
  const { limit = DEFAULT_LIMIT, offset = 0, pageToken, withTotal, exactTotal, explain } = request;
  const where = parseWhere(request, kind.fields);
  const sort = parseSort(request.sort, kind.fields);
  const filter = canonical([filterIdentity, [...request.where], request.variables ?? {}]);
  const identity = { projectId, method: kind.method, sort: sort.map(sortName), filter };
  const after = pageToken === "" ? undefined : tokens.open(identity, pageToken);
  return { kind, identity, sort, limit, offset, after, where, withTotal, exactTotal, explain };
}

/** @throws Failure QUERY_TIMEOUT; TOO_LARGE when not even one row and its extra bytes make a page. */
export async function runQuery<Row extends SizedRow>(
  reads: Reads,
  tokens: PageTokens,
  query: Query<Row>,
  { filter: more, extraBytes }: QueryOptions<Row> = {},
): Promise<QueryResult<Row>> {
  const { kind, limit, offset, sort, identity, where, withTotal, exactTotal } = query;
  const { projectId } = identity;
  const filter = bothOf(more, where);
  const page: Page = { ...query, filter, maxBytes: MAX_PAGE_BYTES };
  const isAdHoc = where !== undefined || sort.length > MAX_USUAL_SORTS;
  const none = { limit, offset, count: 0, totalCapped: false, nextPageToken: "" };
  if (query.explain) {
    const [explained] = await reads.query(projectId, explainRows(kind.table, projectId, page), {
      isAdHoc: true,
    });
    return { rows: [], page: { ...none, plan: readPlan(explained?.["QUERY PLAN"]) } };
  }
  const most = exactTotal ? undefined : MAX_TOTAL + 1;
  const [found, counted] = await Promise.all([
    limit === 0 ? [] : reads.query(projectId, listRows(kind.table, projectId, page), { isAdHoc }),
    withTotal ? reads.query(projectId, countRows(kind.table, projectId, filter, most), { isAdHoc }) : [],
  ]);
  const rows = found.slice(0, countThatFit(found, limit, (await extraBytes?.(found)) ?? []));
  const last = rows.at(-1);
  return {
    rows,
    page: {
      ...none,
      ...totalOf(counted[0]?.total, exactTotal),
      count: rows.length,
      nextPageToken: last && found.length > rows.length ? tokens.seal(identity, positionOf(sort, last)) : "",
    },
  };
}

/** Whether there is a row for which the predicates of a request hold. */
export async function existsRow<Row extends SizedRow>(
  reads: Reads,
  { table, fields }: QueryKind<Row>,
  projectId: string,
  request: WhereRequest,
): Promise<boolean> {
  const filter = parseWhere(request, fields, "predicate.where");
  const [counted] = await reads.query(projectId, countRows(table, projectId, filter, 1), { isAdHoc: true });
  return counted?.total === 1;
}

const DEFAULT_LIMIT = 20;

/** Pages without predicates, and sorted by so much and the id, are too few kinds of statements to fill a memory. */
const MAX_USUAL_SORTS = 2;

function bothOf(one: Filter | undefined, other: Filter | undefined): Filter | undefined {
  if (!one || !other) return one ?? other;
  return (scope) => joined(scope.sql, [one(scope), other(scope)], " and ");
}

function totalOf(total: number | undefined, isExact: boolean) {
  if (total === undefined) return {};
  return isExact ? { total } : { total: Math.min(total, MAX_TOTAL), totalCapped: total > MAX_TOTAL };
}

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
