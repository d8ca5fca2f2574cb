import { isActive } from "./active-project.ts";
import { arrayLiteral, type Statement } from "./connection.ts";
import { fixedStatement, type Part, type PartTag, type Tag } from "./fixed-statement.ts";
import type { OfProject, Wanted } from "./gather.ts";

/** A table of resources: it has the columns project_id, id, key and byte_size. */
export type Table<Row extends object> = {
  readonly name: string;
  /**
   * What makes a row, of the table as `t`.
   *
   * @param rows how many rows the statement is about. What is found out once for many takes one longer.
   */
  columns<Part>(sql: Tag<Part>, projectId: Part | string, rows: "one" | "many"): Part;
  /** Never there: says what a row is. */
  readonly row?: Row;
};

/** Lists the rows with the wanted values; missing ones are left out, in no promised order. */
export type RowsBy<Row extends object> = (wanted: Wanted) => Statement<Row & OfProject>;

/** Makes statements that list a table's rows by their values in a unique column. */
export function rowsBy<Row extends object>(table: Table<Row>, column: string): RowsBy<Row> {
  const type = column === "id" ? "uuid" : "text";
  const byValue = rowsOfOne(table, column, "one", (sql) => sql`${"value"}::${sql(type)}`);
  const byValues = rowsOfOne(table, column, "many", (sql) => sql`any(${"value"}::${sql(type)}[])`);
  const byPairs = rowsOfSeveral(table, column, type);
  return (wanted) => {
    const [[projectId, values] = ["", []]] = wanted;
    if (wanted.size > 1) return byPairs(pairsOf(wanted));
    // Of an array PostgreSQL expects ten values, and plans anew whenever it holds only one.
    const [first] = values;
    return first !== undefined && values.length === 1
      ? byValue({ projectId, value: first })
      : byValues({ projectId, value: arrayLiteral(values) });
  };
}

/** The rows of one project with these values in a unique column: see `rowsBy`. */
export function listRowsBy<Row extends object>(
  table: Table<Row>,
  column: string,
  projectId: string,
  values: readonly string[],
): Statement<Row> {
  return rowsBy(table, column)(new Map([[projectId, values]]));
}

export type RowSize = { readonly id: string; readonly byteSize: number };

/** The sizes of the rows with these ids, as they are sent; missing ones are left out. */
export function listRowSizes<Row extends object>(
  table: Table<Row>,
  projectId: string,
  ids: readonly string[],
): Statement<RowSize> {
  return (sql) => sql<RowSize[]>`
    select t.id, t.byte_size
    from ${sql(table.name)} t
    where t.project_id = ${projectId} and t.id = any(${arrayLiteral(ids)}::uuid[]) and ${isActive(sql, projectId)}`;
}

type Values = "projectId" | "value";

function rowsOfOne<Row extends object>(
  table: Table<Row>,
  column: string,
  rows: "one" | "many",
  wanted: (sql: PartTag) => Part,
) {
  const projectId: Values = "projectId";
  return fixedStatement<Row & OfProject, Values>(
    (sql) => sql`
      select t.project_id, ${table.columns(sql, projectId, rows)}
      from ${sql(table.name)} t
      where t.project_id = ${projectId} and ${sql(`t.${column}`)} = ${wanted(sql)} and ${isActive(sql, projectId)}`,
  );
}

/** Each row's project is that of the list whose turn it is, nowhere another one's. */
function rowsOfSeveral<Row extends object>(table: Table<Row>, column: string, type: string) {
  const projectIds = "projectIds";
  return fixedStatement<Row & OfProject, "projectIds" | "values">(
    (sql) => sql`
      select t.project_id, ${table.columns(sql, sql("w.project_id"), "many")}
      from unnest(${projectIds}::uuid[], ${"values"}::${sql(type)}[]) as w (project_id, value)
      join projects p on p.project_id = w.project_id and p.state = 'active'
      join ${sql(table.name)} t on t.project_id = w.project_id and ${sql(`t.${column}`)} = w.value`,
  );
}

function pairsOf(wanted: Wanted): { readonly projectIds: string; readonly values: string } {
  const pairs = Array.from(wanted, ([projectId, values]) =>
    values.map((value) => [projectId, value] as const),
  );
  const all = pairs.flat();
  return {
    projectIds: `{${all.map(([projectId]) => projectId)}}`,
    values: arrayLiteral(all.map(([, value]) => value)),
  };
}
