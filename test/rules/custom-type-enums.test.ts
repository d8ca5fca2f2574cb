import { describe, expect, test } from "vitest";
import { isSameState } from "../../src/custom-types/actions.ts";
import { type ElementType, elementOf, type FieldType } from "../../src/custom-types/field-type.ts";
import { applyTo, COLORS, field, SIZES, type TypeAction, withFields } from "./custom-types.ts";
import { refusalOf } from "./refusal.ts";

const setOf = (element: ElementType): FieldType => ({ kind: "set", element });

/** Of the field "it", which may be of one value or of a set of them. */
const CHANGES: readonly (readonly [string, ElementType, TypeAction, values: object])[] = [
  [
    "adds a value, behind",
    COLORS,
    { case: "addEnumValue", value: { fieldName: "it", value: { key: "a", label: "A" } } },
    [
      { key: "red", label: "Red" },
      { key: "blue", label: "Blue" },
      { key: "a", label: "A" },
    ],
  ],
  [
    "adds a localized value, behind",
    SIZES,
    {
      case: "addLocalizedEnumValue",
      value: { fieldName: "it", value: { key: "constructor", label: { de: "B" } } },
    },
    [
      { key: "s", label: { en: "Small" } },
      { key: "l", label: { en: "Large", de: "Groß" } },
      { key: "constructor", label: { de: "B" } },
    ],
  ],
  [
    "changes a label",
    COLORS,
    { case: "changeEnumValueLabel", value: { fieldName: "it", value: { key: "red", label: "Rot" } } },
    [
      { key: "red", label: "Rot" },
      { key: "blue", label: "Blue" },
    ],
  ],
  [
    "replaces a localized label as a whole",
    SIZES,
    {
      case: "changeLocalizedEnumValueLabel",
      value: { fieldName: "it", value: { key: "l", label: { fr: "G" } } },
    },
    [
      { key: "s", label: { en: "Small" } },
      { key: "l", label: { fr: "G" } },
    ],
  ],
  [
    "changes the order of values",
    COLORS,
    { case: "changeEnumValueOrder", value: { fieldName: "it", keys: ["blue", "red"] } },
    [
      { key: "blue", label: "Blue" },
      { key: "red", label: "Red" },
    ],
  ],
  [
    "changes the order of localized values",
    SIZES,
    { case: "changeLocalizedEnumValueOrder", value: { fieldName: "it", keys: ["l", "s"] } },
    [
      { key: "l", label: { en: "Large", de: "Groß" } },
      { key: "s", label: { en: "Small" } },
    ],
  ],
];

describe.each(CHANGES)("%s", (_, enumType, action, values) => {
  test.each([
    ["an enum", enumType],
    ["a set of enums", setOf(enumType)],
  ])("of %s", (_, fieldType) => {
    const other = field("other", fieldType);
    const before = withFields(other, field("it", fieldType, { required: true }), other);
    const after = applyTo(before, action);
    const changed = { kind: enumType.kind, values };
    const expected = fieldType.kind === "set" ? { kind: "set", element: changed } : changed;
    expect(after.fieldDefinitions).toEqual([
      other,
      { ...field("it", fieldType), required: true, type: expected },
      other,
    ]);
    expect(isSameState(before, after)).toBe(false);
  });
});

describe("an enum holds 500 values, and not one more:", () => {
  const keys = Array.from({ length: 499 }, (_, index) => `k${index}`);
  const plain: ElementType = { kind: "enum", values: keys.map((key) => ({ key, label: key })) };
  const localized: ElementType = {
    kind: "localizedEnum",
    values: keys.map((key) => ({ key, label: { en: key } })),
  };
  test.each<readonly [string, FieldType, (key: string) => TypeAction]>([
    [
      "enum",
      plain,
      (key) => ({ case: "addEnumValue", value: { fieldName: "it", value: { key, label: "x" } } }),
    ],
    [
      "set of localized enums",
      setOf(localized),
      (key) => ({
        case: "addLocalizedEnumValue",
        value: { fieldName: "it", value: { key, label: { en: "x" } } },
      }),
    ],
  ])("%s", (_, fieldType, add) => {
    const full = applyTo(withFields(field("it", fieldType)), add("last"));
    const [definition] = full.fieldDefinitions;
    expect(definition && elementOf(definition.type)).toMatchObject({ values: { length: 500 } });
    expect(refusalOf(() => applyTo(full, add("more")))).toMatchObject({
      code: "ResourceExhausted",
      reason: "LIMIT_REACHED",
      metadata: { limit_name: "values_of_an_enum", limit: "500", current: "500" },
    });
  });
});
