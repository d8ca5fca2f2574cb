import { arrayLiteral } from "../db/connection.ts";
import type { Expression } from "../db/expression.ts";

/**
 * A column of JSON as its index holds it: under the id of the project, so that nothing of other projects
 * is met. The index must be on this very expression.
 */
export function inProject(column: string): Expression {
  return ({ sql }, of) =>
    sql`jsonb_set('{}', array[${sql(`${of}.project_id`)}::text], ${sql(`${of}.${column}`)})`;
}

/** Whether a column contains any of these texts of JSON, as `@>` means it. */
export function containsAny(index: Expression, jsons: readonly string[]): Expression {
  return (scope, of) => {
    const { sql, projectId } = scope;
    const documents = jsons.map((json) => `{${JSON.stringify(projectId)}:${json}}`);
    const [first] = documents;
    return first !== undefined && documents.length === 1
      ? sql`${index(scope, of)} @> ${first}::text::jsonb`
      : sql`${index(scope, of)} @> any(${arrayLiteral(documents)}::text::jsonb[])`;
  };
}
