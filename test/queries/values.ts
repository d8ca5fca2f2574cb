import type { JsonValue } from "@bufbuild/protobuf";
import { canonicalEmail } from "../../src/customers/email.ts";
import type { Value } from "../../src/predicates/predicate.ts";
import { compareNumbers } from "./decimals.ts";
import type { Kind } from "./fields.ts";
import { asKept, toNanoseconds } from "./times.ts";

/** A value of a predicate, its variables filled in. */
export type Literal = Exclude<Value, { readonly kind: "variable" }>;

export type Stored = JsonValue | undefined;

/** Whether `=` holds. */
export function isEqual(kind: Kind, stored: Stored, literal: Literal): boolean {
  if (stored === undefined || stored === null) return false;
  if (kind.kind === "email") return stored === textOf(literal);
  if (kind.kind === "boolean") return literal.kind === "boolean" && stored === literal.isTrue;
  if (kind.kind === "word") return wordOf(kind, String(stored)) === wordOf(kind, textOf(literal));
  if (kind.kind !== "free") return orderOf(kind, stored, literal) === 0;
  if (literal.kind === "boolean") return stored === literal.isTrue;
  if (literal.kind === "text" && stored === literal.text) return true;
  return orderOf(kind, stored, literal) === 0;
}

/** Below 0 when what is stored is less; undefined when neither is less, nor are they equal. */
export function orderOf(kind: Kind, stored: Stored, literal: Literal): number | undefined {
  if (stored === undefined || stored === null) return undefined;
  switch (kind.kind) {
    case "text":
    case "day":
      return compareTexts(String(stored), textOf(literal));
    case "id":
      return compareTexts(String(stored), textOf(literal).toLowerCase());
    case "email":
    case "lowercaseEmail":
      return compareTexts(canonical(String(stored)), canonical(textOf(literal)));
    case "number":
      return compareNumbers(String(stored), digitsOf(literal));
    case "time":
      return compareBigInts(toNanoseconds(String(stored)), toNanoseconds(textOf(literal)));
    case "free":
      return orderOfFree(kind, stored, literal);
    default:
      throw new Error(`unreachable: a ${kind.kind} has no order`);
  }
}

function orderOfFree({ keepsTimes }: { readonly keepsTimes: boolean }, stored: JsonValue, literal: Literal) {
  if (typeof stored === "number" && literal.kind === "number") {
    return compareNumbers(String(stored), literal.digits);
  }
  if (typeof stored === "string" && literal.kind === "text") {
    return compareTexts(stored, keepsTimes ? asKept(literal.text) : literal.text);
  }
  return undefined;
}

/** Whether texts are the same but for case. */
export function isEqualIgnoringCase(stored: Stored, literal: Literal): boolean {
  return typeof stored === "string" && foldCase(stored) === foldCase(textOf(literal));
}

/** By code points, whose order is that of the bytes of UTF-8. */
export function compareTexts(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

export function compareBigInts(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The form in which addresses are ordered. */
export function canonical(email: string): string {
  return canonicalEmail(email) ?? email;
}

/** A word in the API's spelling. */
function wordOf({ prefix }: { readonly prefix: string }, word: string): string {
  return word.startsWith(prefix) ? word : prefix + word.replaceAll("-", "_").toUpperCase();
}

function foldCase(text: string): string {
  return text.toUpperCase().toLowerCase();
}

function textOf(literal: Literal): string {
  if (literal.kind !== "text") throw new Error(`unreachable: the generator gives text, not ${literal.kind}`);
  return literal.text;
}

function digitsOf(literal: Literal): string {
  if (literal.kind !== "number")
    throw new Error(`unreachable: the generator gives a number, not ${literal.kind}`);
  return literal.digits;
}
