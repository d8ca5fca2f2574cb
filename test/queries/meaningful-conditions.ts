import fc from "fast-check";
import type { Condition, Name, Values } from "../../src/predicates/predicate.ts";
import type { Kind } from "./fields.ts";
import { literalsOf } from "./literals.ts";
import type { Literal, Stored } from "./values.ts";

// Conditions on a field of a kind, with values like the samples of what is stored there.

export function compareConditions(
  field: Name,
  kind: Kind,
  samples: readonly Stored[],
): fc.Arbitrary<Condition> {
  const ordered = fc
    .tuple(
      fc.constantFrom("<" as const, "<=" as const, ">" as const, ">=" as const),
      literalsOf(kind, samples, "order"),
    )
    .map(([operator, value]): Condition => ({ kind: "compare", field, operator, value }));
  return fc.oneof(ordered, equalityConditions(field, kind, samples));
}

export function equalityConditions(
  field: Name,
  kind: Kind,
  samples: readonly Stored[],
): fc.Arbitrary<Condition> {
  return fc
    .tuple(fc.constantFrom("=" as const, "!=" as const), literalsOf(kind, samples, "equality"))
    .map(([operator, value]) => ({ kind: "compare", field, operator, value }));
}

export function inConditions(field: Name, kind: Kind, samples: readonly Stored[]): fc.Arbitrary<Condition> {
  return fc
    .tuple(fc.boolean(), lists(literalsOf(kind, samples, "equality")))
    .map(([isNegated, values]) => ({ kind: "in", field, isNegated, values }));
}

export function containsConditions(
  field: Name,
  kind: Kind,
  samples: readonly Stored[],
): fc.Arbitrary<Condition> {
  return fc
    .tuple(fc.constantFrom("all" as const, "any" as const), lists(literalsOf(kind, samples, "equality")))
    .map(([quantifier, values]) => ({ kind: "contains", field, quantifier, values }));
}

export function matchesConditions(
  field: Name,
  kind: Kind,
  samples: readonly Stored[],
): fc.Arbitrary<Condition> {
  return literalsOf(kind.kind === "free" ? kind : { kind: "text" }, samples, "case").map((value) => ({
    kind: "matches",
    field,
    value,
  }));
}

export function stateConditions(
  field: Name,
  states: readonly ("defined" | "empty")[],
): fc.Arbitrary<Condition> {
  return fc
    .tuple(fc.boolean(), fc.constantFrom(...states))
    .map(([isNegated, state]) => ({ kind: "is", field, isNegated, state }));
}

function lists(literal: fc.Arbitrary<Literal>): fc.Arbitrary<Values> {
  return fc
    .tuple(literal, fc.array(literal, { maxLength: 3 }))
    .map(([first, more]) => ({ kind: "list", items: [first, ...more] }));
}
