import type { Stored } from "./values.ts";

/** The names in an object; none of anything else. */
export function namesOf(value: Stored): readonly string[] {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
}

/** What an object has by this name; undefined if it has nothing, or is none. */
export function memberOf(value: Stored, name: string): Stored {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

/** What those of the objects have that have something by this name. */
export function membersOf(values: readonly Stored[], name: string): readonly Stored[] {
  return values.filter((one) => namesOf(one).includes(name)).map((one) => memberOf(one, name));
}
