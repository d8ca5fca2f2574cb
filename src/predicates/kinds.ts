import type { ValueType } from "../db/comparisons.ts";
import { isDay, normalDateTime } from "../times.ts";
import type { Literal } from "./literals.ts";

/** What values a built-in field takes. */
export type Kind = {
  /** What the values are compared as. */
  readonly type: ValueType;
  /** Whether `<` and its like say something. */
  readonly hasOrder: boolean;
  /** What a value must be, for a sentence: `a number`. */
  readonly wanted: string;
  /** The value as the database takes it; undefined when it doesn't suit. */
  read(literal: Literal): string | undefined;
};

export const TEXT: Kind = {
  type: "text",
  hasOrder: true,
  wanted: "a text",
  read: (literal) => textOf(literal),
};

export const ID: Kind = {
  type: "uuid",
  hasOrder: true,
  wanted: "a text that is a UUID",
  read: (literal) => (UUID.test(textOf(literal) ?? "") ? textOf(literal)?.toLowerCase() : undefined),
};

/** The id of a part of a resource, which is kept as text. */
export const PART_ID: Kind = { ...ID, type: "text" };

export const NUMBER: Kind = {
  type: "numeric",
  hasOrder: true,
  wanted: "a number",
  read: (literal) => (literal.kind === "number" ? literal.digits : undefined),
};

export const BOOLEAN: Kind = {
  type: "boolean",
  hasOrder: false,
  wanted: "true or false",
  read: (literal) => (literal.kind === "boolean" ? String(literal.isTrue) : undefined),
};

export const DAY: Kind = {
  type: "text",
  hasOrder: true,
  wanted: 'a text that is a day, like "1990-12-31"',
  read(literal) {
    const text = textOf(literal) ?? "";
    return isDay(text) ? text : undefined;
  },
};

export const TIME: Kind = {
  type: "timestamptz",
  hasOrder: true,
  wanted: 'a text that is a time, like "2026-11-23T10:00:00Z", or a day',
  read: (literal) => timeOf(textOf(literal) ?? ""),
};

/** One of some words, which the API spells in capitals, behind the prefix of its enum. */
export function words(prefix: string, stored: readonly string[]): Kind {
  return {
    type: "text",
    hasOrder: false,
    wanted: `one of ${stored.map((word) => `"${word}"`).join(", ")}`,
    read(literal) {
      const text = textOf(literal) ?? "";
      return stored.find(
        (word) => text === word || text === `${prefix}${word.replaceAll("-", "_").toUpperCase()}`,
      );
    },
  };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const DATE_TIME = /^([\d-]{10}T[\d:]{8})(?:\.(\d{1,9}))?(Z|[+-][\d:]{5})$/;

function textOf(literal: Literal): string | undefined {
  return literal.kind === "text" ? literal.text : undefined;
}

/** In UTC and microseconds. What lies between two of them lies between the same two milliseconds, which times are stored in. */
function timeOf(text: string): string | undefined {
  if (isDay(text)) return `${text}T00:00:00Z`;
  const [, toSeconds = "", fraction = "", zone = ""] = DATE_TIME.exec(text.toUpperCase()) ?? [];
  // PostgreSQL knows no offset of 16 hours or more.
  const utc = normalDateTime(toSeconds + zone);
  if (utc === undefined) return undefined;
  const micros = fraction.padEnd(6, "0").slice(0, 6);
  const isBetween = /[1-9]/.test(fraction.slice(6)) && micros.endsWith("000");
  return `${utc.slice(0, -"000Z".length)}${isBetween ? `${micros.slice(0, 5)}1` : micros}Z`;
}
