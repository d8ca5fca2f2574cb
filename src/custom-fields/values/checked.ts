import type { JsonValue } from "@bufbuild/protobuf";
import type { FieldViolation } from "../../errors.ts";

/** A value in the form that it is stored in, or what is wrong with it. */
export type Checked = { readonly value: JsonValue } | { readonly violation: FieldViolation };

export function accepted(value: JsonValue): Checked {
  return { value };
}

/** @param rule in the words of `FieldViolation`; all rules of custom fields begin with `custom_field.`. */
export function refused(field: string, rule: string, description: string): Checked {
  return { violation: { field, rule: `custom_field.${rule}`, description } };
}

/** The value, if it is a JSON object with no other members than these. */
export function objectOf<Name extends string>(
  value: JsonValue,
  names: readonly Name[],
): { readonly [name in Name]?: JsonValue } | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const isKnown = (key: string) => (names as readonly string[]).includes(key);
  return Object.keys(value).every(isKnown) ? (value as { [name in Name]?: JsonValue }) : undefined;
}
