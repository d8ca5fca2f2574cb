import type { JsonObject, MessageInitShape } from "@bufbuild/protobuf";
import type { QueryCustomTypesRequestSchema } from "../../gen/clientele/v1/custom_type_service_pb.ts";
import { typeFields } from "../../src/custom-types/fields.ts";
import { KEY, NAME, NUL, type Row, unlike } from "./field-rules.ts";
import { noSuchSort } from "./sorts.ts";
import { FOR_GROUPS, field } from "./types.ts";

type Query = Omit<MessageInitShape<typeof QueryCustomTypesRequestSchema>, "$typeName">;

const LOCALE = "^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$";
const FIELD = "^[A-Za-z0-9_-]{2,36}$";
const REFERENCE_TYPE = "^[a-z][a-z0-9-]{1,63}$";
const deep = { 1: { 2: { 3: { 4: { 5: { 6: { 7: { 8: 1 } } } } } } } };
const DEEP = "must not be more than 8 levels deep";

const EMPTY_MAP = ["map.min_pairs", "map must be at least 1 entries"] as const;
const EMPTY_LIST = ["repeated.min_items", "must contain at least 1 item(s)"] as const;
const TWICE = ["repeated.unique", "repeated value must contain unique items"] as const;
const MISSING = ["required", "value is required"] as const;
const NO_CASE = ["required", "exactly one field is required in oneof"] as const;

export const typeDrafts: readonly Row<JsonObject>[] = [
  [{ key: "" }, "draft.key", "required", "value is required"],
  [{ key: "k" }, "draft.key", "string.pattern", unlike(KEY)],
  [{ name: {} }, "draft.name", ...EMPTY_MAP],
  [{ name: { EN: "a" } }, 'draft.name["EN"]', "string.pattern", unlike(LOCALE)],
  [{ name: { en: "" } }, 'draft.name["en"]', "string.min_len", "must be at least 1 characters"],
  [
    { description: { en: "x".repeat(2049) } },
    'draft.description["en"]',
    "string.max_len",
    "must be at most 2048 characters",
  ],
  [{ description: { en: "a\0" } }, 'draft.description["en"]', "text", NUL],
  [{ resourceTypes: [] }, "draft.resource_types", ...EMPTY_LIST],
  [
    { resourceTypes: ["RESOURCE_TYPE_UNSPECIFIED"] },
    "draft.resource_types[0]",
    "enum.in",
    "must be RESOURCE_TYPE_CUSTOMER_GROUP, RESOURCE_TYPE_CUSTOMER or RESOURCE_TYPE_ADDRESS",
  ],
  [{ resourceTypes: [FOR_GROUPS, FOR_GROUPS] }, "draft.resource_types", ...TWICE],
  [
    { fieldDefinitions: [field("note"), field("vip"), field("note")] },
    "draft.field_definitions",
    "field_definitions.unique_names",
    "must hold each name once",
  ],
  [
    { fieldDefinitions: Array.from({ length: 101 }, (_, index) => field("vip", { name: `f${index}` })) },
    "draft.field_definitions",
    "repeated.max_items",
    "must contain no more than 100 item(s)",
  ],
  [{ reference: "" }, "draft.reference", "string.min_len", "must be at least 1 characters"],
  [{ metadata: { a: deep } }, "draft.metadata.a.1.2.3.4.5.6.7", "json", DEEP],
];

/** Of the only field definition of a draft. */
export const definitions: readonly Row<JsonObject>[] = [
  [{ name: "a" }, ".name", "string.pattern", unlike(FIELD)],
  [{ type: null }, ".type", ...MISSING],
  [{ type: {} }, ".type.type", ...NO_CASE],
  [
    { type: { boolean: {} }, inputHint: "INPUT_HINT_MULTI_LINE" },
    "",
    "field_definition.input_hint",
    "input_hint is for text: string, localized_string, or a set of them",
  ],
  [{ label: { "de-de": "a" } }, '.label["de-de"]', "string.pattern", unlike(LOCALE)],
  [{ type: { enum: {} } }, ".type.enum.values", ...EMPTY_LIST],
  [
    {
      type: {
        enum: {
          values: [
            { key: "a", label: "A" },
            { key: "a", label: "B" },
          ],
        },
      },
    },
    ".type.enum.values",
    "enum.unique_keys",
    "must hold each key once",
  ],
  [
    { type: { enum: { values: [{ key: " ", label: "A" }] } } },
    ".type.enum.values[0].key",
    "string.pattern",
    unlike(NAME),
  ],
  [{ type: { enum: { values: [{ key: "a" }] } } }, ".type.enum.values[0].label", ...MISSING],
  [
    { type: { localizedEnum: { values: [{ key: "a" }] } } },
    ".type.localized_enum.values[0].label",
    ...EMPTY_MAP,
  ],
  [
    { type: { localizedEnum: { values: [{ key: "a", label: { en: "a\0" } }] } } },
    '.type.localized_enum.values[0].label["en"]',
    "text",
    NUL,
  ],
  [
    { type: { reference: {} } },
    ".type.reference.reference_type_id",
    "string.pattern",
    unlike(REFERENCE_TYPE),
  ],
  [{ type: { set: {} } }, ".type.set.element_type", ...MISSING],
  [
    { type: { set: { elementType: { set: { elementType: { string: {} } } } } } },
    ".type.set.element_type",
    "set.no_set_of_sets",
    "must not be a set",
  ],
];

export const typeActions: readonly Row<JsonObject>[] = [
  [{}, "action", ...NO_CASE],
  [{ changeKey: { key: "a" } }, "change_key.key", "string.pattern", unlike(KEY)],
  [{ changeName: {} }, "change_name.name", ...EMPTY_MAP],
  [
    { setDescription: { description: { e: "a" } } },
    'set_description.description["e"]',
    "string.pattern",
    unlike(LOCALE),
  ],
  [{ addFieldDefinition: {} }, "add_field_definition.field_definition", ...MISSING],
  [{ removeFieldDefinition: {} }, "remove_field_definition.field_name", "string.pattern", unlike(FIELD)],
  [
    { changeLabel: { fieldName: "note", label: { en: "x".repeat(257) } } },
    'change_label.label["en"]',
    "string.max_len",
    "must be at most 256 characters",
  ],
  [
    { changeInputHint: { fieldName: "note" } },
    "change_input_hint.input_hint",
    "enum.in",
    "must be INPUT_HINT_SINGLE_LINE or INPUT_HINT_MULTI_LINE",
  ],
  [
    { changeFieldDefinitionOrder: { fieldNames: ["note", "note"] } },
    "change_field_definition_order.field_names",
    ...TWICE,
  ],
  [{ addEnumValue: { fieldName: "tier" } }, "add_enum_value.value", ...MISSING],
  [
    { addLocalizedEnumValue: { fieldName: "rank", value: { key: "a" } } },
    "add_localized_enum_value.value.label",
    ...EMPTY_MAP,
  ],
  [
    { changeEnumValueLabel: { fieldName: "tier", value: { key: "gold" } } },
    "change_enum_value_label.value.label",
    ...MISSING,
  ],
  [
    { changeLocalizedEnumValueLabel: { fieldName: "rank" } },
    "change_localized_enum_value_label.value",
    ...MISSING,
  ],
  [{ changeEnumValueOrder: { fieldName: "tier" } }, "change_enum_value_order.keys", ...EMPTY_LIST],
  [
    { changeLocalizedEnumValueOrder: { fieldName: "rank", keys: ["1", "1"] } },
    "change_localized_enum_value_order.keys",
    ...TWICE,
  ],
  [
    { setReference: { referenceOrigin: "x".repeat(257) } },
    "set_reference.reference_origin",
    "string.max_bytes",
    "must be at most 256 bytes",
  ],
  [{ setMetadata: { metadata: { a: deep } } }, "set_metadata.metadata.a.1.2.3.4.5.6.7", "json", DEEP],
];

export const typeQueries: readonly Row<Query>[] = [
  [{ projectKey: "" }, "project_key", ...MISSING],
  [
    { limit: 501 },
    "limit",
    "int32.gte_lte",
    "must be greater than or equal to 0 and less than or equal to 500",
  ],
  [{ sort: ["key", "tier"] }, "sort[1]", "sort.field", noSuchSort("tier", typeFields)],
  [
    { offset: 0, pageToken: "t" },
    "",
    "query.offset_or_page_token",
    "offset and page_token exclude each other",
  ],
];
