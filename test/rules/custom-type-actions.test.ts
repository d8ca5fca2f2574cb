import { describe, expect, test } from "vitest";
import { InputHint } from "../../gen/clientele/v1/field_definition_pb.ts";
import { isSameState } from "../../src/custom-types/actions.ts";
import type { CustomTypeState } from "../../src/custom-types/state.ts";
import {
  applyTo,
  COLOR,
  COUNT,
  field,
  NOTE,
  SIZE_SET,
  type TypeAction,
  type,
  withFields,
} from "./custom-types.ts";

const { MULTI_LINE, SINGLE_LINE } = InputHint;
const LOCALIZED_SET = field(
  "texts",
  { kind: "set", element: { kind: "localizedString" } },
  { inputHint: "singleLine" },
);

describe("changes what it says, and nothing else:", () => {
  const cases: readonly (readonly [string, TypeAction, Partial<CustomTypeState>])[] = [
    ["key", { case: "changeKey", value: { key: "k2" } }, { key: "k2" }],
    ["name as a whole", { case: "changeName", value: { name: { de: "Typ" } } }, { name: { de: "Typ" } }],
    [
      "description as a whole",
      { case: "setDescription", value: { description: { de: "x" } } },
      { description: { de: "x" } },
    ],
    ["no description", { case: "setDescription", value: {} }, { description: {} }],
    [
      "an added field, behind",
      {
        case: "addFieldDefinition",
        value: {
          fieldDefinition: { name: "day", required: true, type: { type: { case: "date", value: {} } } },
        },
      },
      {
        fieldDefinitions: [NOTE, COUNT, COLOR, SIZE_SET, field("day", { kind: "date" }, { required: true })],
      },
    ],
    [
      "a removed field",
      { case: "removeFieldDefinition", value: { fieldName: "count" } },
      { fieldDefinitions: [NOTE, COLOR, SIZE_SET] },
    ],
    [
      "label as a whole",
      { case: "changeLabel", value: { fieldName: "note", label: { de: "Notiz" } } },
      { fieldDefinitions: [{ ...NOTE, label: { de: "Notiz" } }, COUNT, COLOR, SIZE_SET] },
    ],
    [
      "no label",
      { case: "changeLabel", value: { fieldName: "note" } },
      { fieldDefinitions: [{ ...NOTE, label: {} }, COUNT, COLOR, SIZE_SET] },
    ],
    [
      "input hint",
      { case: "changeInputHint", value: { fieldName: "note", inputHint: MULTI_LINE } },
      { fieldDefinitions: [{ ...NOTE, inputHint: "multiLine" }, COUNT, COLOR, SIZE_SET] },
    ],
    [
      "order of the fields",
      {
        case: "changeFieldDefinitionOrder",
        value: { fieldNames: ["sizes", "note", "color", "count"] },
      },
      { fieldDefinitions: [SIZE_SET, NOTE, COLOR, COUNT] },
    ],
    [
      "reference",
      { case: "setReference", value: { reference: "x" } },
      { reference: "x", referenceOrigin: null },
    ],
    ["no reference", { case: "setReference", value: {} }, { reference: null, referenceOrigin: null }],
    ["metadata", { case: "setMetadata", value: { metadata: { z: -0 } } }, { metadata: { z: 0 } }],
    ["empty metadata", { case: "setMetadata", value: { metadata: {} } }, { metadata: {} }],
    ["no metadata", { case: "setMetadata", value: {} }, { metadata: null }],
  ];
  test.each(cases)("%s", (_, action, changed) => {
    const after = applyTo(type, action);
    expect(after).toEqual({ ...type, ...changed });
    expect(isSameState(type, after)).toBe(false);
  });

  test("the hint of a set of localized texts", () => {
    const action: TypeAction = {
      case: "changeInputHint",
      value: { fieldName: "texts", inputHint: MULTI_LINE },
    };
    const after = applyTo(withFields(LOCALIZED_SET), action);
    expect(after.fieldDefinitions).toEqual([{ ...LOCALIZED_SET, inputHint: "multiLine" }]);
  });
});

describe("leaves the type the same:", () => {
  const cases: readonly (readonly [string, readonly TypeAction[]])[] = [
    ["no actions", []],
    ["the same key", [{ case: "changeKey", value: { key: "k1" } }]],
    ["the same name", [{ case: "changeName", value: { name: { en: "Type" } } }]],
    ["the same label", [{ case: "changeLabel", value: { fieldName: "note", label: { en: "Note" } } }]],
    ["the same hint", [{ case: "changeInputHint", value: { fieldName: "note", inputHint: SINGLE_LINE } }]],
    [
      "the same order",
      [{ case: "changeFieldDefinitionOrder", value: { fieldNames: ["note", "count", "color", "sizes"] } }],
    ],
    [
      "there and back",
      [
        { case: "setMetadata", value: {} },
        { case: "changeFieldDefinitionOrder", value: { fieldNames: ["sizes", "note", "color", "count"] } },
        { case: "setMetadata", value: { metadata: { a: 1 } } },
        { case: "changeFieldDefinitionOrder", value: { fieldNames: ["note", "count", "color", "sizes"] } },
      ],
    ],
  ];
  test.each(cases)("%s", (_, actions) => {
    expect(isSameState(type, applyTo(type, ...actions))).toBe(true);
  });
});
