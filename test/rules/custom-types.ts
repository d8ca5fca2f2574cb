import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { CustomTypeUpdateActionSchema } from "../../gen/clientele/v1/custom_type_service_pb.ts";
import { applyActions } from "../../src/custom-types/actions.ts";
import type { ElementType, FieldDefinitionState, FieldType } from "../../src/custom-types/field-type.ts";
import type { CustomTypeState } from "../../src/custom-types/state.ts";

export type TypeAction = NonNullable<MessageInitShape<typeof CustomTypeUpdateActionSchema>["action"]>;

export function field(
  name: string,
  type: FieldType,
  more: Partial<FieldDefinitionState> = {},
): FieldDefinitionState {
  return Object.freeze({ name, type, required: false, label: {}, inputHint: null, ...more });
}

export const COLORS: ElementType = {
  kind: "enum",
  values: [
    { key: "red", label: "Red" },
    { key: "blue", label: "Blue" },
  ],
};
export const SIZES: ElementType = {
  kind: "localizedEnum",
  values: [
    { key: "s", label: { en: "Small" } },
    { key: "l", label: { en: "Large", de: "Groß" } },
  ],
};

export const NOTE = field("note", { kind: "string" }, { inputHint: "singleLine", label: { en: "Note" } });
export const COUNT = field("count", { kind: "number" }, { required: true });
export const COLOR = field("color", COLORS);
export const SIZE_SET = field("sizes", { kind: "set", element: SIZES });

export const type: CustomTypeState = Object.freeze({
  key: "k1",
  name: { en: "Type" },
  description: { en: "For tests" },
  resourceTypes: ["customer-group"] as const,
  fieldDefinitions: Object.freeze([NOTE, COUNT, COLOR, SIZE_SET]),
  reference: "r",
  referenceOrigin: "o",
  metadata: { a: 1 },
});

export function withFields(...fieldDefinitions: readonly FieldDefinitionState[]): CustomTypeState {
  return { ...type, fieldDefinitions };
}

/** Of a type of which no field is being removed. */
export function applyTo(state: CustomTypeState, ...actions: readonly TypeAction[]): CustomTypeState {
  return applyBeside([], state, ...actions);
}

/** @param beingRemoved names of fields that were removed before. */
export function applyBeside(
  beingRemoved: readonly string[],
  state: CustomTypeState,
  ...actions: readonly TypeAction[]
): CustomTypeState {
  const messages = actions.map((action) => create(CustomTypeUpdateActionSchema, { action }));
  return applyActions(state, beingRemoved, messages);
}
