import { describe, expect, test } from "vitest";
import { applyTo, COLORS, field, SIZES, type TypeAction, withFields } from "./custom-types.ts";
import { refusalOf } from "./refusal.ts";

describe("is refused, naming the action:", () => {
  const before = withFields(
    field("colors", { kind: "set", element: COLORS }),
    field("size", SIZES),
    field("note", { kind: "set", element: { kind: "string" } }),
  );
  const plain = (fieldName: string, key: string): object => ({
    fieldName,
    value: { key, label: "x" },
  });
  const localized = (fieldName: string, key: string): object => ({
    fieldName,
    value: { key, label: { en: "x" } },
  });
  const ENUM = "the field is not an enum, nor a set of one";
  const LOCALIZED = "the field is not a localized enum, nor a set of one";
  const cases: readonly (readonly [TypeAction["case"], object, path: string, said: string])[] = [
    ["addEnumValue", plain("no", "a"), "add_enum_value.field_name", "the type has no such field"],
    ["addEnumValue", plain("size", "a"), "add_enum_value.field_name", ENUM],
    ["addEnumValue", plain("note", "a"), "add_enum_value.field_name", ENUM],
    ["addEnumValue", plain("colors", "red"), "add_enum_value.value.key", "the enum has a value of this key"],
    ["addLocalizedEnumValue", localized("colors", "a"), "add_localized_enum_value.field_name", LOCALIZED],
    [
      "addLocalizedEnumValue",
      localized("size", "s"),
      "add_localized_enum_value.value.key",
      "the enum has a value of this key",
    ],
    ["changeEnumValueLabel", plain("size", "s"), "change_enum_value_label.field_name", ENUM],
    [
      "changeEnumValueLabel",
      plain("colors", "Red"),
      "change_enum_value_label.value.key",
      "the enum has no value of this key",
    ],
    [
      "changeLocalizedEnumValueLabel",
      localized("colors", "red"),
      "change_localized_enum_value_label.field_name",
      LOCALIZED,
    ],
    [
      "changeLocalizedEnumValueLabel",
      localized("size", "toString"),
      "change_localized_enum_value_label.value.key",
      "the enum has no value of this key",
    ],
    [
      "changeEnumValueOrder",
      { fieldName: "size", keys: ["s", "l"] },
      "change_enum_value_order.field_name",
      ENUM,
    ],
    [
      "changeLocalizedEnumValueOrder",
      { fieldName: "note", keys: ["s"] },
      "change_localized_enum_value_order.field_name",
      LOCALIZED,
    ],
    ...[["red"], ["red", "green"], ["red", "red"], ["red", "blue", "green"]].map(
      (keys) =>
        [
          "changeEnumValueOrder",
          { fieldName: "colors", keys },
          "change_enum_value_order.keys",
          "must be the 2 values that there are, each once",
        ] as const,
    ),
    [
      "changeLocalizedEnumValueOrder",
      { fieldName: "size", keys: ["l"] },
      "change_localized_enum_value_order.keys",
      "must be the 2 values that there are, each once",
    ],
  ];
  test.each(cases)("%s %j", (kind, value, path, said) => {
    const action = { case: kind, value } as TypeAction;
    expect(refusalOf(() => applyTo(before, action))).toMatchObject({
      code: "FailedPrecondition",
      reason: "OPERATION_NOT_ALLOWED",
      metadata: { field: `actions[0].${path}` },
      message: `actions[0].${path}: ${said}`,
    });
  });
});
