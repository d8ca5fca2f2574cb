import type { JsonValue } from "@bufbuild/protobuf";
import type { Context } from "./context.ts";
import { MAX_LIST, MAX_VALUES } from "./limits.ts";
import type { Value, Values, Variable } from "./predicate.ts";

/** A value that a predicate holds, with variables replaced. */
export type Literal = Exclude<Value, Variable>;

/** @throws Failure FIELD_INVALID where a variable is not there, or is none of what it may be. */
export function literalOf(value: Value, context: Context): Literal {
  if (value.kind !== "variable") return value;
  const literal = toLiteral(read(value, context), value.at);
  if (literal) return literal;
  throw context.fault.invalid(
    value.at,
    "predicate.variable",
    `the variable ${value.name} must be a text, a number or a boolean`,
  );
}

/** @throws Failure FIELD_INVALID, PREDICATE_TOO_COMPLEX. */
export function literalsOf(values: Values, context: Context): readonly Literal[] {
  if (values.kind === "list") return values.items.map((value) => literalOf(value, context));
  const { fault, tally } = context;
  const given = read(values, context);
  const list = Array.isArray(given) ? given : [given];
  tally.values += list.length;
  if (list.length > MAX_LIST) throw fault.tooComplex(values.at, "values_in_a_list", MAX_LIST);
  if (tally.values > MAX_VALUES) throw fault.tooComplex(values.at, "values", MAX_VALUES);
  return list.map((item) => {
    const literal = toLiteral(item, values.at);
    if (literal) return literal;
    throw fault.invalid(
      values.at,
      "predicate.variable",
      `the variable ${values.name} must hold texts, numbers and booleans only`,
    );
  });
}

/** A literal as JSON. */
export function jsonOf(literal: Literal): string {
  switch (literal.kind) {
    case "text":
      return JSON.stringify(literal.text);
    case "number":
      return literal.digits;
    case "boolean":
      return String(literal.isTrue);
    default:
      return literal satisfies never;
  }
}

function read({ name, at }: Variable, { variables, fault }: Context): JsonValue {
  const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (value !== undefined) return value;
  throw fault.invalid(at, "predicate.variable", `there is no variable ${name} in variables`);
}

function toLiteral(value: JsonValue, at: number): Literal | undefined {
  switch (typeof value) {
    case "string":
      return { kind: "text", text: value, at };
    case "number":
      return { kind: "number", digits: String(value), at };
    case "boolean":
      return { kind: "boolean", isTrue: value, at };
    default:
      return undefined;
  }
}
