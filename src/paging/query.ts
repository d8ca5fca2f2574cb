import type { Filter } from "../db/expression.ts";
import type { Reads } from "../db/reads.ts";
import type { Table } from "../db/table.ts";
import type { Ending } from "../ending.ts";
import { canonical } from "../json-data.ts";
import type { Fields } from "../predicates/field.ts";
import { parseWhere, type WhereRequest } from "../predicates/where.ts";
import type { Position } from "./keyset.ts";
import { countRows } from "./page.ts";
import type { PageTokens, QueryIdentity } from "./page-token.ts";
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

/**
 * Whether there is a row for which the predicates of a request hold.
 *
 * @param over once nobody waits for the answer, it is not looked for any more.
 */
export async function existsRow<Row extends SizedRow>(
  reads: Reads,
  { table, fields }: QueryKind<Row>,
  projectId: string,
  request: WhereRequest,
  over: Ending,
): Promise<boolean> {
  const filter = parseWhere(request, fields, "predicate.where");
  const count = countRows(table, projectId, filter, 1);
  const [counted] = await reads.query(projectId, count, { isAdHoc: true, over });
  return counted?.total === 1;
}

const DEFAULT_LIMIT = 20;

function sortName({ field, descending }: { readonly field: string; readonly descending: boolean }): string {
  return descending ? `${field} desc` : field;
}
