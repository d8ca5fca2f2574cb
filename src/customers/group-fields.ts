import { type Expression, nearlyAlways } from "../db/expression.ts";
import type { Context } from "../predicates/context.ts";
import type { ObjectField, ObjectListField, ScalarField } from "../predicates/field.ts";
import { column } from "../predicates/fields-of-columns.ts";
import { ID, TEXT } from "../predicates/kinds.ts";
import { type Literal, literalOf, literalsOf } from "../predicates/literals.ts";
import type { Predicate } from "../predicates/predicate.ts";
import { type GroupNames, idTexts, isOneOf, membersOf } from "./members.ts";

const primaryId = column("customer_group_id");

/** The customer's primary group. */
export const primaryGroup: ObjectField = groupOf(
  primaryId,
  (names) => (scope, of) => isOneOf(scope, primaryId(scope, of), names),
);

const assigned = column("customer_group_assignments");
const element: Expression = ({ sql }, of) => sql`${sql(`${of}.value`)}::uuid`;

/** The customer's other groups. */
export const assignments: ObjectListField = {
  form: "objects",
  fields: { customerGroup: groupOf(element) },
  elements: (scope, of, alias) =>
    scope.sql`from jsonb_array_elements_text(${assigned(scope, of)}) as ${scope.sql(alias)}(value) where true`,
  isEmpty: (scope, of) => scope.sql`${assigned(scope, of)} = '[]'`,
  find(term, context) {
    const names = namesIn(term, context);
    if (!names) return undefined;
    return (scope, of) => scope.sql`(
      ${membersOf(names)(scope)}
      and ${nearlyAlways(scope, scope.sql`${assigned(scope, of)} ?| ${idTexts(scope, names)}`)}
    )`;
  },
};

function groupOf(id: Expression, isAny?: (names: GroupNames) => Expression): ObjectField {
  const keyField: ScalarField = {
    form: "scalar",
    kind: TEXT,
    value: (scope, of) => scope.sql`(
      select g.key from customer_groups g where g.project_id = ${scope.projectId} and g.id = ${id(scope, of)}
    )`,
    isNullable: true,
    ...(isAny && { isAny: (values) => isAny({ by: "key", values }) }),
  };
  const idField: ScalarField = {
    form: "scalar",
    kind: ID,
    value: id,
    isNullable: true,
    ...(isAny && { isAny: (values) => isAny({ by: "id", values }) }),
  };
  return {
    form: "object",
    fields: { id: idField, key: keyField },
    isDefined: (scope, of) => scope.sql`${id(scope, of)} is not null`,
  };
}

/** The groups that `customerGroup(id = ...)` and its like name; undefined for other terms. */
function namesIn(term: Predicate, context: Context): GroupNames | undefined {
  if (term.kind !== "inside") return undefined;
  const condition = term.term;
  const literals = equalTo(condition, context);
  if (!literals || !("field" in condition)) return undefined;
  const by = condition.field.name === "id" ? "id" : "key";
  const values = literals.flatMap((literal) => (by === "id" ? ID : TEXT).read(literal) ?? []);
  return { by, values };
}

/** What a condition asks to be equal to; undefined where it asks for something else. */
function equalTo(condition: Predicate, context: Context): readonly Literal[] | undefined {
  if (condition.kind === "compare" && condition.operator === "=")
    return [literalOf(condition.value, context)];
  if (condition.kind === "in" && !condition.isNegated) return literalsOf(condition.values, context);
  return undefined;
}
