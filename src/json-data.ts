import type { JsonValue } from "@bufbuild/protobuf";
import type { Value } from "@bufbuild/protobuf/wkt";

/** Levels of objects and lists that free JSON may have; the outermost object is the first. */
export const MAX_JSON_DEPTH = 8;

/** The least size of a number that is not 0. */
export const MIN_NUMBER = 1e-20;

export type JsonFault = { readonly path: string; readonly description: string };

/** What keeps text from being stored and sent back as it came; undefined when nothing does. */
export function textFault(text: string): string | undefined {
  if (text.includes("\0")) return "must not contain a NUL character";
  return text.isWellFormed() ? undefined : "must not contain half of a surrogate pair";
}

/**
 * The first fault that keeps JSON from being stored and sent back over every protocol; undefined when
 * there is none. NaN and infinities come in by binary requests, and no JSON could say them.
 */
export function jsonFault(value: JsonValue, path: string, depth = 0): JsonFault | undefined {
  switch (typeof value) {
    case "string": {
      const description = textFault(value);
      return description === undefined ? undefined : { path, description };
    }
    case "number":
      return numberFault(value, path);
    case "boolean":
      return undefined;
  }
  if (value === null) return undefined;
  if (depth === MAX_JSON_DEPTH)
    return { path, description: `must not be more than ${MAX_JSON_DEPTH} levels deep` };
  return Array.isArray(value) ? listFault(value, path, depth) : objectFault(value, path, depth);
}

/** Whether `textFault` finds nothing. */
export function isStorableText(text: string): boolean {
  return !text.includes("\0") && text.isWellFormed();
}

/** Whether `jsonFault` finds nothing, said without a path to it: most JSON has no fault. */
export function isStorableJson(value: JsonValue, depth = 0): boolean {
  switch (typeof value) {
    case "string":
      return isStorableText(value);
    case "number":
      return numberFault(value, "") === undefined;
    case "boolean":
      return true;
  }
  if (value === null) return true;
  if (depth === MAX_JSON_DEPTH) return false;
  if (Array.isArray(value)) return value.every((item) => isStorableJson(item, depth + 1));
  return areStorableMembers(value, depth + 1);
}

/** A name as errors hold it: they go into headers, which have bounds of their own. */
export function shortened(key: string, most = 64): string {
  return key.length <= most ? key : `${key.slice(0, most - 1).toWellFormed()}…`;
}

/** A key of a map, as paths spell it. */
export function keyInPath(key: string): string {
  return `[${JSON.stringify(shortened(key))}]`;
}

function numberFault(value: number, path: string): JsonFault | undefined {
  if (!Number.isFinite(value)) return { path, description: "must be a finite number" };
  // Beyond this, neighbouring integers are the same double.
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    return { path, description: "must be an integer of at most 2^53 - 1, or a string" };
  }
  // PostgreSQL writes numbers out: 5e-324 takes 326 characters.
  if (value !== 0 && Math.abs(value) < MIN_NUMBER) {
    return { path, description: `must be 0, or at least ${MIN_NUMBER} in size` };
  }
  return undefined;
}

function listFault(list: readonly JsonValue[], path: string, depth: number): JsonFault | undefined {
  for (const [index, value] of list.entries()) {
    const fault = jsonFault(value, `${path}[${index}]`, depth + 1);
    if (fault) return fault;
  }
  return undefined;
}

function objectFault(
  object: { readonly [key: string]: JsonValue },
  path: string,
  depth: number,
): JsonFault | undefined {
  for (const [key, value] of Object.entries(object)) {
    const fault = textFault(key);
    if (fault) return { path, description: `the name of a member ${fault}` };
    const inner = jsonFault(value, `${path}.${shortened(key)}`, depth + 1);
    if (inner) return inner;
  }
  return undefined;
}

/** By `for in`: lists of keys and values take three times as long. */
function areStorableMembers(object: Readonly<Record<string, JsonValue>>, depth: number): boolean {
  for (const key in object) {
    const member = object[key];
    if (member === undefined || !isStorableText(key) || !isStorableJson(member, depth)) return false;
  }
  return true;
}

/** JSON with sorted keys, so that equal data are equal texts. */
export function canonical(value: JsonValue | undefined): string {
  if (Array.isArray(value)) return `[${value.map(canonical)}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${canonical(entry)}`)}}`;
}

/** The JSON that a Value says; undefined when it, or a part of it, has no kind, which binary can say. */
export function jsonOfValue({ kind }: Value): JsonValue | undefined {
  switch (kind.case) {
    case "nullValue":
      return null;
    case "numberValue":
    case "stringValue":
    case "boolValue":
      return kind.value;
    case "listValue": {
      const items = kind.value.values.map(jsonOfValue);
      return items.every((item) => item !== undefined) ? items : undefined;
    }
    case "structValue": {
      const members = Object.entries(kind.value.fields).map(
        ([key, value]) => [key, jsonOfValue(value)] as const,
      );
      // Own members, even one called __proto__.
      return members.every(isWhole) ? Object.fromEntries(members) : undefined;
    }
    case undefined:
      return undefined;
    default:
      return kind satisfies never;
  }
}

function isWhole(member: readonly [string, JsonValue | undefined]): member is readonly [string, JsonValue] {
  return member[1] !== undefined;
}

/** The form that JSON is stored in: no negative zero. The order of keys is free. */
export function normalForm<Json extends JsonValue>(value: Json): Json {
  return hasNegativeZero(value) ? (JSON.parse(JSON.stringify(value)) as Json) : value;
}

function hasNegativeZero(value: JsonValue): boolean {
  if (typeof value !== "object" || value === null) return Object.is(value, -0);
  return Object.values(value).some(hasNegativeZero);
}
