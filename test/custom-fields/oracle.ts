import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import { canonical } from "../input/wire.ts";
import { dayOf, instantOf, timeOf } from "./oracle-times.ts";

// What field_definition.proto and product.md say of values, written down a second time and in another
// way: a value's normal form, or undefined where it must be refused.

export const KINDS = [
  "boolean",
  "string",
  "localizedString",
  "enum",
  "localizedEnum",
  "number",
  "money",
  "date",
  "time",
  "dateTime",
  "group",
  "customer",
  "store",
] as const;
export type Kind = (typeof KINDS)[number];
export type Field = {
  readonly name: string;
  readonly kind: Kind;
  readonly isSet: boolean;
  readonly required: boolean;
};

export const ENUM_KEYS: readonly string[] = ["gold", "2", "__proto__"];
/** Decimal places of the currencies that random values are made of. */
export const CURRENCIES: ReadonlyMap<unknown, number> = new Map([
  ["EUR", 2],
  ["HUF", 2],
  ["JPY", 0],
  ["TND", 3],
  ["UYW", 4],
]);

export type Verdict =
  | { readonly stored: JsonObject }
  | { readonly reason: "FIELD_INVALID" | "FIELD_REQUIRED" | "REFERENCE_NOT_FOUND" };

/** @param groupIds of the groups that a reference can lead to. */
export function judge(fields: readonly Field[], values: JsonObject, groupIds: readonly string[]): Verdict {
  const stored = new Map<string, JsonValue>();
  for (const [name, value] of Object.entries(values)) {
    const field = fields.find((one) => one.name === name);
    if (!field || !isStorable(name) || !isStorable(value)) return { reason: "FIELD_INVALID" };
    if (value === null) continue;
    const normal = field.isSet ? normalSet(field.kind, value) : NORMAL[field.kind](value);
    if (normal === undefined) return { reason: "FIELD_INVALID" };
    stored.set(name, normal);
  }
  if (fields.some(({ name, required }) => required && !stored.has(name))) {
    return { reason: "FIELD_REQUIRED" };
  }
  const leadsNowhere = fields.some(({ name, kind }) => {
    const references = [stored.get(name) ?? []].flat().map(membersOf);
    if (kind === "customer") return references.length > 0;
    return kind === "group" && references.some(({ id }) => !groupIds.includes(`${id}`));
  });
  return leadsNowhere ? { reason: "REFERENCE_NOT_FOUND" } : { stored: Object.fromEntries(stored) };
}

type Normal = (value: JsonValue) => JsonValue | undefined;

const NORMAL: Readonly<Record<Kind, Normal>> = {
  boolean: (value) => (value === true || value === false ? value : undefined),
  string: (value) => textOf(value),
  localizedString: (value) => {
    const entries = Object.entries(membersOf(value));
    const isGood = entries.every(([locale, text]) => isLocale(locale) && textOf(text) !== undefined);
    return entries.length > 0 && isGood ? value : undefined;
  },
  enum: (value) => ENUM_KEYS.find((key) => key === value),
  localizedEnum: (value) => ENUM_KEYS.find((key) => key === value),
  number: (value) => (value === 0 ? 0 : typeof value === "number" ? value : undefined),
  money: (value) => {
    const { currencyCode, centAmount, fractionDigits, ...others } = membersOf(value);
    const digits = CURRENCIES.get(currencyCode);
    if (digits === undefined || !Number.isInteger(centAmount) || Object.keys(others).length > 0) {
      return undefined;
    }
    if (fractionDigits !== undefined && fractionDigits !== digits) return undefined;
    return {
      currencyCode: currencyCode ?? "",
      centAmount: NORMAL.number(centAmount ?? "") ?? "",
      fractionDigits: digits,
    };
  },
  date: (value) => (dayOf(textOf(value)) === undefined ? undefined : value),
  time: (value) => timeOf(textOf(value)),
  dateTime: (value) => instantOf(textOf(value)),
  group: (value) => normalReference("customer-group", value, uuidOf),
  customer: (value) => normalReference("customer", value, uuidOf),
  store: (value) =>
    normalReference("store", value, (id) => {
      const length = new TextEncoder().encode(id).length;
      return length >= 1 && length <= 256 ? id : undefined;
    }),
};

function normalSet(kind: Kind, value: JsonValue): JsonValue | undefined {
  if (!Array.isArray(value)) return undefined;
  const items = value.flatMap((item) => NORMAL[kind](item) ?? []);
  return new Set(items.map(canonical)).size === value.length ? items : undefined;
}

function normalReference(typeId: string, value: JsonValue, idOf: (id: string) => string | undefined) {
  const members = membersOf(value);
  const text = textOf(members.id);
  const id = text === undefined ? undefined : idOf(text);
  const isWhole = members.typeId === typeId && id !== undefined && Object.keys(members).length === 2;
  return isWhole ? { typeId, id } : undefined;
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function uuidOf(id: string): string | undefined {
  const digits = id.toLowerCase();
  const lengths = digits.split("-").map(({ length }) => length);
  const isHex = [...digits].every((digit) => "0123456789abcdef-".includes(digit));
  return isHex && `${lengths}` === "8,4,4,4,12" ? digits : undefined;
}

/** No members for what is no object. */
function membersOf(value: JsonValue): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}

const LETTERS = "abcdefghijklmnopqrstuvwxyz";

function isLocale(locale: string): boolean {
  const [language = "", ...rest] = locale.split("-");
  const consistsOf = (text: string, alphabet: string) => [...text].every((one) => alphabet.includes(one));
  const isScript = (part = "") =>
    part.length === 4 &&
    consistsOf(part.slice(1), LETTERS) &&
    consistsOf(part.slice(0, 1), LETTERS.toUpperCase());
  const region = isScript(rest[0]) ? rest.slice(1) : rest;
  const isRegion = (part: string) =>
    (part.length === 2 && consistsOf(part, LETTERS.toUpperCase())) ||
    (part.length === 3 && consistsOf(part, "0123456789"));
  const isLanguage = (language.length === 2 || language.length === 3) && consistsOf(language, LETTERS);
  return isLanguage && region.length <= 1 && region.every(isRegion);
}

/** Whether JSON can be stored; 8 levels with the object that holds the fields. */
function isStorable(value: JsonValue, levels = 7): boolean {
  if (typeof value === "string") return !value.includes("\0");
  if (typeof value === "number") {
    const size = Math.abs(value);
    return size === 0 || (size >= 1e-20 && size < 2 ** 53);
  }
  if (typeof value !== "object" || value === null) return true;
  const isInner = (inner: JsonValue) => isStorable(inner, levels - 1);
  return levels > 0 && Object.entries(value).every(([name, inner]) => isInner(inner) && isStorable(name));
}
