import {
  type EnumValue,
  type FieldDefinition,
  type FieldType as FieldTypeMessage,
  InputHint,
  type LocalizedEnumValue,
} from "../../gen/clientele/v1/field_definition_pb.ts";
import { required } from "../refs.ts";
import {
  type ElementType,
  type EnumValueState,
  type FieldDefinitionState,
  type FieldType,
  type InputHintState,
  isText,
  type LocalizedEnumValueState,
} from "./field-type.ts";

// Between the definitions of the API and those that are stored, both ways.

export function toDefinitionState({
  name,
  type,
  required: isRequired,
  label,
  inputHint,
}: FieldDefinition): FieldDefinitionState {
  const fieldType = toFieldType(required(type));
  return {
    name,
    type: fieldType,
    required: isRequired,
    label: { ...label },
    inputHint: isText(fieldType) ? toInputHintState(inputHint) : null,
  };
}

export function toInputHintState(hint: InputHint): InputHintState {
  return hint === InputHint.MULTI_LINE ? "multiLine" : "singleLine";
}

export function toEnumValueState({ key, label }: EnumValue): EnumValueState {
  return { key, label };
}

export function toLocalizedEnumValueState({ key, label }: LocalizedEnumValue): LocalizedEnumValueState {
  return { key, label: { ...label } };
}

export function toDefinition({
  name,
  type,
  required,
  label,
  inputHint,
}: FieldDefinitionState): FieldDefinition {
  return {
    $typeName: "clientele.v1.FieldDefinition",
    name,
    type: toFieldTypeMessage(type),
    required,
    label,
    inputHint: inputHint === null ? InputHint.UNSPECIFIED : INPUT_HINTS[inputHint],
  };
}

const INPUT_HINTS = { singleLine: InputHint.SINGLE_LINE, multiLine: InputHint.MULTI_LINE } as const;

function toFieldType({ type }: FieldTypeMessage): FieldType {
  if (type.case !== "set") return toElementType(type);
  return { kind: "set", element: toElementType(required(type.value.elementType).type) };
}

function toElementType(type: FieldTypeMessage["type"]): ElementType {
  switch (type.case) {
    case "enum":
      return { kind: type.case, values: type.value.values.map(toEnumValueState) };
    case "localizedEnum":
      return { kind: type.case, values: type.value.values.map(toLocalizedEnumValueState) };
    case "reference":
      return { kind: type.case, typeId: type.value.referenceTypeId };
    case "set":
    case undefined:
      throw new Error("unreachable: the validator requires a type, and refuses sets of sets");
    default:
      return { kind: type.case };
  }
}

function toFieldTypeMessage(type: FieldType): FieldTypeMessage {
  return { $typeName: "clientele.v1.FieldType", type: toFieldTypeCase(type) };
}

function toFieldTypeCase(type: FieldType): FieldTypeMessage["type"] {
  switch (type.kind) {
    case "boolean":
      return { case: type.kind, value: { $typeName: "clientele.v1.FieldType.Boolean" } };
    case "string":
      return { case: type.kind, value: { $typeName: "clientele.v1.FieldType.String" } };
    case "localizedString":
      return { case: type.kind, value: { $typeName: "clientele.v1.FieldType.LocalizedString" } };
    case "number":
      return { case: type.kind, value: { $typeName: "clientele.v1.FieldType.Number" } };
    case "money":
      return { case: type.kind, value: { $typeName: "clientele.v1.FieldType.Money" } };
    case "date":
      return { case: type.kind, value: { $typeName: "clientele.v1.FieldType.Date" } };
    case "time":
      return { case: type.kind, value: { $typeName: "clientele.v1.FieldType.Time" } };
    case "dateTime":
      return { case: type.kind, value: { $typeName: "clientele.v1.FieldType.DateTime" } };
    case "enum": {
      const values = type.values.map(
        ({ key, label }): EnumValue => ({ $typeName: "clientele.v1.EnumValue", key, label }),
      );
      return { case: type.kind, value: { $typeName: "clientele.v1.FieldType.Enum", values } };
    }
    case "localizedEnum": {
      const values = type.values.map(
        ({ key, label }): LocalizedEnumValue => ({
          $typeName: "clientele.v1.LocalizedEnumValue",
          key,
          label,
        }),
      );
      return { case: type.kind, value: { $typeName: "clientele.v1.FieldType.LocalizedEnum", values } };
    }
    case "reference":
      return {
        case: type.kind,
        value: { $typeName: "clientele.v1.FieldType.Reference", referenceTypeId: type.typeId },
      };
    case "set":
      return {
        case: type.kind,
        value: { $typeName: "clientele.v1.FieldType.Set", elementType: toFieldTypeMessage(type.element) },
      };
    default:
      return type satisfies never;
  }
}
