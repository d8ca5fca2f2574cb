import type postgres from "postgres";
import type { Sql } from "../db/connection.ts";
import type { SortTerm } from "./sort.ts";

/** The values that a row is sorted by, one for each term; times as ISO 8601. */
export type Position = readonly (string | null)[];

type Fragment = postgres.Fragment;

/** `order by` of the terms. */
export function orderBy(sql: Sql, terms: readonly SortTerm[]): Fragment {
  const parts = terms.map(({ column, descending }) =>
    descending ? sql`${sql(column)} desc nulls first` : sql`${sql(column)} asc nulls last`,
  );
  return sql`order by ${joined(sql, parts, ", ")}`;
}

/** The condition that a row comes behind `position` in the order of the terms. */
export function isBehind(sql: Sql, terms: readonly SortTerm[], position: Position): Fragment {
  const [first] = terms;
  if (first && terms.every(({ nullable, descending }) => !nullable && descending === first.descending)) {
    // Unlike branches, a comparison of rows enters an index right behind the position: not at the first of
    // all who were changed in the same millisecond, of whom there may be thousands.
    const columns = joined(
      sql,
      terms.map(({ column }) => sql`${sql(column)}`),
      ", ",
    );
    const values = joined(
      sql,
      terms.map((term, at) => typed(sql, term, valueAt(position, at))),
      ", ",
    );
    return first.descending ? sql`(${columns}) < (${values})` : sql`(${columns}) > (${values})`;
  }
  const branches = terms.map((term, index) => {
    const equal = terms.slice(0, index).map((before, at) => isSame(sql, before, valueAt(position, at)));
    return sql`(${joined(sql, [...equal, isBeyond(sql, term, valueAt(position, index))], " and ")})`;
  });
  const anyBranch = sql`(${joined(sql, branches, " or ")})`;
  if (!first || first.nullable) return anyBranch;
  // Implied by the branches, and unlike them a range that an index can be entered at.
  const value = typed(sql, first, valueAt(position, 0));
  const bound = first.descending
    ? sql`${sql(first.column)} <= ${value}`
    : sql`${sql(first.column)} >= ${value}`;
  return sql`${bound} and ${anyBranch}`;
}

/** Where a row stands in the order of the terms. */
export function positionOf(terms: readonly SortTerm[], row: Readonly<Record<string, unknown>>): Position {
  return terms.map(({ column }) => {
    const value = row[camelCase(column)] ?? null;
    // Lossless, since times are stored to the millisecond.
    return value instanceof Date ? value.toISOString() : value === null ? null : String(value);
  });
}

function isSame(sql: Sql, term: SortTerm, value: string | null): Fragment {
  return value === null
    ? sql`${sql(term.column)} is null`
    : sql`${sql(term.column)} = ${typed(sql, term, value)}`;
}

function isBeyond(sql: Sql, term: SortTerm, value: string | null): Fragment {
  const column = sql(term.column);
  if (value === null) return term.descending ? sql`${column} is not null` : sql`false`;
  if (term.descending) return sql`${column} < ${typed(sql, term, value)}`;
  const greater = sql`${column} > ${typed(sql, term, value)}`;
  return term.nullable ? sql`(${greater} or ${column} is null)` : greater;
}

function typed(sql: Sql, { type }: SortTerm, value: string | null): Fragment {
  switch (type) {
    case "text":
      return sql`${value}::text`;
    case "timestamptz":
      return sql`${value}::timestamptz`;
    case "uuid":
      return sql`${value}::uuid`;
  }
}

function joined(
  sql: Sql,
  [first, ...rest]: readonly Fragment[],
  separator: ", " | " and " | " or ",
): Fragment {
  if (!first) throw new Error("unreachable: there is always the id to sort by");
  const glue = { ", ": sql`, `, " and ": sql` and `, " or ": sql` or ` }[separator];
  return rest.reduce((left, right) => sql`${left}${glue}${right}`, first);
}

function valueAt(position: Position, index: number): string | null {
  return position[index] ?? null;
}

function camelCase(column: string): string {
  return column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
