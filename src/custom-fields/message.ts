import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import type { CustomFields } from "../../gen/clientele/v1/custom_fields_pb.ts";
import type { CustomTypeReference } from "../../gen/clientele/v1/custom_type_pb.ts";
import type { Expanded } from "./expand.ts";
import type { CustomState } from "./state.ts";
import { isReference } from "./values/reference.ts";

/** Undefined for a resource without a custom type. */
export function customMessage(
  { customTypeId, customFields }: CustomState,
  expanded?: Expanded,
): CustomFields | undefined {
  if (customTypeId === null || customFields === null) return undefined;
  const type: CustomTypeReference = { $typeName: "clientele.v1.CustomTypeReference", id: customTypeId };
  const obj = expanded?.types.get(customTypeId);
  if (obj) type.obj = obj;
  const fields = expanded ? withResources(customFields, expanded) : customFields;
  return { $typeName: "clientele.v1.CustomFields", type, fields };
}

function withResources(fields: JsonObject, { fieldNames, resources }: Expanded): JsonObject {
  if (fieldNames.size === 0) return fields;
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      fieldNames.has(name) ? withResource(value, resources) : value,
    ]),
  );
}

function withResource(value: JsonValue, resources: Expanded["resources"]): JsonValue {
  if (Array.isArray(value)) return value.map((item) => withResource(item, resources));
  const obj = isReference(value) ? resources.get(value.typeId)?.get(value.id) : undefined;
  return isReference(value) && obj ? { ...value, obj: obj.json() } : value;
}
