import { isActive } from "../db/active-project.ts";
import { arrayLiteral, type Statement } from "../db/connection.ts";
import { fixedStatement } from "../db/fixed-statement.ts";
import { inRaw, type RawRow, RawRows } from "../db/raw-rows.ts";
import type { Reads } from "../db/reads.ts";
import type { Table } from "../db/table.ts";
import { integerOf } from "../encoding/columns.ts";
import { failure } from "../errors.ts";

/** A page of all rows of a project, in the order of their ids. */
export type PageById = {
  readonly descending: boolean;
  /** The id that it begins behind; undefined for the first page. */
  readonly after: string | undefined;
  /** How many rows it holds; at most MAX_SHARED_ROWS. */
  readonly size: number;
};

/** Lists the rows of a page, or of one that is the same. */
export type SharedPages<Row extends object> = (projectId: string, page: PageById) => Promise<RawRows<Row>>;

/** The most rows that a page may have here. Written out in the statement, whose one plan is for no more. */
export const MAX_SHARED_ROWS = 32;

/**
 * Lets pages share a statement that are asked for in one turn of the event loop, or while an earlier
 * statement of the project is under way: most of what a short page costs is its statement. Each still shows
 * every write acknowledged before it was asked for, since its statement is sent afterwards.
 */
export function sharePages<Row extends object>(reads: Reads, table: Table<Row>): SharedPages<Row> {
  const up = shareDirection(reads, table, false);
  const down = shareDirection(reads, table, true);
  return (projectId, page) => (page.descending ? down : up)(projectId, page);
}

type Reader<Row extends object> = { resolve(rows: RawRows<Row>): void; reject(error: unknown): void };
type Asked<Row extends object> = { readonly after: string; readonly size: number; readers: Reader<Row>[] };
/** What is asked for of a project, by the text of the page. */
type Waiting<Row extends object> = { asked: Map<string, Asked<Row>> };

/** Of the largest resources, about 32 MB a statement. */
const MAX_ROWS = 256;
/** Different pages of one project: some 200 ms of work. */
const MAX_WAITING = 500;

function shareDirection<Row extends object>(
  reads: Reads,
  table: Table<Row>,
  descending: boolean,
): SharedPages<Row> {
  const listPages = pagesOf(table, descending);
  const projects = new Map<string, Waiting<Row>>();

  return (projectId, { after = descending ? LAST_ID : FIRST_ID, size }) => {
    let waiting = projects.get(projectId);
    if (!waiting) {
      const begun: Waiting<Row> = { asked: new Map() };
      projects.set(projectId, begun);
      setImmediate(() => void run(projectId, begun));
      waiting = begun;
    }
    return wait(waiting.asked, after, size);
  };

  async function run(projectId: string, waiting: Waiting<Row>): Promise<void> {
    while (waiting.asked.size > 0) {
      const batch = takeBatch(waiting);
      try {
        const found = RawRows.of<Row>(await reads.get(projectId, inRaw(listPages(projectId, batch))));
        deliver(batch, found);
      } catch (error) {
        for (const { readers } of batch) for (const reader of readers) reader.reject(error);
      }
    }
    projects.delete(projectId);
  }
}

/** No resource has the one or the other. */
const FIRST_ID = "00000000-0000-0000-0000-000000000000";
const LAST_ID = "ffffffff-ffff-ffff-ffff-ffffffffffff";

function wait<Row extends object>(waiting: Map<string, Asked<Row>>, after: string, size: number) {
  const text = `${after} ${size}`;
  let asked = waiting.get(text);
  if (!asked) {
    if (waiting.size >= MAX_WAITING) return Promise.reject(failure.overloaded());
    asked = { after, size, readers: [] };
    waiting.set(text, asked);
  }
  const { readers } = asked;
  return new Promise<RawRows<Row>>((resolve, reject) => readers.push({ resolve, reject }));
}

function takeBatch<Row extends object>(waiting: Waiting<Row>): Asked<Row>[] {
  const all = [...waiting.asked];
  let rows = 0;
  const end = all.findIndex(([, { size }], index) => {
    rows += size;
    return index > 0 && rows > MAX_ROWS;
  });
  const count = end < 0 ? all.length : end;
  // A new one each time: see LinkedList.
  waiting.asked = new Map(all.slice(count));
  return all.slice(0, count).map(([, asked]) => asked);
}

/**
 * The rows of each page, with its number, counted from 1. Only a nested loop can join so, which takes the
 * pages in turn and leaves the rows of each in their order.
 */
function pagesOf<Row extends object>(table: Table<Row>, descending: boolean) {
  const projectId = "projectId";
  // As text first, so that PostgreSQL expects as many pages of any list, and comes to use one plan for all.
  const statement = fixedStatement<Row, "projectId" | "begins" | "sizes">(
    (sql) => sql`
      select page.number, listed.*
      from unnest(${"begins"}::text::uuid[], ${"sizes"}::text::integer[])
        with ordinality as page (begins_behind, size, number)
      cross join lateral (
        select *
        from (
          select ${table.columns(sql, projectId, "many")}
          from ${sql(table.name)} t
          where t.project_id = ${projectId}
            and ${isActive(sql, projectId)}
            and ${descending ? sql`t.id < page.begins_behind` : sql`t.id > page.begins_behind`}
          ${descending ? sql`order by t.id desc` : sql`order by t.id`}
          limit 32
        ) as bounded
        limit page.size
      ) as listed`,
  );
  return (id: string, pages: readonly Asked<Row>[]): Statement<Row> =>
    statement({
      projectId: id,
      begins: arrayLiteral(pages.map(({ after }) => after)),
      sizes: arrayLiteral(pages.map(({ size }) => `${size}`)),
    });
}

function deliver<Row extends object>(batch: readonly Asked<Row>[], found: RawRows<Row>): void {
  let begin = 0;
  for (const [page, { readers }] of batch.entries()) {
    const end = endOf(found.rows, begin, page + 1);
    const rows = found.slice(begin, end);
    for (const reader of readers) reader.resolve(rows);
    begin = end;
  }
}

/** Behind the last row from `begin` on that is of the page with this number. */
function endOf(rows: readonly RawRow[], begin: number, page: number): number {
  let end = begin;
  for (let row = rows[end]; row && integerOf(row[0], 0, row[0].length) === page; row = rows[end]) end += 1;
  return end;
}
