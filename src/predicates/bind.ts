import { type Expression, joined } from "../db/expression.ts";
import { bindJson, bindMap } from "./bind-json.ts";
import { bindList, bindObjectList } from "./bind-list.ts";
import { bindScalar } from "./bind-scalar.ts";
import { type Context, type LookUp, not, notIf, unsuited } from "./context.ts";
import type { Field, Fields, ObjectField } from "./field.ts";
import { findField } from "./look-up.ts";
import type { Condition, Predicate } from "./predicate.ts";

/**
 * The condition that a predicate is, on rows with these fields. Values and names of users become
 * parameters: the text of the statement has none of them.
 *
 * @throws Failure PREDICATE_UNKNOWN_FIELD, PREDICATE_TOO_COMPLEX, FIELD_INVALID.
 */
export function bindPredicate(
  predicate: Predicate,
  fields: Fields,
  context: Omit<Context, "bind">,
): Expression {
  const whole: Context = { ...context, bind: (term, lookUp) => bindTerm(term, lookUp, whole) };
  return bindTerm(predicate, fieldsIn(fields, whole), whole);
}

function bindTerm(predicate: Predicate, lookUp: LookUp, context: Context): Expression {
  switch (predicate.kind) {
    case "and":
    case "or": {
      const terms = predicate.terms.map((term) => bindTerm(term, lookUp, context));
      const glue = predicate.kind === "and" ? " and " : " or ";
      return (scope, of) => {
        const parts = terms.map((term) => term(scope, of));
        return scope.sql`(${joined(scope.sql, parts, glue)})`;
      };
    }
    case "not":
      return not(bindTerm(predicate.term, lookUp, context));
    default:
      return bindCondition(lookUp(predicate.field), predicate, context);
  }
}

function bindCondition(field: Field, condition: Condition, context: Context): Expression {
  switch (field.form) {
    case "scalar":
      return bindScalar(field, condition, context);
    case "object":
      return bindObject(field, condition, context);
    case "list":
      return bindList(field, condition, context);
    case "objects":
      return bindObjectList(field, condition, context, fieldsIn(field.fields, context));
    case "map":
      return bindMap(field, condition, context);
    case "json":
      return bindJson(field, condition, context);
    default:
      return field satisfies never;
  }
}

function bindObject(field: ObjectField, condition: Condition, context: Context): Expression {
  if (condition.kind === "inside") return context.bind(condition.term, fieldsIn(field.fields, context));
  if (condition.kind === "is" && condition.state === "defined") {
    return notIf(condition.isNegated, field.isDefined);
  }
  throw unsuited(context, condition, `is an object: say ${condition.field.name}(...), or is defined`);
}

function fieldsIn(fields: Fields, { fault }: Context): LookUp {
  return ({ name, at }) => {
    const field = findField(fields, name);
    if (field) return field;
    throw fault.unknownField(at, name, Object.keys(fields));
  };
}
