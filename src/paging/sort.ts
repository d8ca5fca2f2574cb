import { failure } from "../errors.ts";

/** A column that a resource can be sorted by. */
export type SortColumn = {
  readonly column: string;
  readonly type: "text" | "timestamptz" | "uuid";
  readonly nullable: boolean;
};

/** One step of an order: missing values come last ascending, and first descending. */
export type SortTerm = SortColumn & { readonly field: string; readonly descending: boolean };

/**
 * Reads the `sort` of a query: entries of a field and, if wanted, `asc` or `desc`. The id is added, in
 * the direction of the last entry, so that the order is total.
 *
 * @throws Failure FIELD_INVALID at `sort[i]`.
 */
export function parseSort(
  entries: readonly string[],
  columns: Readonly<Record<string, SortColumn>>,
): readonly SortTerm[] {
  const terms: SortTerm[] = [];
  for (const [index, entry] of entries.entries()) {
    const term = parseEntry(entry, `sort[${index}]`, columns);
    if (terms.some(({ field }) => field === term.field)) {
      throw failure.field(`sort[${index}]`, "sort.unique", `"${term.field}" is there twice`);
    }
    terms.push(term);
  }
  if (terms.some(({ field }) => field === "id")) return terms;
  const descending = terms.at(-1)?.descending ?? false;
  return [...terms, { field: "id", column: "id", type: "uuid", nullable: false, descending }];
}

function parseEntry(entry: string, path: string, columns: Readonly<Record<string, SortColumn>>): SortTerm {
  const [field = "", direction = "asc", ...more] = entry.split(" ").filter((word) => word !== "");
  const column = Object.hasOwn(columns, field) ? columns[field] : undefined;
  if (!column) {
    const known = Object.keys(columns).join(", ");
    throw failure.field(path, "sort.field", `"${field}" can't be sorted by; these can: ${known}`);
  }
  const lowerCase = direction.toLowerCase();
  if (more.length > 0 || (lowerCase !== "asc" && lowerCase !== "desc")) {
    throw failure.field(path, "sort.direction", 'must be a field, or a field and "asc" or "desc"');
  }
  return { ...column, field, descending: lowerCase === "desc" };
}
