import { comparison, equalsAny, equalsIgnoringCase, type OrderOperator, typed } from "../db/comparisons.ts";
import type { Expression } from "../db/expression.ts";
import { type Context, notIf, unsuited } from "./context.ts";
import type { ScalarField } from "./field.ts";
import { TEXT } from "./kinds.ts";
import { type Literal, literalOf, literalsOf } from "./literals.ts";
import type { Condition } from "./predicate.ts";

export function bindScalar(field: ScalarField, condition: Condition, context: Context): Expression {
  const { kind, value } = field;
  switch (condition.kind) {
    case "compare": {
      const { operator } = condition;
      if (operator === "=" || operator === "!=") {
        const text = read(field, condition, literalOf(condition.value, context), context);
        return notIf(operator === "!=", isAny(field, [text]));
      }
      if (!kind.hasOrder) throw unsuited(context, condition, "has no order: use =, != or in");
      const text = read(field, condition, literalOf(condition.value, context), context);
      return compares(field, operator, text);
    }
    case "in": {
      const literals = literalsOf(condition.values, context);
      const texts = literals.map((literal) => read(field, condition, literal, context));
      return notIf(condition.isNegated, isAny(field, texts));
    }
    case "matches": {
      if (kind !== TEXT) throw unsuited(context, condition, "is no text");
      const text = read(field, condition, literalOf(condition.value, context), context);
      return (scope, of) => equalsIgnoringCase(scope.sql, value(scope, of), text);
    }
    case "is":
      if (condition.state === "empty") throw unsuited(context, condition, "is no list: use is defined");
      return notIf(condition.isNegated, (scope, of) => scope.sql`${value(scope, of)} is not null`);
    case "contains":
      throw unsuited(context, condition, "is no list: use in");
    case "within":
      throw unsuited(context, condition, "is no point");
    case "inside":
      throw unsuited(context, condition, `is ${kind.wanted}, and has nothing inside`);
    default:
      return condition satisfies never;
  }
}

function read({ kind }: ScalarField, condition: Condition, literal: Literal, context: Context): string {
  const text = kind.read(literal);
  if (text !== undefined) return text;
  throw context.fault.invalid(literal.at, "predicate.kind", `${condition.field.name} takes ${kind.wanted}`);
}

function isAny({ kind, value, isAny }: ScalarField, texts: readonly string[]): Expression {
  if (isAny) return isAny(texts);
  return (scope, of) => equalsAny(scope.sql, value(scope, of), kind.type, texts);
}

function compares({ kind, value, ordering }: ScalarField, operator: OrderOperator, text: string): Expression {
  const compared = ordering?.value ?? value;
  const wanted = ordering ? ordering.formOf(text) : text;
  return (scope, of) =>
    comparison(scope.sql, compared(scope, of), operator, typed(scope.sql, kind.type, wanted));
}
