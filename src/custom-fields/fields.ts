import { equalsAny } from "../db/comparisons.ts";
import { type Expression, nearlyAlways } from "../db/expression.ts";
import type { MapField, ObjectField, ScalarField } from "../predicates/field.ts";
import { column } from "../predicates/fields-of-columns.ts";
import { inProject } from "../predicates/json-index.ts";
import { ID, TEXT } from "../predicates/kinds.ts";

/** `custom` of a table's rows. @param isIndexed whether there is an index on custom_fields as `inProject` has it. */
export function customField(isIndexed = false): ObjectField {
  const index = isIndexed ? inProject("custom_fields") : undefined;
  return customOf(column("custom_type_id"), column("custom_fields"), index);
}

/** `custom` of whatever has a type and fields. */
export function customOf(typeId: Expression, fields: Expression, index?: Expression): ObjectField {
  return {
    form: "object",
    fields: { type: typeField(typeId), fields: fieldsField(typeId, fields, index) },
    isDefined: (scope, of) => scope.sql`${typeId(scope, of)} is not null`,
  };
}

function typeField(typeId: Expression): ObjectField {
  const key: ScalarField = {
    form: "scalar",
    kind: TEXT,
    value: (scope, of) => scope.sql`(
      select c.key from custom_types c where c.project_id = ${scope.projectId} and c.id = ${typeId(scope, of)}
    )`,
    isNullable: true,
    isAny: (keys) => (scope, of) => {
      const { sql, projectId } = scope;
      const ids = sql`
        select c.id
        from custom_types c
        where c.project_id = ${projectId} and ${equalsAny(sql, sql`c.key`, "text", keys)}`;
      // One row at most; of an array PostgreSQL would expect ten.
      return keys.length === 1
        ? sql`${typeId(scope, of)} = (${ids})`
        : sql`${typeId(scope, of)} = any(array(${ids}))`;
    },
  };
  return {
    form: "object",
    fields: { id: { form: "scalar", kind: ID, value: typeId, isNullable: true }, key },
    isDefined: (scope, of) => scope.sql`${typeId(scope, of)} is not null`,
  };
}

function fieldsField(typeId: Expression, value: Expression, index: Expression | undefined): MapField {
  return {
    form: "map",
    value,
    ...(index && { index }),
    // Fields that are being removed from their type are out of sight.
    isShown: (name) => (scope, of) => {
      const removedFrom = scope.sql`
        select r.custom_type_id
        from custom_field_removals r
        where r.project_id = ${scope.projectId} and r.field_name = ${name}`;
      return nearlyAlways(scope, scope.sql`${typeId(scope, of)} <> all(array(${removedFrom}))`);
    },
    isEmpty: (scope, of) => scope.sql`coalesce(
      ${value(scope, of)} - array(
        select r.field_name
        from custom_field_removals r
        where r.project_id = ${scope.projectId} and r.custom_type_id = ${typeId(scope, of)}
      ),
      '{}'
    ) = '{}'`,
    keepsTimes: true,
  };
}
