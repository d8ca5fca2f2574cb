import type { Expression } from "../db/expression.ts";
import type { Fields, ListField, MapField, ObjectField, ScalarField } from "./field.ts";
import { inProject } from "./json-index.ts";
import { ID, type Kind, NUMBER, TEXT, TIME } from "./kinds.ts";

/** A column as an expression. */
export function column(name: string): Expression {
  return ({ sql }, of) => sql`${sql(`${of}.${name}`)}`;
}

export function columnField(name: string, kind: Kind, isNullable = true): ScalarField {
  return { form: "scalar", kind, value: column(name), isNullable, column: name };
}

/** Nullable columns of text, named as the fields are. */
export function textColumns<Name extends string>(
  names: readonly Name[],
): { readonly [name in Name]: ScalarField } {
  return Object.fromEntries(names.map((name) => [name, columnField(snakeCase(name), TEXT)])) as {
    [name in Name]: ScalarField;
  };
}

/** A list of texts. @param isIndexed whether there is an index on the column as `inProject` has it. */
export function listColumn(name: string, kind: Kind, isIndexed = false): ListField {
  return { form: "list", kind, value: column(name), ...(isIndexed && { index: inProject(name) }) };
}

/** A JSON object of any names. */
export function mapColumn(name: string, isIndexed = false): MapField {
  const value = column(name);
  return {
    form: "map",
    value,
    isEmpty: (scope, of) => scope.sql`coalesce(${value(scope, of)}, '{}') = '{}'`,
    keepsTimes: false,
    ...(isIndexed && { index: inProject(name) }),
  };
}

/** What all resources have. */
export const HEADER_FIELDS: Fields = {
  id: columnField("id", ID, false),
  version: columnField("version", NUMBER, false),
  createdAt: columnField("created_at", TIME, false),
  createdBy: actor("created_by"),
  lastModifiedAt: columnField("last_modified_at", TIME, false),
  lastModifiedBy: actor("last_modified_by"),
  ...textColumns(["key", "reference", "referenceOrigin"]),
};

function actor(name: string): ObjectField {
  const members = ["clientId", "subject", "externalUserId", "customerId", "anonymousId"];
  return {
    form: "object",
    fields: Object.fromEntries(members.map((member) => [member, memberField(column(name), member, TEXT)])),
    isDefined: (scope, of) => scope.sql`${column(name)(scope, of)} is not null`,
  };
}

/** A member of an object in JSON. */
export function memberField(object: Expression, member: string, kind: Kind): ScalarField {
  return { form: "scalar", kind, value: castMember(object, member, kind), isNullable: true, member };
}

function castMember(object: Expression, member: string, { type }: Kind): Expression {
  const text: Expression = (scope, of) => scope.sql`(${object(scope, of)} ->> ${member}::text)`;
  switch (type) {
    case "text":
      return (scope, of) => scope.sql`(${text(scope, of)} collate "C")`;
    case "uuid":
      return (scope, of) => scope.sql`${text(scope, of)}::uuid`;
    case "numeric":
      return (scope, of) => scope.sql`${text(scope, of)}::numeric`;
    case "boolean":
      return (scope, of) => scope.sql`${text(scope, of)}::boolean`;
    case "timestamptz":
      return (scope, of) => scope.sql`${text(scope, of)}::timestamptz`;
    default:
      return type satisfies never;
  }
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
