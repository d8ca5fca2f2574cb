import type { JsonObject } from "@bufbuild/protobuf";
import type { Expression } from "../db/expression.ts";
import type { Field } from "./field.ts";
import type { Tally } from "./parse.ts";
import type { Condition, Name, Predicate } from "./predicate.ts";
import type { FaultAt } from "./source.ts";

/** What a predicate is bound in. */
export type Context = {
  readonly variables: JsonObject;
  readonly fault: FaultAt;
  readonly tally: Tally;
  /** Binds what stands in `field(...)`. */
  bind(predicate: Predicate, lookUp: LookUp): Expression;
};

/** Finds the field of a name. @throws Failure PREDICATE_UNKNOWN_FIELD. */
export type LookUp = (name: Name) => Field;

/** The failure that a field of this form is not asked that. */
export function unsuited({ fault }: Context, { field }: Condition, description: string): Error {
  return fault.invalid(field.at, "predicate.kind", `${field.name} ${description}`);
}

export function not(expression: Expression): Expression {
  // What is not there makes a condition null rather than false.
  return (scope, of) => scope.sql`(${expression(scope, of)}) is not true`;
}

export function notIf(isNegated: boolean, expression: Expression): Expression {
  return isNegated ? not(expression) : expression;
}
