import fc from "fast-check";
import { expect, test } from "vitest";
import { parsePredicate } from "../../src/predicates/parse.ts";
import { anyPredicate } from "./arbitrary-predicates.ts";
import { printPredicate } from "./print.ts";
import { randomOf } from "./random.ts";

test("what is written of a predicate reads as the same predicate", () => {
  const rule = fc.property(anyPredicate, fc.nat(), (predicate, seed) => {
    expect(withoutPlaces(parsePredicate(printPredicate(predicate, randomOf(seed))))).toEqual(predicate);
    expect(withoutPlaces(parsePredicate(printPredicate(predicate)))).toEqual(predicate);
  });
  fc.assert(rule, { numRuns: 5_000 });
});

test("every name and value stands where it is said to stand", () => {
  const rule = fc.property(anyPredicate, fc.nat(), (predicate, seed) => {
    const text = printPredicate(predicate, randomOf(seed));
    JSON.stringify(parsePredicate(text), (_, node) => {
      if (typeof node?.at !== "number") return node;
      const beginning = beginningOf(node);
      expect(text.slice(node.at, node.at + beginning.length).toLowerCase()).toBe(beginning.toLowerCase());
      return node;
    });
  });
  fc.assert(rule, { numRuns: 1_000 });
});

function withoutPlaces(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, one) => (key === "at" ? 0 : one)));
}

function beginningOf(node: Partial<{ kind: string; name: string; digits: string; isTrue: boolean }>): string {
  if (node.kind === "text") return '"';
  if (node.kind === "variable") return `:${node.name}`;
  return node.name ?? node.digits ?? String(node.isTrue);
}
