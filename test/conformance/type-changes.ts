import type { JsonObject } from "@bufbuild/protobuf";
import { unique } from "./groups.ts";
import { field, fields } from "./types.ts";

/** What the changes are made to. */
export const full = {
  name: { en: "Before" },
  description: { en: "Old", de: "Alt" },
  ...fields("note", "vip", "tier", "rank", "tiers"),
  reference: "r-1",
  referenceOrigin: "crm",
  metadata: { old: [1, 2] },
};
const [note, vip, tier, rank, tiers] = [
  field("note"),
  field("vip"),
  field("tier"),
  field("rank"),
  field("tiers"),
];
const newKey = unique("rekeyed");
const [silver, gold] = [
  { key: "silver", label: "Silver" },
  { key: "gold", label: "Gold" },
];
const [first, second] = [
  { key: "1", label: { en: "First", de: "Erster" } },
  { key: "2", label: { en: "Second" } },
];

/** Actions, and what of the type is different after them. */
export const changes: readonly [title: string, actions: readonly JsonObject[], after: object][] = [
  ["change_key", [{ changeKey: { key: newKey } }], { key: newKey }],
  ["change_name", [{ changeName: { name: { fr: "Après" } } }], { name: { fr: "Après" } }],
  ["set_description", [{ setDescription: { description: { en: "New" } } }], { description: { en: "New" } }],
  ["set_description with none", [{ setDescription: {} }], { description: undefined }],
  [
    "add_field_definition",
    [{ addFieldDefinition: { fieldDefinition: field("score", { required: true, label: { en: "S" } }) } }],
    {
      fieldDefinitions: [...full.fieldDefinitions, field("score", { required: true, label: { en: "S" } })],
    },
  ],
  [
    "remove_field_definition",
    [{ removeFieldDefinition: { fieldName: "tier" } }],
    { fieldDefinitions: [note, vip, rank, tiers] },
  ],
  [
    "change_label",
    [{ changeLabel: { fieldName: "vip", label: { en: "VIP", de: "VIP" } } }],
    {
      fieldDefinitions: [note, field("vip", { label: { en: "VIP", de: "VIP" } }), tier, rank, tiers],
    },
  ],
  [
    "change_input_hint",
    [{ changeInputHint: { fieldName: "note", inputHint: "INPUT_HINT_MULTI_LINE" } }],
    {
      fieldDefinitions: [field("note", { inputHint: "INPUT_HINT_MULTI_LINE" }), vip, tier, rank, tiers],
    },
  ],
  [
    "change_field_definition_order",
    [{ changeFieldDefinitionOrder: { fieldNames: ["tiers", "rank", "note", "vip", "tier"] } }],
    { fieldDefinitions: [tiers, rank, note, vip, tier] },
  ],
  [
    "add_enum_value",
    [{ addEnumValue: { fieldName: "tier", value: { key: "platinum", label: "Platinum" } } }],
    withTier({ enum: { values: [silver, gold, { key: "platinum", label: "Platinum" }] } }),
  ],
  [
    "add_enum_value of a set",
    [{ addEnumValue: { fieldName: "tiers", value: { key: "b", label: "B" } } }],
    {
      fieldDefinitions: [
        note,
        vip,
        tier,
        rank,
        field("tiers", {
          type: {
            set: {
              elementType: {
                enum: {
                  values: [
                    { key: "a", label: "A" },
                    { key: "b", label: "B" },
                  ],
                },
              },
            },
          },
        }),
      ],
    },
  ],
  [
    "add_localized_enum_value",
    [{ addLocalizedEnumValue: { fieldName: "rank", value: { key: "3", label: { de: "Dritter" } } } }],
    withRank([first, second, { key: "3", label: { de: "Dritter" } }]),
  ],
  [
    "change_enum_value_label",
    [{ changeEnumValueLabel: { fieldName: "tier", value: { key: "silver", label: "Ag" } } }],
    withTier({ enum: { values: [{ key: "silver", label: "Ag" }, gold] } }),
  ],
  [
    "change_localized_enum_value_label",
    [{ changeLocalizedEnumValueLabel: { fieldName: "rank", value: { key: "1", label: { en: "1st" } } } }],
    withRank([{ key: "1", label: { en: "1st" } }, second]),
  ],
  [
    "change_enum_value_order",
    [{ changeEnumValueOrder: { fieldName: "tier", keys: ["gold", "silver"] } }],
    withTier({ enum: { values: [gold, silver] } }),
  ],
  [
    "change_localized_enum_value_order",
    [{ changeLocalizedEnumValueOrder: { fieldName: "rank", keys: ["2", "1"] } }],
    withRank([second, first]),
  ],
  [
    "set_reference",
    [{ setReference: { reference: "r-2" } }],
    { reference: "r-2", referenceOrigin: undefined },
  ],
  ["set_metadata", [{ setMetadata: { metadata: { new: {} } } }], { metadata: { new: {} } }],
  ["set_metadata with none", [{ setMetadata: {} }], { metadata: undefined }],
  [
    "several actions, each on what the one before left",
    [
      { addFieldDefinition: { fieldDefinition: field("title") } },
      { changeInputHint: { fieldName: "title", inputHint: "INPUT_HINT_MULTI_LINE" } },
      { removeFieldDefinition: { fieldName: "rank" } },
      { removeFieldDefinition: { fieldName: "tiers" } },
      { addEnumValue: { fieldName: "tier", value: { key: "x", label: "X" } } },
      { changeEnumValueOrder: { fieldName: "tier", keys: ["x", "gold", "silver"] } },
      { changeFieldDefinitionOrder: { fieldNames: ["title", "vip", "tier", "note"] } },
    ],
    {
      fieldDefinitions: [
        field("title", { inputHint: "INPUT_HINT_MULTI_LINE" }),
        vip,
        field("tier", { type: { enum: { values: [{ key: "x", label: "X" }, gold, silver] } } }),
        note,
      ],
    },
  ],
];

/** Actions that change nothing of a type with `note` and `tier`. */
export const idle: readonly [title: string, actions: readonly JsonObject[]][] = [
  ["no actions", []],
  ["a name that is there, its locales in another order", [{ changeName: { name: { de: "B", en: "A" } } }]],
  ["metadata that are there", [{ setMetadata: { metadata: { b: 2, a: [1] } } }]],
  ["the order that there is", [{ changeFieldDefinitionOrder: { fieldNames: ["note", "tier"] } }]],
  ["a label that is there", [{ changeEnumValueLabel: { fieldName: "tier", value: gold } }]],
  [
    "an input hint that is there",
    [{ changeInputHint: { fieldName: "note", inputHint: "INPUT_HINT_SINGLE_LINE" } }],
  ],
  [
    "actions that undo one another",
    [
      { addFieldDefinition: { fieldDefinition: field("score") } },
      { removeFieldDefinition: { fieldName: "score" } },
    ],
  ],
];

function withTier(type: JsonObject): object {
  return { fieldDefinitions: [note, vip, field("tier", { type }), rank, tiers] };
}

function withRank(values: readonly JsonObject[]): object {
  return {
    fieldDefinitions: [
      note,
      vip,
      tier,
      field("rank", { type: { localizedEnum: { values: [...values] } } }),
      tiers,
    ],
  };
}
