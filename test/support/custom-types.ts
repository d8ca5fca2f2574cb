import type { MessageInitShape } from "@bufbuild/protobuf";
import { createClient, type Interceptor } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import type { CustomType } from "../../gen/clientele/v1/custom_type_pb.ts";
import {
  type CustomTypeDraftSchema,
  CustomTypeService,
} from "../../gen/clientele/v1/custom_type_service_pb.ts";
import type { FieldDefinitionSchema } from "../../gen/clientele/v1/field_definition_pb.ts";
import { ResourceType } from "../../gen/clientele/v1/resource_type_pb.ts";

/** A typed gRPC client with connections of its own. */
export function typeClient(baseUrl: string, interceptors: Interceptor[] = []) {
  return createClient(CustomTypeService, createGrpcTransport({ baseUrl, interceptors }));
}

type Definition = MessageInitShape<typeof FieldDefinitionSchema>;

/** A draft of a type for customer groups. */
export function typeDraft(
  key: string,
  ...fieldDefinitions: readonly Definition[]
): MessageInitShape<typeof CustomTypeDraftSchema> {
  return {
    key,
    name: { en: key },
    resourceTypes: [ResourceType.CUSTOMER_GROUP],
    fieldDefinitions: [...fieldDefinitions],
  };
}

export function field(name: string, kind: "string" | "number" | "boolean"): Definition {
  return { name, type: { type: { case: kind, value: {} } } };
}

/** The type of an answer that must hold one. */
export function typeOf({ customType }: { readonly customType?: CustomType | undefined }): CustomType {
  if (!customType) throw new Error("the answer has no type");
  return customType;
}
