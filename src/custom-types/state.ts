import type { JsonObject } from "@bufbuild/protobuf";
import type { FieldDefinitionState, LocalizedText } from "./field-type.ts";

/** The kinds of resources that may have custom fields. */
export type CustomizableResource = "customer-group" | "customer" | "address";

/** The part of a custom type that its users decide. */
export type CustomTypeState = {
  readonly key: string;
  readonly name: LocalizedText;
  readonly description: LocalizedText;
  readonly resourceTypes: readonly CustomizableResource[];
  readonly fieldDefinitions: readonly FieldDefinitionState[];
  readonly reference: string | null;
  readonly referenceOrigin: string | null;
  readonly metadata: JsonObject | null;
};

/** At most so many of each on one type. */
export const MAX_FIELD_DEFINITIONS = 100;
export const MAX_ENUM_VALUES = 500;
