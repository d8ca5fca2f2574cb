import type { JsonObject } from "@bufbuild/protobuf";
import type { Refusal } from "./obstacles.ts";
import { notAllowed } from "./stories.ts";
import { field, updateType } from "./types.ts";

const noField = "the type has no such field";
const taken = "the enum has a value of this key";
const missing = "the enum has no value of this key";
const notEnum = "the field is not an enum, nor a set of one";
const notLocalizedEnum = "the field is not a localized enum, nor a set of one";
const twoValues = "must be the 2 values that there are, each once";
const value = { key: "new", label: "New" };
const localized = { key: "new", label: { en: "New" } };

/** Actions that the state of a type with a field of every kind doesn't permit. */
const actions: readonly [action: JsonObject, field: string, description: string][] = [
  [
    { addFieldDefinition: { fieldDefinition: field("note") } },
    "add_field_definition.field_definition.name",
    "the type has a field of this name",
  ],
  [{ removeFieldDefinition: { fieldName: "nope" } }, "remove_field_definition.field_name", noField],
  [{ changeLabel: { fieldName: "nope" } }, "change_label.field_name", noField],
  [
    { changeInputHint: { fieldName: "nope", inputHint: "INPUT_HINT_MULTI_LINE" } },
    "change_input_hint.field_name",
    noField,
  ],
  [
    { changeInputHint: { fieldName: "tier", inputHint: "INPUT_HINT_MULTI_LINE" } },
    "change_input_hint.field_name",
    "the field takes no text",
  ],
  [
    { changeFieldDefinitionOrder: { fieldNames: ["note", "vip"] } },
    "change_field_definition_order.field_names",
    "must be the 15 fields that there are, each once",
  ],
  [{ addEnumValue: { fieldName: "nope", value } }, "add_enum_value.field_name", noField],
  [{ addEnumValue: { fieldName: "rank", value } }, "add_enum_value.field_name", notEnum],
  [
    { addEnumValue: { fieldName: "tiers", value: { key: "a", label: "A" } } },
    "add_enum_value.value.key",
    taken,
  ],
  [
    { addLocalizedEnumValue: { fieldName: "note", value: localized } },
    "add_localized_enum_value.field_name",
    notLocalizedEnum,
  ],
  [
    { addLocalizedEnumValue: { fieldName: "rank", value: { ...localized, key: "1" } } },
    "add_localized_enum_value.value.key",
    taken,
  ],
  [{ changeEnumValueLabel: { fieldName: "tier", value } }, "change_enum_value_label.value.key", missing],
  [{ changeEnumValueLabel: { fieldName: "tags", value } }, "change_enum_value_label.field_name", notEnum],
  [
    { changeLocalizedEnumValueLabel: { fieldName: "rank", value: localized } },
    "change_localized_enum_value_label.value.key",
    missing,
  ],
  [
    { changeLocalizedEnumValueLabel: { fieldName: "tier", value: localized } },
    "change_localized_enum_value_label.field_name",
    notLocalizedEnum,
  ],
  [
    { changeEnumValueOrder: { fieldName: "tier", keys: ["gold"] } },
    "change_enum_value_order.keys",
    twoValues,
  ],
  [
    { changeLocalizedEnumValueOrder: { fieldName: "rank", keys: ["1", "3"] } },
    "change_localized_enum_value_order.keys",
    twoValues,
  ],
];

export const typeActionRefusals = actions.map(
  ([action, at, description]): Refusal => ({
    title: `${at}: ${description}`,
    call: ({ types }, { type }) => updateType(types, type, action),
    says: () => notAllowed(`actions[0].${at}`, description),
  }),
);
