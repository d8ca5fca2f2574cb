import { describe, expect, test } from "vitest";
import { InputHint } from "../../gen/clientele/v1/field_definition_pb.ts";
import { applyTo, type TypeAction, type } from "./custom-types.ts";
import { refusalOf } from "./refusal.ts";

const { MULTI_LINE } = InputHint;

describe("is refused where the state forbids it, naming the action:", () => {
  const order = (...fieldNames: string[]): TypeAction => ({
    case: "changeFieldDefinitionOrder",
    value: { fieldNames },
  });
  const ORDER = "change_field_definition_order.field_names";
  const EACH_ONCE = "must be the 4 fields that there are, each once";
  const NO_FIELD = "the type has no such field";
  const cases: readonly (readonly [string, TypeAction, path: string, said: string])[] = [
    [
      "removal of no field",
      { case: "removeFieldDefinition", value: { fieldName: "toString" } },
      "remove_field_definition.field_name",
      NO_FIELD,
    ],
    [
      "label of no field",
      { case: "changeLabel", value: { fieldName: "Note" } },
      "change_label.field_name",
      NO_FIELD,
    ],
    [
      "hint of no field",
      { case: "changeInputHint", value: { fieldName: "no", inputHint: MULTI_LINE } },
      "change_input_hint.field_name",
      NO_FIELD,
    ],
    [
      "hint of a number",
      { case: "changeInputHint", value: { fieldName: "count", inputHint: MULTI_LINE } },
      "change_input_hint.field_name",
      "the field takes no text",
    ],
    [
      "hint of a set of enums",
      { case: "changeInputHint", value: { fieldName: "sizes", inputHint: MULTI_LINE } },
      "change_input_hint.field_name",
      "the field takes no text",
    ],
    ["an order with a field too few", order("note", "count", "color"), ORDER, EACH_ONCE],
    ["an order with a field too many", order("note", "count", "color", "sizes", "no"), ORDER, EACH_ONCE],
    ["an order with another field", order("note", "count", "color", "size"), ORDER, EACH_ONCE],
    ["an order with a field twice", order("note", "count", "color", "color"), ORDER, EACH_ONCE],
  ];
  test.each(cases)("%s", (_, action, path, said) => {
    const at = `actions[1].${path}`;
    expect(refusalOf(() => applyTo(type, { case: "setMetadata", value: {} }, action))).toMatchObject({
      code: "FailedPrecondition",
      reason: "OPERATION_NOT_ALLOWED",
      metadata: { field: at },
      message: `${at}: ${said}`,
    });
  });
});
