import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import type { Value } from "@bufbuild/protobuf/wkt";
import type { CustomFieldsDraft } from "../../gen/clientele/v1/custom_fields_pb.ts";
import type { CustomTypeRef } from "../../gen/clientele/v1/custom_type_pb.ts";
import type { FieldDefinitionState } from "../custom-types/field-type.ts";
import type { CustomizableResource } from "../custom-types/state.ts";
import { type FieldViolation, failure } from "../errors.ts";
import { jsonOfValue, shortened } from "../json-data.ts";
import { parseRef, required } from "../refs.ts";
import { type CustomState, type FieldsType, fieldValue, type KnownTypes, NO_CUSTOM_FIELDS } from "./state.ts";
import { checkValue } from "./values/check.ts";

// What drafts and actions say of custom fields, the same for every kind of resource; pure.

/**
 * @param path of the draft's custom fields in the request.
 * @throws Failure REFERENCE_NOT_FOUND, OPERATION_NOT_ALLOWED of the type; FIELD_INVALID, FIELD_REQUIRED of
 *   the fields.
 */
export function customOfDraft(
  draft: CustomFieldsDraft | undefined,
  resource: CustomizableResource,
  types: KnownTypes,
  path: string,
): CustomState {
  if (!draft) return NO_CUSTOM_FIELDS;
  const type = requireType(draft.type, resource, types, `${path}.type`);
  const customFields = checkFields(type, draft.fields ?? {}, `${path}.fields`);
  requireRequiredFields(type, customFields, (name) => `${path}.fields.${name}`);
  return { customTypeId: type.id, customFields };
}

/** Required fields are not asked for: an action behind it may set them. Throws as `customOfDraft`. */
export function setCustomType(
  action: { readonly type?: CustomTypeRef | undefined; readonly fields?: JsonObject | undefined },
  resource: CustomizableResource,
  types: KnownTypes,
  path: string,
): CustomState {
  if (!action.type) return NO_CUSTOM_FIELDS;
  const type = requireType(action.type, resource, types, `${path}.type`);
  return { customTypeId: type.id, customFields: checkFields(type, action.fields ?? {}, `${path}.fields`) };
}

/** Required fields are not asked for, as by `setCustomType`. */
export function setCustomField(
  { customTypeId, customFields }: CustomState,
  { name, value: message }: { readonly name: string; readonly value?: Value | undefined },
  types: KnownTypes,
  path: string,
): CustomState {
  if (customTypeId === null) throw failure.operationNotAllowed(path, "there is no custom type");
  const type = types.get({ by: "id", value: customTypeId });
  if (!type) throw new Error("unreachable: the type of a resource was looked up before");
  const definition = findDefinition(type, name);
  if (!definition) throw failure.fields([unknownField(type, `${path}.name`)]);

  const value = message === undefined ? null : jsonOfValue(message);
  const { [name]: _, ...others } = customFields ?? {};
  if (value === null || value === undefined) {
    if (fieldValue(customFields, name) === undefined) {
      throw failure.operationNotAllowed(`${path}.name`, "the field has no value");
    }
    return { customTypeId, customFields: others };
  }
  const checked = checkValue(definition.type, value, `${path}.value`);
  if ("violation" in checked) throw failure.fields([checked.violation]);
  return {
    customTypeId,
    customFields: Object.fromEntries([...Object.entries(others), [name, checked.value]]),
  };
}

/**
 * @param pathOf tells where the request says, or should say, the value of a field.
 * @throws Failure FIELD_REQUIRED for every required field that has no value.
 */
export function requireRequiredFields(
  { fieldDefinitions }: FieldsType,
  fields: JsonObject | null,
  pathOf: (name: string) => string,
): void {
  const [first, ...rest] = fieldDefinitions
    .filter(({ name, required: isRequired }) => isRequired && fieldValue(fields, name) === undefined)
    .map(({ name }) => ({
      field: pathOf(name),
      rule: "required",
      description: `the custom field "${name}" is required`,
    }));
  if (first) throw failure.fields([first, ...rest]);
}

function requireType(
  message: CustomTypeRef | undefined,
  resource: CustomizableResource,
  types: KnownTypes,
  path: string,
): FieldsType {
  const ref = parseRef(required(message));
  const type = types.get(ref);
  if (!type) throw failure.referenceNotFound(path, { type: "custom-type", ...ref });
  if (!type.resourceTypes.includes(resource)) {
    const meant = type.resourceTypes.join(", ");
    throw failure.operationNotAllowed(
      path,
      `the custom type "${type.key}" is not for this: it is for ${meant}`,
    );
  }
  return type;
}

/** @throws Failure FIELD_INVALID that lists what is wrong with each field. */
function checkFields(type: FieldsType, fields: JsonObject, path: string): JsonObject {
  const values: [name: string, value: JsonValue][] = [];
  const violations: FieldViolation[] = [];
  for (const [name, value] of Object.entries(fields)) {
    const at = `${path}.${shortened(name)}`;
    const definition = findDefinition(type, name);
    if (!definition) violations.push(unknownField(type, at));
    else if (value !== null) {
      const checked = checkValue(definition.type, value, at);
      if ("violation" in checked) violations.push(checked.violation);
      else values.push([name, checked.value]);
    }
  }
  const [first, ...rest] = violations;
  if (first) throw failure.fields([first, ...rest]);
  return Object.fromEntries(values);
}

function findDefinition(
  { fieldDefinitions }: FieldsType,
  fieldName: string,
): FieldDefinitionState | undefined {
  return fieldDefinitions.find(({ name }) => name === fieldName);
}

function unknownField({ key }: FieldsType, field: string): FieldViolation {
  return { field, rule: "custom_field.unknown", description: `the custom type "${key}" has no such field` };
}
