import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import type { Condition, Predicate, Value, Values } from "../../src/predicates/predicate.ts";
import { distanceOf, pointOf } from "./circles.ts";
import type { Kind, ObjectKind } from "./fields.ts";
import { memberOf } from "./members.ts";
import { isEqual, isEqualIgnoringCase, type Literal, orderOf, type Stored } from "./values.ts";

type Field = { readonly kind: Kind; readonly value: Stored };
type Scope = { readonly kind: ObjectKind; readonly value: Stored };

/** Whether a predicate holds for a document, as docs/queries.md says, without any database. */
export function holds(
  predicate: Predicate,
  variables: JsonObject,
  kind: ObjectKind,
  document: JsonObject,
): boolean {
  const holdsIn = (scope: Scope, term: Predicate): boolean => {
    switch (term.kind) {
      case "and":
        return term.terms.every((one) => holdsIn(scope, one));
      case "or":
        return term.terms.some((one) => holdsIn(scope, one));
      case "not":
        return !holdsIn(scope, term.term);
      default:
        return conditionHolds(fieldIn(scope, term.field.name), term);
    }
  };

  const conditionHolds = (field: Field, condition: Condition): boolean => {
    switch (condition.kind) {
      case "inside":
        return scopesIn(field).some((scope) => holdsIn(scope, condition.term));
      case "compare":
        return compares(field, condition.operator, read(condition.value));
      case "in":
        return condition.isNegated !== isIn(field, readAll(condition.values));
      case "contains":
        return contains(field, condition.quantifier, readAll(condition.values));
      case "is":
        return condition.isNegated !== (condition.state === "empty" ? isEmpty(field) : isDefined(field));
      case "within": {
        const [longitude = 0, latitude = 0, metres = 0] = [
          condition.longitude,
          condition.latitude,
          condition.metres,
        ].map((value) => toNumber(read(value)));
        const point = pointOf(field.value);
        return point !== undefined && distanceOf(point, [longitude, latitude]) <= metres;
      }
      case "matches":
        return isEqualIgnoringCase(field.value, read(condition.value));
      default:
        return condition satisfies never;
    }
  };

  const read = (value: Value): Literal =>
    value.kind === "variable" ? toLiteral(variables[value.name] ?? null) : value;

  const readAll = (values: Values): readonly Literal[] =>
    values.kind === "list" ? values.items.map(read) : listOf(variables[values.name]).map(toLiteral);

  return holdsIn({ kind, value: document }, predicate);
}

function fieldIn({ kind, value }: Scope, name: string): Field {
  switch (kind.kind) {
    case "object": {
      const own = toCamelCase(name);
      const of = kind.fields[own];
      if (!of) throw new Error(`unreachable: the generator knows no field ${name}`);
      return { kind: of, value: memberOf(value, own) };
    }
    case "localized":
      return { kind: { kind: "text" }, value: memberOf(value, name) };
    case "free":
      return { kind, value: memberOf(value, name) };
    default:
      return kind satisfies never;
  }
}

/** What `field(...)` looks into: one object, there or not, or each of a list. */
function scopesIn({ kind, value }: Field): readonly Scope[] {
  if (kind.kind === "objects") return listOf(value).map((one) => ({ kind: kind.of, value: one }));
  if (kind.kind === "free" && Array.isArray(value)) return value.map((one) => ({ kind, value: one }));
  if (kind.kind === "object" || kind.kind === "localized" || kind.kind === "free") return [{ kind, value }];
  throw new Error(`unreachable: the generator looks into no ${kind.kind}`);
}

function compares({ kind, value }: Field, operator: string, literal: Literal): boolean {
  if (operator === "=") return isEqual(kind, value, literal);
  if (operator === "!=") return !isEqual(kind, value, literal);
  const order = orderOf(kind, value, literal);
  if (order === undefined) return false;
  return (
    (order < 0 && operator.startsWith("<")) ||
    (order > 0 && operator.startsWith(">")) ||
    (order === 0 && operator.endsWith("="))
  );
}

function isIn({ kind, value }: Field, literals: readonly Literal[]): boolean {
  const of = kind.kind === "list" ? kind.of : kind;
  const stored = Array.isArray(value) ? value : [value];
  return stored.some((one) => literals.some((literal) => isEqual(of, one, literal)));
}

function contains({ kind, value }: Field, quantifier: "all" | "any", literals: readonly Literal[]): boolean {
  if (!Array.isArray(value)) return false;
  const of = kind.kind === "list" ? kind.of : kind;
  const has = (literal: Literal) => value.some((one) => isEqual(of, one, literal));
  return quantifier === "all" ? literals.every(has) : literals.some(has);
}

function isDefined({ kind, value }: Field): boolean {
  return kind.kind === "list" || kind.kind === "objects" || (value !== undefined && value !== null);
}

function isEmpty({ value }: Field): boolean {
  if (value === undefined || value === null) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

function listOf(value: Stored): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

function toLiteral(value: JsonValue): Literal {
  if (typeof value === "string") return { kind: "text", text: value, at: 0 };
  if (typeof value === "number") return { kind: "number", digits: String(value), at: 0 };
  if (typeof value === "boolean") return { kind: "boolean", isTrue: value, at: 0 };
  throw new Error("unreachable: the generator fills variables");
}

function toNumber(literal: Literal): number {
  return literal.kind === "number" ? Number(literal.digits) : Number.NaN;
}

function toCamelCase(name: string): string {
  return name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
