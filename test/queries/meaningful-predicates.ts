import fc from "fast-check";
import type { Condition, Name, Predicate } from "../../src/predicates/predicate.ts";
import { circles } from "./arbitrary-circles.ts";
import { pointOf } from "./circles.ts";
import type { Kind, ObjectKind } from "./fields.ts";
import {
  compareConditions,
  containsConditions,
  equalityConditions,
  inConditions,
  matchesConditions,
  stateConditions,
} from "./meaningful-conditions.ts";
import { membersOf, namesOf } from "./members.ts";
import type { Stored } from "./values.ts";

/** What a predicate can be about: an object's fields, and such objects as there are. */
type Scope = { readonly kind: ObjectKind; readonly samples: readonly Stored[] };
type Field = { readonly kind: Kind; readonly samples: readonly Stored[] };

const MAX_DEPTH = 5;

/** Predicates that suit the fields, and whose values are mostly those of the documents. */
export function meaningfulPredicates(scope: Scope, depth = MAX_DEPTH): fc.Arbitrary<Predicate> {
  const one = conditions(scope, depth);
  if (depth === 0) return one;
  const inner = fc.constant(depth - 1).chain((less) => meaningfulPredicates(scope, less));
  return fc.oneof(
    { weight: 5, arbitrary: one },
    { weight: 2, arbitrary: joined("and", inner) },
    { weight: 2, arbitrary: joined("or", inner) },
    { weight: 1, arbitrary: inner.map((term): Predicate => ({ kind: "not", term })) },
  );
}

function joined(kind: "and" | "or", term: fc.Arbitrary<Predicate>): fc.Arbitrary<Predicate> {
  return fc
    .tuple(term, term, fc.array(term, { maxLength: 1 }))
    .map(([first, second, more]) => ({ kind, terms: [first, second, ...more] }));
}

function conditions(scope: Scope, depth: number): fc.Arbitrary<Condition> {
  return fc.constantFrom(...namesIn(scope)).chain((name) => {
    const field = fieldIn(scope, name);
    const isMember = scope.kind.kind === "free";
    const spelled =
      scope.kind.kind === "object" ? fc.constantFrom(name, name, name, toSnakeCase(name)) : fc.constant(name);
    const condition = (said: Name) => conditionsOn(said, field, isMember, depth);
    return spelled.chain((said) => condition({ name: said, at: 0 }));
  });
}

/** Drawn from again and again, so what has been found of the samples is kept. */
const found = new WeakMap<readonly Stored[], Map<string, unknown>>();

function once<Value>(samples: readonly Stored[], what: string, find: () => Value): Value {
  const known = found.get(samples) ?? new Map<string, unknown>();
  found.set(samples, known);
  if (!known.has(what)) known.set(what, find());
  return known.get(what) as Value;
}

function namesIn(scope: Scope): readonly string[] {
  return once(scope.samples, "names", () => findNames(scope));
}

function findNames({ kind, samples }: Scope): readonly string[] {
  if (kind.kind === "localized") return ["en", "de-DE", "zh-Hant-TW", "fr"];
  if (kind.kind === "free") return [...new Set([...samples.flatMap(namesOf), "nowhere"])];
  return Object.entries(kind.fields).flatMap(([name, of]) =>
    Array.from({ length: weightOf(of, membersOf(samples, name)) }, () => name),
  );
}

/** What is there, and what holds much, is asked for more often. */
function weightOf(of: Kind, samples: readonly Stored[]): number {
  if (!samples.some(holdsAnything)) return 1;
  const { kind } = of;
  const isCustom = kind === "object" && Object.hasOwn(of.fields, "fields");
  return kind === "free" || isCustom ? 40 : kind === "object" || kind === "objects" ? 10 : 4;
}

function holdsAnything(value: Stored): boolean {
  return typeof value === "object" ? Object.keys(value ?? {}).length > 0 : value !== undefined;
}

function conditionsOn(field: Name, of: Field, isMember: boolean, depth: number): fc.Arbitrary<Condition> {
  const { kind, samples } = of;
  if (field.name === "not") return compareConditions(field, kind, samples);
  const is = (...states: ("defined" | "empty")[]) => stateConditions(field, states);
  switch (kind.kind) {
    case "object":
    case "localized":
      return fc.oneof(...insideConditions(field, of, depth), is("defined"));
    case "objects":
      return fc.oneof(...insideConditions(field, of, depth), is("defined", "empty"));
    case "list":
      return fc.oneof(
        inConditions(field, kind.of, elementsOf(samples)),
        containsConditions(field, kind.of, elementsOf(samples)),
        is("defined", "empty"),
      );
    case "free":
      if (!isMember) return fc.oneof(...insideConditions(field, of, depth), is("defined", "empty"));
      return fc.oneof(
        ...insideConditions(field, of, depth),
        { weight: 4, arbitrary: compareConditions(field, kind, samples) },
        { weight: 2, arbitrary: inConditions(field, kind, elementsOf(samples)) },
        { weight: 2, arbitrary: containsConditions(field, kind, elementsOf(samples)) },
        { weight: 1, arbitrary: matchesConditions(field, kind, samples) },
        { weight: 1, arbitrary: is("defined", "empty") },
        { weight: samples.some(pointOf) ? 8 : 1, arbitrary: circles(field, samples) },
      );
    case "boolean":
    case "word":
      return fc.oneof(
        { weight: 3, arbitrary: equalityConditions(field, kind, samples) },
        { weight: 1, arbitrary: inConditions(field, kind, samples) },
        { weight: 1, arbitrary: is("defined") },
      );
    default:
      return fc.oneof(
        { weight: 4, arbitrary: compareConditions(field, kind, samples) },
        { weight: 2, arbitrary: inConditions(field, kind, samples) },
        { weight: 1, arbitrary: is("defined") },
        ...(kind.kind === "text" || kind.kind === "email" || kind.kind === "lowercaseEmail"
          ? [{ weight: 1, arbitrary: matchesConditions(field, kind, samples) }]
          : []),
      );
  }
}

/** None where it would be too deep. */
function insideConditions(field: Name, { kind, samples }: Field, depth: number) {
  if (depth === 0) return [];
  const of = kind.kind === "objects" ? kind.of : (kind as ObjectKind);
  const arbitrary = meaningfulPredicates({ kind: of, samples: elementsOf(samples) }, depth - 1).map(
    (term): Condition => ({ kind: "inside", field, term }),
  );
  return [{ weight: 4, arbitrary }];
}

function fieldIn({ kind, samples }: Scope, name: string): Field {
  const values = once(samples, `member ${name}`, () => membersOf(samples, name));
  if (kind.kind === "localized") return { kind: { kind: "text" }, samples: values };
  if (kind.kind === "free") return { kind, samples: values };
  return { kind: kind.fields[name] as Kind, samples: values };
}

function elementsOf(samples: readonly Stored[]): readonly Stored[] {
  return once(samples, "elements", () => samples.flatMap((one) => (Array.isArray(one) ? one : [one])));
}

function toSnakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
