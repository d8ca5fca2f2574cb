import { toJson } from "@bufbuild/protobuf";
import { type CustomType, CustomTypeSchema } from "../../gen/clientele/v1/custom_type_pb.ts";
import { encoderOf } from "../encoding/encoder.ts";
import type { MutationKind } from "../mutation.ts";
import { byteSizeOf } from "../resource.ts";
import { signaturesOf } from "./actions.ts";
import { type CustomTypeRow, commitCustomTypes } from "./store.ts";

export const customTypeMutation: MutationKind = {
  resourceType: "custom-type",
  limitName: "custom_types",
  commit: commitCustomTypes,
};

/**
 * What the commit function writes of a type.
 *
 * @param removedFields the names of the fields that the write removes.
 * @throws Failure TOO_LARGE
 */
export function typeColumns(
  type: CustomTypeRow,
  message: CustomType,
  removedFields: readonly string[],
): object {
  return {
    key: type.key,
    name: type.name,
    description: type.description,
    resource_types: type.resourceTypes,
    field_definitions: type.fieldDefinitions,
    field_signatures: signaturesOf(type),
    removed_fields: removedFields,
    reference: type.reference,
    reference_origin: type.referenceOrigin,
    metadata: type.metadata,
    byte_size: byteSizeOf(
      "the custom type",
      toJson(CustomTypeSchema, message),
      encoderOf(CustomTypeSchema).sizeOf(message),
    ),
  };
}
