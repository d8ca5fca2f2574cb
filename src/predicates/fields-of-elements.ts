import type { Expression } from "../db/expression.ts";
import type { Fields, ObjectListField } from "./field.ts";
import { column, memberField } from "./fields-of-columns.ts";
import { inProject } from "./json-index.ts";
import type { Kind } from "./kinds.ts";

/** An element of a list in JSON, as an expression. */
export const ELEMENT: Expression = column("value");

/** A list of objects, in a column of JSON. @param isIndexed whether there is an index on it as `inProject` has it. */
export function elementsOf(
  columnName: string,
  members: Readonly<Record<string, Kind>>,
  more: Fields = {},
  isIndexed = false,
): ObjectListField {
  const list = column(columnName);
  const fields = Object.entries(members).map(
    ([name, kind]) => [name, memberField(ELEMENT, name, kind)] as const,
  );
  return {
    form: "objects",
    fields: { ...Object.fromEntries(fields), ...more },
    elements: (scope, of, alias) =>
      scope.sql`from jsonb_array_elements(${list(scope, of)}) as ${scope.sql(alias)}(value) where true`,
    isEmpty: (scope, of) => scope.sql`${list(scope, of)} = '[]'`,
    ...(isIndexed && { index: inProject(columnName) }),
  };
}
