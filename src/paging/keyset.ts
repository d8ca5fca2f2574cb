import { typed } from "../db/comparisons.ts";
import type { Sql } from "../db/connection.ts";
import { type Fragment, joined, type Scope } from "../db/expression.ts";
import type { SortTerm } from "./sort.ts";

/** The values that a row is sorted by, one for each term; times as ISO 8601. */
export type Position = readonly (string | null)[];

/** `order by` of the terms, on a table's rows as `t`. */
export function orderByValues(scope: Scope, terms: readonly SortTerm[]): Fragment {
  return orderBy(scope.sql, terms, ({ value }) => value(scope, "t"));
}

/** `order by` of the terms, on rows that were listed. */
export function orderByOutputs(sql: Sql, terms: readonly SortTerm[]): Fragment {
  return orderBy(sql, terms, ({ output }) => sql`${sql(output)}`);
}

/** The values that a row is sorted by, besides its columns. */
export function addedColumns(scope: Scope, terms: readonly SortTerm[]): Fragment {
  const { sql } = scope;
  const added = terms.filter(({ output }) => isAdded(output));
  if (added.length === 0) return sql``;
  const columns = added.map(({ value, output }) => sql`${value(scope, "t")} as ${sql(output)}`);
  return sql`, ${joined(sql, columns, ", ")}`;
}

/** The condition that a row, as `t`, comes behind `position` in the order of the terms. */
export function isBehind(scope: Scope, terms: readonly SortTerm[], position: Position): Fragment {
  const { sql } = scope;
  const [first] = terms;
  if (first && terms.every(({ nullable, descending }) => !nullable && descending === first.descending)) {
    // Unlike branches, a comparison of rows enters an index right behind the position: not at the first of
    // all who were changed in the same millisecond, of whom there may be thousands.
    const columns = joined(
      sql,
      terms.map(({ value }) => value(scope, "t")),
      ", ",
    );
    const values = joined(
      sql,
      terms.map((term, at) => typed(sql, term.type, valueAt(position, at) ?? "")),
      ", ",
    );
    return first.descending ? sql`(${columns}) < (${values})` : sql`(${columns}) > (${values})`;
  }
  const branches = terms.map((term, index) => {
    const equal = terms.slice(0, index).map((before, at) => isSame(scope, before, valueAt(position, at)));
    return sql`(${joined(sql, [...equal, isBeyond(scope, term, valueAt(position, index))], " and ")})`;
  });
  const anyBranch = sql`(${joined(sql, branches, " or ")})`;
  if (!first || first.nullable) return anyBranch;
  // Implied by the branches, and unlike them a range that an index can be entered at.
  const value = typed(sql, first.type, valueAt(position, 0) ?? "");
  const column = first.value(scope, "t");
  return first.descending
    ? sql`${column} <= ${value} and ${anyBranch}`
    : sql`${column} >= ${value} and ${anyBranch}`;
}

/** Where a row stands in the order of the terms. @param read reads one of its columns. */
export function positionOf(terms: readonly SortTerm[], read: (column: string) => unknown): Position {
  return terms.map(({ output }) => {
    const value = read(camelCase(output)) ?? null;
    // Lossless, since times are stored to the millisecond.
    return value instanceof Date ? value.toISOString() : value === null ? null : String(value);
  });
}

function orderBy(sql: Sql, terms: readonly SortTerm[], of: (term: SortTerm) => Fragment): Fragment {
  const parts = terms.map((term) =>
    term.descending ? sql`${of(term)} desc nulls first` : sql`${of(term)} asc nulls last`,
  );
  return sql`order by ${joined(sql, parts, ", ")}`;
}

function isSame(scope: Scope, { value, type }: SortTerm, wanted: string | null): Fragment {
  const { sql } = scope;
  return wanted === null
    ? sql`${value(scope, "t")} is null`
    : sql`${value(scope, "t")} = ${typed(sql, type, wanted)}`;
}

function isBeyond(
  scope: Scope,
  { value, type, descending, nullable }: SortTerm,
  wanted: string | null,
): Fragment {
  const { sql } = scope;
  if (wanted === null) return descending ? sql`${value(scope, "t")} is not null` : sql`false`;
  if (descending) return sql`${value(scope, "t")} < ${typed(sql, type, wanted)}`;
  const greater = sql`${value(scope, "t")} > ${typed(sql, type, wanted)}`;
  return nullable ? sql`(${greater} or ${value(scope, "t")} is null)` : greater;
}

function valueAt(position: Position, index: number): string | null {
  return position[index] ?? null;
}

function isAdded(output: string): boolean {
  return /^sort\d/.test(output);
}

function camelCase(column: string): string {
  return column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
