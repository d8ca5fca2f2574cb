import type { CustomTypeUpdateAction } from "../../gen/clientele/v1/custom_type_service_pb.ts";
import { failure } from "../errors.ts";
import { required } from "../refs.ts";
import { toEnumValueState, toLocalizedEnumValueState } from "./definition.ts";
import { changeField, reorder } from "./field-actions.ts";
import { type ElementType, elementOf, type FieldDefinitionState, type FieldType } from "./field-type.ts";
import { type CustomTypeState, MAX_ENUM_VALUES } from "./state.ts";

// What the actions on the values of enums mean, of plain and localized ones alike; pure.

type EnumKind = "enum" | "localizedEnum";
type EnumOf<Kind extends EnumKind> = Extract<ElementType, { kind: Kind }>;
type ValueOf<Kind extends EnumKind> = EnumOf<Kind>["values"][number];

/** The actions on the values of enums. */
export type EnumAction = Extract<
  CustomTypeUpdateAction["action"],
  { readonly case: `${"add" | "change"}${"" | "Localized"}EnumValue${"" | "Label" | "Order"}` }
>;

/** @throws Failure OPERATION_NOT_ALLOWED within `path`, LIMIT_REACHED. */
export function applyEnumAction(type: CustomTypeState, action: EnumAction, path: string): CustomTypeState {
  const { fieldName } = action.value;
  switch (action.case) {
    case "addEnumValue": {
      const value = toEnumValueState(required(action.value.value));
      const at = `${path}.add_enum_value`;
      return changeValues("enum", type, fieldName, at, (values) => added(values, value, at));
    }
    case "addLocalizedEnumValue": {
      const value = toLocalizedEnumValueState(required(action.value.value));
      const at = `${path}.add_localized_enum_value`;
      return changeValues("localizedEnum", type, fieldName, at, (values) => added(values, value, at));
    }
    case "changeEnumValueLabel": {
      const value = toEnumValueState(required(action.value.value));
      const at = `${path}.change_enum_value_label`;
      return changeValues("enum", type, fieldName, at, (values) => replaced(values, value, at));
    }
    case "changeLocalizedEnumValueLabel": {
      const value = toLocalizedEnumValueState(required(action.value.value));
      const at = `${path}.change_localized_enum_value_label`;
      return changeValues("localizedEnum", type, fieldName, at, (values) => replaced(values, value, at));
    }
    case "changeEnumValueOrder": {
      const { keys } = action.value;
      const at = `${path}.change_enum_value_order`;
      return changeValues("enum", type, fieldName, at, (values) => ordered(values, keys, at));
    }
    case "changeLocalizedEnumValueOrder": {
      const { keys } = action.value;
      const at = `${path}.change_localized_enum_value_order`;
      return changeValues("localizedEnum", type, fieldName, at, (values) => ordered(values, keys, at));
    }
    default:
      return action satisfies never;
  }
}

type Keyed = { readonly key: string };

function added<Value extends Keyed>(values: readonly Value[], value: Value, path: string): Value[] {
  if (values.some(({ key }) => key === value.key)) {
    throw failure.operationNotAllowed(`${path}.value.key`, "the enum has a value of this key");
  }
  if (values.length === MAX_ENUM_VALUES) {
    throw failure.limitReached("values_of_an_enum", MAX_ENUM_VALUES, values.length);
  }
  return [...values, value];
}

function replaced<Value extends Keyed>(values: readonly Value[], value: Value, path: string): Value[] {
  if (!values.some(({ key }) => key === value.key)) {
    throw failure.operationNotAllowed(`${path}.value.key`, "the enum has no value of this key");
  }
  return values.map((one) => (one.key === value.key ? value : one));
}

function ordered<Value extends Keyed>(
  values: readonly Value[],
  keys: readonly string[],
  path: string,
): Value[] {
  return reorder(values, ({ key }) => key, keys, `${path}.keys`, "values");
}

/** @throws Failure OPERATION_NOT_ALLOWED when the field is of another kind. */
function changeValues<Kind extends EnumKind>(
  kind: Kind,
  type: CustomTypeState,
  fieldName: string,
  path: string,
  change: (values: readonly ValueOf<Kind>[]) => readonly ValueOf<Kind>[],
): CustomTypeState {
  return changeField(type, fieldName, `${path}.field_name`, (definition) => {
    const element = elementOf(definition.type);
    if (element.kind !== kind) {
      const what = kind === "enum" ? "an enum" : "a localized enum";
      throw failure.operationNotAllowed(`${path}.field_name`, `the field is not ${what}, nor a set of one`);
    }
    // What the kind just said; generic types don't follow.
    const changed = { ...element, values: change(element.values as readonly ValueOf<Kind>[]) } as ElementType;
    return withElement(definition, changed);
  });
}

function withElement(definition: FieldDefinitionState, element: ElementType): FieldDefinitionState {
  const type: FieldType = definition.type.kind === "set" ? { kind: "set", element } : element;
  return { ...definition, type };
}
