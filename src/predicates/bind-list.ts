import { arrayLiteral } from "../db/connection.ts";
import type { Expression } from "../db/expression.ts";
import { type Context, type LookUp, notIf, unsuited } from "./context.ts";
import type { ListField, ObjectListField } from "./field.ts";
import { containsAny } from "./json-index.ts";
import { literalsOf } from "./literals.ts";
import { findField } from "./look-up.ts";
import { newTally } from "./parse.ts";
import type { Condition, Predicate, Values } from "./predicate.ts";
import { templatesOf } from "./templates.ts";

/** A list of texts. */
export function bindList(field: ListField, condition: Condition, context: Context): Expression {
  switch (condition.kind) {
    case "in":
      return notIf(condition.isNegated, hasAny(field, read(field, condition, condition.values, context)));
    case "contains": {
      const texts = read(field, condition, condition.values, context);
      return condition.quantifier === "any" ? hasAny(field, texts) : hasAll(field, texts);
    }
    case "is":
      return notIf(condition.isNegated, condition.state === "empty" ? isEmpty(field) : isThere);
    default:
      throw unsuited(context, condition, "is a list: use in, contains all, contains any or is empty");
  }
}

/** A list of objects, of which one must satisfy what stands in `field(...)`. */
export function bindObjectList(
  field: ObjectListField,
  condition: Condition,
  context: Context,
  lookUp: LookUp,
): Expression {
  if (condition.kind === "is") {
    return notIf(condition.isNegated, condition.state === "empty" ? field.isEmpty : isThere);
  }
  if (condition.kind !== "inside") {
    throw unsuited(context, condition, `is a list of objects: say ${condition.field.name}(...), or is empty`);
  }
  // Before it is found otherwise: all of it has to be sound.
  const element = context.bind(condition.term, lookUp);
  return (
    // Its values were counted when it was bound.
    field.find?.(condition.term, { ...context, tally: newTally() }) ??
    containsElement(field, condition.term, context) ??
    ((scope, of) => {
      const alias = elementOf(of);
      return scope.sql`exists (
        select ${field.elements(scope, of, alias)} and ${element(scope, alias)}
      )`;
    })
  );
}

/** The alias of an element of a list of a row or element. */
export function elementOf(of: string): string {
  return `e${of === "t" ? 1 : Number(of.slice(1)) + 1}`;
}

const isThere: Expression = ({ sql }) => sql`true`;

function isEmpty({ value }: ListField): Expression {
  return (scope, of) => scope.sql`${value(scope, of)} = '[]'`;
}

function hasAny({ value, index }: ListField, texts: readonly string[]): Expression {
  if (index)
    return containsAny(
      index,
      texts.map((text) => JSON.stringify([text])),
    );
  return (scope, of) => scope.sql`${value(scope, of)} ?| ${arrayLiteral(texts)}::text[]`;
}

function hasAll({ value, index }: ListField, texts: readonly string[]): Expression {
  if (index) return containsAny(index, [JSON.stringify(texts)]);
  return (scope, of) => scope.sql`${value(scope, of)} @> ${JSON.stringify(texts)}::text::jsonb`;
}

function read(
  { kind }: ListField,
  { field }: Condition,
  values: Values,
  context: Context,
): readonly string[] {
  return literalsOf(values, context).map((literal) => {
    const text = kind.read(literal);
    if (text !== undefined) return text;
    throw context.fault.invalid(literal.at, "predicate.kind", `${field.name} takes ${kind.wanted}`);
  });
}

function containsElement(
  { index, fields }: ObjectListField,
  term: Predicate,
  context: Context,
): Expression | undefined {
  const templates =
    index &&
    templatesOf(
      term,
      ({ name }, literal) => {
        const field = findField(fields, name);
        if (field?.form !== "scalar" || field.member === undefined || field.kind.type !== "text")
          return undefined;
        const text = field.kind.read(literal);
        return text === undefined ? undefined : { name: field.member, jsons: [JSON.stringify(text)] };
      },
      context,
    );
  if (!templates) return undefined;
  return containsAny(
    index,
    templates.map((template) => `[${template}]`),
  );
}
