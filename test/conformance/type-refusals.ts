import type { JsonObject } from "@bufbuild/protobuf";
import { byId, byKey, PROJECT } from "./groups.ts";
import type { Refusal } from "./obstacles.ts";
import type { Callers } from "./services.ts";
import {
  definitionConflict,
  duplicate,
  notAllowed,
  notFound,
  referenced,
  versionMismatch,
} from "./stories.ts";
import { field, newType, removeType, typeDraft, updateType } from "./types.ts";

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

export const typeRefusals: readonly Refusal[] = [
  {
    title: "to get a type by an id that nobody has",
    call: ({ types }, { id }) => types.getCustomType({ projectKey: PROJECT, ref: byId(id) }),
    says: ({ id }) => notFound("custom-type", "id", id),
  },
  {
    title: "to get another project's type by key",
    call: ({ types }, { foreignType: { key } }) =>
      types.getCustomType({ projectKey: PROJECT, ref: byKey(key) }),
    says: ({ foreignType: { key } }) => notFound("custom-type", "key", key),
  },
  {
    title: "to update another project's type",
    call: ({ types }, { foreignType }) => updateType(types, foreignType),
    says: ({ foreignType: { id } }) => notFound("custom-type", "id", id),
  },
  {
    title: "to delete another project's type",
    call: ({ types }, { foreignType }) => removeType(types, foreignType),
    says: ({ foreignType: { id } }) => notFound("custom-type", "id", id),
  },
  ...[
    ({ types }: Callers) => types.getCustomType({ projectKey: "nowhere", ref: byKey("any") }),
    ({ types }: Callers) => types.queryCustomTypes({ projectKey: "nowhere" }),
    ({ types }: Callers) =>
      types.existsCustomType({ projectKey: "nowhere", target: { case: "ref", value: byKey("any") } }),
    ({ types }: Callers) => types.createCustomType({ projectKey: "nowhere", draft: typeDraft() }),
    ({ types }: Callers) =>
      types.updateCustomType({ projectKey: "nowhere", ref: byKey("any"), expectedVersion: 1n }),
    ({ types }: Callers) =>
      types.deleteCustomType({ projectKey: "nowhere", ref: byKey("any"), expectedVersion: 1n }),
  ].map((call) => ({
    title: `a project that isn't there: ${/\.(\w+)\(/.exec(`${call}`)?.[1]}`,
    call,
    says: () => notFound("project", "key", "nowhere"),
  })),
  {
    title: "to update a version of a type that is behind, even with no actions",
    call: ({ types }, { type }) => updateType(types, { ...type, version: 1n }),
    says: () => versionMismatch(1n, 2n),
  },
  {
    title: "to delete a version of a type that isn't there yet, though it is in use too",
    call: ({ types }, { type }) => removeType(types, { ...type, version: 3n }),
    says: () => versionMismatch(3n, 2n),
  },
  {
    title: "a new type a key that another one holds",
    call: ({ types }, { type: { key } }) => newType(types, { key }),
    says: ({ type }) => duplicate("custom-type", "key", type.id),
  },
  {
    title: "a type a key that another one holds",
    call: ({ types }, { type, lone: { key } }) => updateType(types, type, { changeKey: { key } }),
    says: ({ lone }) => duplicate("custom-type", "key", lone.id),
  },
  {
    title: "a new type a field that takes other values in another type",
    call: ({ types }, { loneField: name }) =>
      newType(types, { fieldDefinitions: [field("vip"), { name, type: { localizedString: {} } }] }),
    says: ({ loneField, lone }) => definitionConflict(loneField, lone.id),
  },
  {
    title: "a type a field that takes other values in another type",
    call: ({ types }, { type, loneField: name }) => {
      const fieldDefinition = { name, type: { set: { elementType: { string: {} } } } };
      return updateType(types, type, { addFieldDefinition: { fieldDefinition } });
    },
    says: ({ loneField, lone }) => definitionConflict(loneField, lone.id),
  },
  {
    title: "a type a field under the name of one that the same update removes",
    call: ({ types }, { type }) =>
      updateType(
        types,
        type,
        { removeFieldDefinition: { fieldName: "note" } },
        { addFieldDefinition: { fieldDefinition: field("note") } },
      ),
    says: () =>
      notAllowed(
        "actions[1].add_field_definition.field_definition.name",
        "the values of the field that had this name are still being removed",
      ),
  },
  ...actions.map(
    ([action, at, description]): Refusal => ({
      title: `${at}: ${description}`,
      call: ({ types }, { type }) => updateType(types, type, action),
      says: () => notAllowed(`actions[0].${at}`, description),
    }),
  ),
  {
    title: "to delete a type that a group has",
    call: ({ types }, { strict }) => removeType(types, strict),
    says: () => referenced("customer-group", 1, "customer group"),
  },
  {
    title: "to delete a type that groups have",
    call: ({ types }, { type }) => removeType(types, type),
    says: () => referenced("customer-group", 2, "customer groups"),
  },
];
