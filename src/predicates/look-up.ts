import type { Field, Fields } from "./field.ts";

/** The field of this name, in JSON's spelling or in the proto's. */
export function findField(fields: Fields, name: string): Field | undefined {
  if (Object.hasOwn(fields, name)) return fields[name];
  const camelCase = name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return Object.hasOwn(fields, camelCase) ? fields[camelCase] : undefined;
}
