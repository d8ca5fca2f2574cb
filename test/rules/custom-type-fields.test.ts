import { describe, expect, test } from "vitest";
import { isSameState, removedFields, signaturesOf } from "../../src/custom-types/actions.ts";
import type { ElementType, FieldType } from "../../src/custom-types/field-type.ts";
import {
  applyBeside,
  applyTo,
  COLOR,
  COLORS,
  COUNT,
  field,
  NOTE,
  SIZE_SET,
  SIZES,
  type TypeAction,
  type,
  withFields,
} from "./custom-types.ts";
import { refusalOf } from "./refusal.ts";

const add = (name: string): TypeAction => ({
  case: "addFieldDefinition",
  value: { fieldDefinition: { name, type: { type: { case: "number", value: {} } } } },
});
const remove = (fieldName: string): TypeAction => ({ case: "removeFieldDefinition", value: { fieldName } });
const many = (count: number) =>
  Array.from({ length: count }, (_, index) => field(`field${index}`, { kind: "number" }));

describe("a name is given once:", () => {
  const HAS = "the type has a field of this name";
  const REMOVING = "the values of the field that had this name are still being removed";
  test.each<readonly [string, readonly TypeAction[], said: string]>([
    ["not to a field beside one that has it", [add("note")], HAS],
    ["not to two new fields", [add("new"), add("new")], HAS],
    ["not again in the update that takes it", [remove("note"), add("note")], REMOVING],
    ["not again after another field had it for a moment", [remove("note"), add("x1"), add("note")], REMOVING],
    ["not while values of an older field are removed", [add("older")], REMOVING],
    ["not even where a new field came and went", [add("new"), remove("new"), add("older")], REMOVING],
  ])("%s", (_, actions, said) => {
    const at = `actions[${actions.length - 1}].add_field_definition.field_definition.name`;
    expect(refusalOf(() => applyBeside(["older"], type, ...actions))).toMatchObject({
      code: "FailedPrecondition",
      reason: "OPERATION_NOT_ALLOWED",
      metadata: { field: at },
      message: `${at}: ${said}`,
    });
  });

  test("and again when the field that had it is gone for good", () => {
    const after = applyTo(applyTo(type, remove("note")), add("note"));
    expect(after.fieldDefinitions.map(({ name }) => name)).toEqual(["count", "color", "sizes", "note"]);
  });

  test("and again in an update that adds it, takes it and adds it: no resource has a value of it", () => {
    const after = applyTo(type, add("new"), remove("new"), add("new"));
    expect(after.fieldDefinitions).toEqual([...type.fieldDefinitions, field("new", { kind: "number" })]);
    expect(removedFields(type, after)).toEqual([]);
  });

  test.each(["constructor", "__proto__", "toString"])("also the name %s", (name) => {
    const after = applyTo(type, add(name));
    expect(after.fieldDefinitions.at(-1)).toEqual(field(name, { kind: "number" }));
    expect(Object.keys(signaturesOf(after))).toEqual(["note", "count", "color", "sizes", name]);
  });
});

test("a field that is added and removed again leaves the type the same", () => {
  const after = applyTo(type, add("new"), remove("new"));
  expect(isSameState(type, after)).toBe(true);
  expect(removedFields(type, after)).toEqual([]);
});

test("removed are the fields that are not there in the end, whatever their order", () => {
  const order: TypeAction = {
    case: "changeFieldDefinitionOrder",
    value: { fieldNames: ["new", "sizes", "count"] },
  };
  const after = applyTo(type, remove("color"), add("new"), remove("note"), order);
  expect(after.fieldDefinitions).toEqual([field("new", { kind: "number" }), SIZE_SET, COUNT]);
  expect(removedFields(type, after)).toEqual(["note", "color"]);
  expect(removedFields(type, type)).toEqual([]);
});

describe("a type has 100 fields, and not one more:", () => {
  test("at the end of an update", () => {
    expect(applyTo(withFields(...many(99)), add("last")).fieldDefinitions).toHaveLength(100);
    const refusal = refusalOf(() => applyTo(withFields(...many(99)), add("last"), add("more")));
    expect(refusal).toMatchObject({
      code: "ResourceExhausted",
      reason: "LIMIT_REACHED",
      metadata: { limit_name: "field_definitions_of_a_custom_type", limit: "100", current: "99" },
      message: expect.stringContaining("this would make 101"),
    });
  });

  test("in its midst there may be more", () => {
    const after = applyTo(withFields(...many(100)), add("new"), remove("field0"));
    expect(after.fieldDefinitions).toHaveLength(100);
  });
});

describe("the signature of a field says what must agree between types:", () => {
  const elements: readonly (readonly [ElementType, string])[] = [
    ...(["boolean", "string", "localizedString", "number", "money", "date", "time", "dateTime"] as const).map(
      (kind) => [{ kind }, kind] as const,
    ),
    // Their values may differ.
    [COLORS, "enum"],
    [SIZES, "localizedEnum"],
    [{ kind: "reference", typeId: "customer" }, "reference(customer)"],
    [{ kind: "reference", typeId: "store" }, "reference(store)"],
  ];
  const all: readonly (readonly [FieldType, string])[] = elements.flatMap(([element, signature]) => [
    [element, signature],
    [{ kind: "set", element }, `set(${signature})`],
  ]);

  test.each(all)("%j", (fieldType, signature) => {
    expect(signaturesOf(withFields(field("it", fieldType)))).toEqual({ it: signature });
    expect(signaturesOf(withFields(field("it", fieldType, { required: true })))).toEqual({ it: signature });
  });

  test("by name", () => {
    const signatures = { note: "string", count: "number", color: "enum", sizes: "set(localizedEnum)" };
    expect(signaturesOf(withFields(NOTE, COUNT, COLOR, SIZE_SET))).toEqual(signatures);
    expect(signaturesOf(withFields())).toEqual({});
  });
});
