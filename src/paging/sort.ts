import type { ValueType } from "../db/comparisons.ts";
import type { Expression } from "../db/expression.ts";
import { failure } from "../errors.ts";
import { shortened } from "../json-data.ts";
import type { Field, Fields, ScalarField } from "../predicates/field.ts";
import { memberOf, partOf } from "../predicates/json-members.ts";
import { findField } from "../predicates/look-up.ts";

/** One step of an order: missing values come last ascending, and first descending. */
export type SortTerm = {
  readonly field: string;
  readonly descending: boolean;
  readonly value: Expression;
  /** What the value is called among the columns of a listed row. */
  readonly output: string;
  readonly type: ValueType;
  readonly nullable: boolean;
};

/**
 * Reads the `sort` of a query: entries of a field and, if wanted, `asc` or `desc`. The id is added, in
 * the direction of the last entry, so that the order is total.
 *
 * @param fields must have an `id`.
 * @throws Failure FIELD_INVALID at `sort[i]`.
 */
export function parseSort(entries: readonly string[], fields: Fields): readonly SortTerm[] {
  const seen = new Set<string>();
  const terms = entries.flatMap((entry, index) => {
    const path = `sort[${index}]`;
    const { name, descending } = parseEntry(entry, path);
    const [field, canonicalName] = findPath(fields, name, path);
    if (seen.has(canonicalName)) {
      throw failure.field(path, "sort.unique", `"${canonicalName}" is there twice`);
    }
    seen.add(canonicalName);
    return keysOf(field, `sort${index}`).map((key) => ({ ...key, field: canonicalName, descending }));
  });
  if (seen.has("id")) return terms;
  const { id } = fields;
  if (id?.form !== "scalar") throw new Error("unreachable: every resource has an id");
  const descending = terms.at(-1)?.descending ?? false;
  return [...terms, ...keysOf(id, "id").map((key) => ({ ...key, field: "id", descending }))];
}

type SortKey = Omit<SortTerm, "field" | "descending">;
type Sortable = ScalarField | Extract<Field, { form: "json" }>;

/** What rows with the field are compared by. */
function keysOf(field: Sortable, output: string): SortKey[] {
  if (field.form === "scalar") {
    const { kind, column, ordering } = field;
    return [
      {
        value: ordering?.value ?? field.value,
        output: ordering?.column ?? column ?? output,
        type: kind.type,
        nullable: field.isNullable,
      },
    ];
  }
  const { value } = field;
  // What is no number has none, and so comes behind them.
  const number: Expression = (scope, of) =>
    scope.sql`(case when jsonb_typeof(${value(scope, of)}) = 'number' then ${value(scope, of)}::numeric end)`;
  const text: Expression = (scope, of) => scope.sql`(
    case when jsonb_typeof(${value(scope, of)}) in ('string', 'boolean')
      then left(${value(scope, of)} #>> '{}', ${MAX_COMPARED}) end collate "C"
  )`;
  return [
    { value: number, output: `${output}n`, type: "numeric", nullable: true },
    { value: text, output: `${output}t`, type: "text", nullable: true },
  ];
}

/** Characters of a text in JSON that are compared: a page token holds them. */
const MAX_COMPARED = 256;

function parseEntry(entry: string, path: string): { name: string; descending: boolean } {
  const [name = "", direction = "asc", ...more] = entry.split(" ").filter((word) => word !== "");
  const lowerCase = direction.toLowerCase();
  if (more.length > 0 || (lowerCase !== "asc" && lowerCase !== "desc")) {
    throw failure.field(path, "sort.direction", 'must be a field, or a field and "asc" or "desc"');
  }
  return { name, descending: lowerCase === "desc" };
}

/** The field that a path with dots leads to, and the path in JSON's spelling. */
function findPath(fields: Fields, name: string, path: string): readonly [Sortable, string] {
  const refused = (description: string) =>
    failure.field(path, "sort.field", `"${shortened(name)}" can't be sorted by: ${description}`);
  const [first = "", ...rest] = name.split(".");
  const start = childOf(fields, first);
  if (!start) throw refused(`there is no such field; these there are: ${Object.keys(fields).join(", ")}`);
  let field = start.field;
  const names = [start.name];
  for (const part of rest) {
    const inside = WORD.test(part) ? insideOf(field, part) : undefined;
    if (!inside) throw refused(`there is no "${shortened(part)}" in it, or it is in a list`);
    field = inside.field;
    names.push(inside.name);
  }
  if (field.form === "scalar" || field.form === "json") return [field, names.join(".")];
  throw refused(field.form === "object" || field.form === "map" ? "name something in it" : "it is a list");
}

const WORD = /^[-\w]+$/;

type Found = { readonly field: Field; readonly name: string };

function insideOf(field: Field, name: string): Found | undefined {
  switch (field.form) {
    case "object":
      return childOf(field.fields, name);
    case "map":
      return { field: memberOf(field, name), name };
    case "json":
      return { field: partOf(field, name), name };
    case "scalar":
    case "list":
    case "objects":
      return undefined;
    default:
      return field satisfies never;
  }
}

function childOf(fields: Fields, name: string): Found | undefined {
  const field = findField(fields, name);
  if (!field) return undefined;
  const known = Object.entries(fields).find(([, one]) => one === field);
  return known && { field, name: known[0] };
}
