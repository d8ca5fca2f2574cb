import type postgres from "postgres";
import { isActive } from "./active-project.ts";
import { arrayLiteral, type Sql, type Statement } from "./connection.ts";

/** A table of resources: it has the columns project_id, id, key and byte_size. */
export type Table<Row extends object> = {
  readonly name: string;
  /** What makes a row, of the table as `t`. */
  columns(sql: Sql, projectId: string): postgres.Fragment;
  /** Never there: says what a row is. */
  readonly row?: Row;
};

/** The rows with these values in a unique column; missing ones are left out, in no promised order. */
export function listRowsBy<Row extends object>(
  table: Table<Row>,
  column: string,
  projectId: string,
  values: readonly string[],
): Statement<Row> {
  return (sql) => {
    const type = column === "id" ? sql`uuid` : sql`text`;
    const [first] = values;
    // Of an array PostgreSQL expects ten values, and plans anew whenever it holds only one.
    const wanted =
      first !== undefined && values.length === 1
        ? sql`${first}::${type}`
        : sql`any(${arrayLiteral(values)}::${type}[])`;
    return sql<Row[]>`
      select ${table.columns(sql, projectId)}
      from ${sql(table.name)} t
      where t.project_id = ${projectId} and ${sql(`t.${column}`)} = ${wanted} and ${isActive(sql, projectId)}`;
  };
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
