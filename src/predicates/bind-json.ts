import { equalsIgnoringCase } from "../db/comparisons.ts";
import type { Expression } from "../db/expression.ts";
import { MIN_NUMBER } from "../json-data.ts";
import { elementOf } from "./bind-list.ts";
import { type Context, notIf, unsuited } from "./context.ts";
import type { JsonField, MapField } from "./field.ts";
import * as json from "./json-conditions.ts";
import { memberOf, partOf } from "./json-members.ts";
import { type Literal, literalOf, literalsOf } from "./literals.ts";
import type { Condition, Predicate, Value } from "./predicate.ts";
import { spellingsOf } from "./spellings.ts";
import { templatesOf } from "./templates.ts";

/** Members of any names. */
export function bindMap(field: MapField, condition: Condition, context: Context): Expression {
  if (condition.kind === "inside") return context.bind(condition.term, ({ name }) => memberOf(field, name));
  if (condition.kind !== "is") {
    const { name } = condition.field;
    throw unsuited(context, condition, `holds names of your own: say ${name}(...), or is defined`);
  }
  const isDefined: Expression = (scope, of) => scope.sql`${field.value(scope, of)} is not null`;
  return notIf(condition.isNegated, condition.state === "empty" ? field.isEmpty : isDefined);
}

/** JSON of any kind. */
export function bindJson(field: JsonField, condition: Condition, context: Context): Expression {
  const spellings = (literal: Literal) => spellingsOf(literal, field.keepsTimes);
  switch (condition.kind) {
    case "compare": {
      const { operator } = condition;
      const literal = literalOf(condition.value, context);
      if (operator === "=" || operator === "!=") {
        return notIf(operator === "!=", json.isAny(field, spellings(literal)));
      }
      if (literal.kind === "boolean")
        throw unsuited(context, condition, "can't be ordered by true and false");
      return json.compares(field, operator, literal);
    }
    case "in": {
      const jsons = literalsOf(condition.values, context).flatMap(spellings);
      return notIf(condition.isNegated, json.isOrHasAny(field, jsons));
    }
    case "contains": {
      const elements = literalsOf(condition.values, context).map(spellings);
      return condition.quantifier === "any"
        ? json.hasAny(field, elements.flat())
        : json.hasAll(field, elements);
    }
    case "is":
      return notIf(
        condition.isNegated,
        condition.state === "defined" ? json.isDefined(field) : json.isEmpty(field),
      );
    case "matches": {
      const literal = literalOf(condition.value, context);
      if (literal.kind !== "text") {
        throw context.fault.invalid(literal.at, "predicate.kind", "only a text has upper and lower case");
      }
      return json.ifText(field, ({ sql }, text) => equalsIgnoringCase(sql, text, literal.text));
    }
    case "within": {
      const [longitude, latitude, metres] = [
        readNumber(condition.longitude, context, -180, 180),
        readNumber(condition.latitude, context, -90, 90),
        readNumber(condition.metres, context, 0, Number.MAX_VALUE),
      ];
      return (scope, of) =>
        scope.sql`is_within_circle_v1(${field.value(scope, of)}, ${longitude}, ${latitude}, ${metres})`;
    }
    case "inside":
      return bindInside(field, condition.term, context);
    default:
      return condition satisfies never;
  }
}

/** Of a list, one element must satisfy the term; of all else, what is in it, if anything. */
function bindInside(field: JsonField, term: Predicate, context: Context): Expression {
  const { value, keepsTimes, containsAny } = field;
  const element: Expression = ({ sql }, of) => sql`${sql(`${of}.value`)}`;
  const bound = context.bind(term, ({ name }) => partOf({ form: "json", value: element, keepsTimes }, name));
  const templates =
    containsAny &&
    templatesOf(term, ({ name }, literal) => ({ name, jsons: spellingsOf(literal, keepsTimes) }), context);
  if (templates) return containsAny(templates.flatMap((template) => [template, `[${template}]`]));
  return (scope, of) => {
    const { sql } = scope;
    const alias = elementOf(of);
    const [a, b, c] = [value(scope, of), value(scope, of), value(scope, of)];
    return sql`exists (
      select
      from jsonb_array_elements(
        case when jsonb_typeof(${a}) = 'array' then ${b} else jsonb_build_array(${c}) end
      ) as ${sql(alias)}(value)
      where ${bound(scope, alias)}
    )`;
  };
}

function readNumber(value: Value, context: Context, least: number, most: number): number {
  const literal = literalOf(value, context);
  const number = literal.kind === "number" ? Number(literal.digits) : Number.NaN;
  // As of all JSON that is stored: the square of a smaller one is an error of PostgreSQL's.
  if (number >= least && number <= most) return Math.abs(number) < MIN_NUMBER ? 0 : number;
  const range = most === Number.MAX_VALUE ? `at least ${least}` : `${least} to ${most}`;
  throw context.fault.invalid(literal.at, "predicate.kind", `must be a number, ${range}`);
}
