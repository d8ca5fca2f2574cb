import type { Fields } from "../../src/predicates/field.ts";

/** What is said of a sort by a field that there is not. */
export function noSuchSort(name: string, fields: Fields): string {
  const known = Object.keys(fields).join(", ");
  return `"${name}" can't be sorted by: there is no such field; these there are: ${known}`;
}
