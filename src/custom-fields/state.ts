import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import type { CustomTypeState } from "../custom-types/state.ts";
import type { Known } from "../known.ts";

/** The custom fields of a resource: both null, or neither. */
export type CustomState = {
  readonly customTypeId: string | null;
  readonly customFields: JsonObject | null;
};

export const NO_CUSTOM_FIELDS: CustomState = { customTypeId: null, customFields: null };

/** What the rules of custom fields need of a type. */
export type FieldsType = Pick<CustomTypeState, "key" | "resourceTypes" | "fieldDefinitions"> & {
  readonly id: string;
  readonly version: bigint;
};

/** The custom types that a mutation is about, as they were found. */
export type KnownTypes = Known<FieldsType>;

/** The value of a field. Names like `constructor` are names of fields too. */
export function fieldValue(fields: JsonObject | null, name: string): JsonValue | undefined {
  return fields !== null && Object.hasOwn(fields, name) ? fields[name] : undefined;
}
