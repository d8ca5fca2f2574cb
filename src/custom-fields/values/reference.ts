import type { JsonValue } from "@bufbuild/protobuf";
import { accepted, type Checked, objectOf, refused } from "./checked.ts";

/** A reference as it is stored. */
export type ReferenceValue = { readonly typeId: string; readonly id: string };

/** The kinds of resources that this service owns and a field can refer to; their ids are UUIDs. */
export const OWN_RESOURCES: readonly string[] = ["customer", "customer-group"];

const MEMBERS = ["typeId", "id"] as const;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function checkReference(value: JsonValue, path: string, typeId: string): Checked {
  const reference = objectOf(value, MEMBERS);
  if (!reference) {
    return refused(path, "reference", `must be like {"typeId": "${typeId}", "id": "..."}`);
  }
  if (reference.typeId !== typeId) return refused(`${path}.typeId`, "reference_type", `must be "${typeId}"`);
  const { id } = reference;
  if (OWN_RESOURCES.includes(typeId)) {
    if (typeof id === "string" && UUID.test(id)) return accepted({ typeId, id: id.toLowerCase() });
    return refused(`${path}.id`, "reference_id", "must be a UUID");
  }
  if (typeof id === "string" && id !== "" && Buffer.byteLength(id) <= MAX_ID_BYTES)
    return accepted({ typeId, id });
  return refused(`${path}.id`, "reference_id", `must be text of 1 to ${MAX_ID_BYTES} bytes`);
}

/** Of an id that another service gave, like all ids of others. */
const MAX_ID_BYTES = 256;

/** The references in a stored value: of a Reference, or a Set of them. No other value has these members. */
export function referencesIn(value: JsonValue | undefined): readonly ReferenceValue[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  return isReference(value) ? [value] : [];
}

export function isReference(value: JsonValue | undefined): value is { typeId: string; id: string } {
  return typeof value === "object" && value !== null && !Array.isArray(value) && "typeId" in value;
}
