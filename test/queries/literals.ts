import fc from "fast-check";
import type { Kind } from "./fields.ts";
import { DAYS, DIGITS, TEXTS, TIMES } from "./odd-values.ts";
import { asKept } from "./times.ts";
import type { Literal, Stored } from "./values.ts";

/** The id of no resource. */
export const NOBODY = "0198c5f0-0000-7000-8000-000000000000";

/** What a literal is for: some that `=` takes has no order, or is no text. */
export type Use = "equality" | "order" | "case";

/** Literals that suit a field, three of four like what is stored in it. @param samples what is stored. */
export function literalsOf(kind: Kind, samples: readonly Stored[], use: Use): fc.Arbitrary<Literal> {
  const seen = [...new Set(samples.filter(isScalar))];
  switch (kind.kind) {
    case "text":
      return use === "case"
        ? textual([...seen.map(String), "Ada"], TEXTS).chain(inAnyCase)
        : textual([...seen.map(String), "Ada"], TEXTS);
    case "id":
      return textual([...seen.map(String), NOBODY]).chain(inAnyCase);
    case "email":
    case "lowercaseEmail":
      return textual([...seen.map(String), "zoe@a.example"]).chain(inAnyCase);
    case "number":
      return numeric(seen.map(String));
    case "boolean":
      return fc.boolean().map(boolean);
    case "day":
      return textual([...seen.map(String), ...DAYS]);
    case "time":
      return fc
        .constantFrom(...seen.map(String), ...TIMES)
        .chain((one) => fc.constantFrom(...spellingsOf(one)).map(text));
    case "word":
      return textual([
        ...kind.words,
        ...kind.words.map((word) => kind.prefix + word.replace("-", "_").toUpperCase()),
      ]);
    case "free":
      return free(seen, kind.keepsTimes, use);
    default:
      throw new Error(`unreachable: a ${kind.kind} is not compared`);
  }
}

function free(
  seen: readonly (string | number | boolean)[],
  keepsTimes: boolean,
  use: Use,
): fc.Arbitrary<Literal> {
  const texts = seen.filter((one) => typeof one === "string");
  const numbers = seen.filter((one) => typeof one === "number");
  const isTimes = keepsTimes && texts.some((one) => KEPT.test(one));
  const typed = texts.filter((one) => asKept(one) !== one);
  const times = isTimes ? [...texts.flatMap(retyped), ...TIMES_AS_TYPED] : [];
  const odd = isTimes ? TIMES_AS_TYPED : TEXTS;
  if (use === "case") {
    const plain = (one: string) => asKept(one) === one;
    return textual([...texts.filter(plain), "Ada"], TEXTS.filter(plain)).chain(inAnyCase);
  }
  return fc.oneof(
    {
      weight: 1 + Math.min(4, texts.length),
      arbitrary: textual([...texts, ...times, "Ada"], odd),
    },
    { weight: 1 + Math.min(4, numbers.length), arbitrary: numeric(numbers.map(String)) },
    ...(use === "equality" ? [{ weight: 1, arbitrary: fc.boolean().map(boolean) }] : []),
    // In a String field: they stay as they were typed.
    ...(isTimes && typed.length > 0 ? [{ weight: 4, arbitrary: textual(typed) }] : []),
  );
}

function textual(likely: readonly string[], odd: readonly string[] = likely): fc.Arbitrary<Literal> {
  return fc
    .oneof(
      { weight: 3, arbitrary: fc.constantFrom(...likely) },
      { weight: 1, arbitrary: fc.constantFrom(...odd) },
    )
    .map(text);
}

function numeric(likely: readonly string[]): fc.Arbitrary<Literal> {
  const near = fc.constantFrom(...likely, "1").chain((one) => fc.constantFrom(...neighboursOf(one)));
  return fc
    .oneof({ weight: 3, arbitrary: near }, { weight: 1, arbitrary: fc.constantFrom(...DIGITS) })
    .map((digits) => ({ kind: "number", digits, at: 0 }));
}

/** The number, as it may be written otherwise, and what is a little greater or less. */
function neighboursOf(digits: string): readonly string[] {
  if (/[eE]/.test(digits)) return [digits];
  const whole = digits.includes(".") ? digits : `${digits}.0`;
  return [digits, digits, `${digits}E0`, `${whole}0e+00`, `${whole}00000000000000000000001`];
}

/** A point in time in other zones, a nanosecond before and after it, and its day. */
function spellingsOf(time: string): readonly string[] {
  const at = Date.parse(time);
  const shifted = (minutes: number) => new Date(at + minutes * 60_000).toISOString().slice(0, -1);
  const before = new Date(at - 1).toISOString().slice(0, -1);
  return [
    time,
    time,
    `${shifted(330)}+05:30`,
    `${shifted(-720)}000000-12:00`,
    `${shifted(1_439)}+23:59`,
    `${shifted(0)}000001Z`,
    `${before}999999Z`,
    time.slice(0, 10),
  ];
}

/** As it is, or with the case of its letters changed, where everybody agrees on the other one. */
function inAnyCase(literal: Literal): fc.Arbitrary<Literal> {
  if (literal.kind !== "text") return fc.constant(literal);
  const raised = [...literal.text].map(otherCase).join("");
  return fc.constantFrom(literal.text, literal.text, raised).map(text);
}

function otherCase(letter: string): string {
  const [lower, upper] = [letter.toLowerCase(), letter.toUpperCase()];
  const isPair = upper.toLowerCase() === lower && lower.toUpperCase() === upper;
  return isPair && letter === lower ? upper : letter;
}

/** How a time that is kept so may have been typed. */
function retyped(kept: string): readonly string[] {
  if (!KEPT.test(kept)) return [];
  return kept.includes("T") ? spellingsOf(kept).slice(2, 4) : [kept.slice(0, 5), `${kept}00`];
}

const KEPT = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z|\d{2}:\d{2}:\d{2}\.\d{3})$/;

function text(one: string): Literal {
  return { kind: "text", text: one, at: 0 };
}

function boolean(isTrue: boolean): Literal {
  return { kind: "boolean", isTrue, at: 0 };
}

function isScalar(value: Stored): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

const TIMES_AS_TYPED = [
  "14:30",
  "2026-02-28T14:30:00+01:00",
  "14:30:00",
  "14:30:00.00100",
  "23:59:59.999",
  "24:00",
  "2026-02-28T19:00:00.000000000+05:30",
  "2024-02-29T23:59:59.9990-00:00",
  "2024-02-29T23:59:59.999",
];
