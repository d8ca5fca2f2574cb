import type { MessageInitShape } from "@bufbuild/protobuf";
import type { QueryPlanSchema } from "../../gen/clientele/v1/query_plan_pb.ts";
import { type Filter, joined } from "../db/expression.ts";
import { inRaw, RawRows, type RowText } from "../db/raw-rows.ts";
import type { QueryOptions as ReadOptions, Reads } from "../db/reads.ts";
import { integerOf } from "../encoding/columns.ts";
import type { Ending } from "../ending.ts";
import { failure } from "../errors.ts";
import { positionOf } from "./keyset.ts";
import { MAX_PAGE_BYTES, MAX_TOTAL } from "./limits.ts";
import { countRows, explainRows, listRows, type Page } from "./page.ts";
import type { PageTokens } from "./page-token.ts";
import { readPlan } from "./plan.ts";
import type { Query, QueryKind, SizedRow } from "./query.ts";
import { MAX_SHARED_ROWS, type SharedPages, sharePages } from "./shared-pages.ts";

/** The pages of one kind of resource. */
export type Pages<Row extends SizedRow> = {
  /** @throws Failure QUERY_TIMEOUT; TOO_LARGE when not even one row and its extra bytes make a page. */
  run(query: Query<Row>, options: QueryOptions<Row>): Promise<QueryResult<Row>>;
};

export type QueryResult<Row extends object> = {
  readonly rows: RawRows<Row>;
  readonly page: PageInfo;
};

/** What an answer says of its page. */
export type PageInfo = {
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

/** How many bytes an answer holds for each row besides the row itself. */
export type ExtraBytes<Row> = (rows: readonly Row[]) => Promise<readonly number[]>;

export type QueryOptions<Row> = {
  readonly filter?: Filter | undefined;
  /** Absent: none. */
  readonly extraBytes?: ExtraBytes<Row> | undefined;
  /** Once nobody waits for the page, what still waits for a connection isn't read any more. */
  readonly over: Ending;
};

export function openPages<Row extends SizedRow>(
  reads: Reads,
  tokens: PageTokens,
  kind: QueryKind<Row>,
): Pages<Row> {
  const shared = sharePages(reads, kind.table);
  return {
    async run(query, { filter: more, extraBytes, over }) {
      const { limit, offset, sort, identity, where, withTotal, exactTotal } = query;
      const { projectId } = identity;
      const filter = bothOf(more, where);
      const page: Page = { ...query, filter, maxBytes: MAX_PAGE_BYTES };
      const isAdHoc = where !== undefined || sort.length > MAX_USUAL_SORTS;
      const none = { limit, offset, count: 0, totalCapped: false, nextPageToken: "" };
      if (query.explain) {
        const explanation = explainRows(kind.table, projectId, page);
        const [explained] = await reads.query(projectId, explanation, { isAdHoc: true, over });
        return { rows: RawRows.of<Row>([]), page: { ...none, plan: readPlan(explained?.["QUERY PLAN"]) } };
      }
      const most = exactTotal ? undefined : MAX_TOTAL + 1;
      const [found, counted] = await Promise.all([
        list(projectId, page, { isAdHoc, over }),
        withTotal
          ? reads.query(projectId, countRows(kind.table, projectId, filter, most), { isAdHoc, over })
          : [],
      ]);
      const extra = extraBytes ? await extraBytes(found.read()) : NONE;
      const count = countThatFit(found, limit, extra);
      const last = found.count > count ? found.rows[count - 1] : undefined;
      const position = last && positionOf(sort, (column) => found.valueOf(last, column));
      const nextPageToken = position ? tokens.seal(identity, position) : "";
      return {
        rows: found.slice(0, count),
        page: { ...none, ...totalOf(counted[0]?.total, exactTotal), count, nextPageToken },
      };
    },
  };

  async function list(projectId: string, page: Page, options: ReadOptions): Promise<RawRows<Row>> {
    if (page.limit === 0) return RawRows.of<Row>([]);
    const byId = pageById(page);
    if (byId) return shared(projectId, byId);
    const statement = inRaw(listRows(kind.table, projectId, page));
    const isLong = page.limit >= LONG_PAGE;
    return RawRows.of<Row>(await reads.query(projectId, statement, { ...options, isLong }));
  }
}

const NONE: readonly number[] = [];
/** Takes the event loop a millisecond. */
const LONG_PAGE = 100;

/** Pages without predicates, and sorted by so much and the id, are too few kinds of statements to fill a memory. */
const MAX_USUAL_SORTS = 2;

/** Short pages of all rows by their ids share statements. */
function pageById({
  filter,
  sort,
  limit,
  offset,
  after,
}: Page): Parameters<SharedPages<object>>[1] | undefined {
  const [term] = sort;
  if (filter || offset > 0 || limit >= MAX_SHARED_ROWS || sort.length > 1 || term?.field !== "id")
    return undefined;
  return { descending: term.descending, after: after?.[0] ?? undefined, size: limit + 1 };
}

function bothOf(one: Filter | undefined, other: Filter | undefined): Filter | undefined {
  if (!one || !other) return one ?? other;
  return (scope) => joined(scope.sql, [one(scope), other(scope)], " and ");
}

function totalOf(total: number | undefined, isExact: boolean) {
  if (total === undefined) return {};
  return isExact ? { total } : { total: Math.min(total, MAX_TOTAL), totalCapped: total > MAX_TOTAL };
}

/** How many of the rows make the page; at least one, or a walk would not get on. */
function countThatFit(found: RawRows<SizedRow>, limit: number, extraBytes: readonly number[]): number {
  const sizeIndex = found.indexOf("byteSize");
  let bytes = 0;
  for (const [index, row] of found.rows.entries()) {
    bytes += sizeOf(found.textOf(row), sizeIndex) + (extraBytes[index] ?? 0);
    if (index === limit || (index > 0 && bytes > MAX_PAGE_BYTES)) return index;
    if (bytes > MAX_PAGE_BYTES)
      throw failure.tooLarge("one result and what it includes", MAX_PAGE_BYTES, bytes);
  }
  return found.count;
}

function sizeOf({ bytes, begins, ends }: RowText, index: number): number {
  const size = integerOf(bytes, begins[index] ?? 0, ends[index] ?? 0);
  if (size === undefined) throw new Error("unreachable: every row has a size, of few digits");
  return size;
}
