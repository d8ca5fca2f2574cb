import { fromJson, type JsonValue, type MessageInitShape } from "@bufbuild/protobuf";
import { ValueSchema } from "@bufbuild/protobuf/wkt";
import { createClient } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport } from "@connectrpc/connect-node";
import { CustomTypeService } from "../../gen/clientele/v1/custom_type_service_pb.ts";
import { CustomerGroupService } from "../../gen/clientele/v1/customer_group_service_pb.ts";
import type { FieldTypeSchema } from "../../gen/clientele/v1/field_definition_pb.ts";
import { ResourceType } from "../../gen/clientele/v1/resource_type_pb.ts";
import { type Action, byId, PROJECT, unique } from "../conformance/groups.ts";
import { groupClient, startTestService } from "../support/service.ts";

/** A field's type, as a draft says it. */
export type FieldTypeDraft = NonNullable<MessageInitShape<typeof FieldTypeSchema>["type"]>;
export type FieldDraft = {
  readonly name: string;
  readonly type: FieldTypeDraft;
  readonly required?: boolean;
};

/** How values travel. JSON can't say all that binary can. */
export const ENCODINGS = ["binary", "json"] as const;
export type Encoding = (typeof ENCODINGS)[number];

export type CustomFieldService = Awaited<ReturnType<typeof startCustomFieldService>>;

/** Starts the real service, with callers whose values travel in binary and in JSON. */
export async function startCustomFieldService() {
  const { baseUrl, address, stop } = await startTestService();
  const jsonTransport = createConnectTransport({ baseUrl, httpVersion: "2", useBinaryFormat: false });
  const types = createClient(CustomTypeService, createGrpcTransport({ baseUrl }));
  return {
    address,
    stop,
    types,
    callers: { binary: groupClient(baseUrl), json: createClient(CustomerGroupService, jsonTransport) },

    async newType(
      fields: readonly FieldDraft[],
      resourceTypes: ResourceType[] = [ResourceType.CUSTOMER_GROUP],
    ) {
      const fieldDefinitions = fields.map(({ type, ...field }) => ({ ...field, type: { type } }));
      const draft = { key: unique("type"), name: { en: "Type" }, resourceTypes, fieldDefinitions };
      const { customType } = await types.createCustomType({ projectKey: PROJECT, draft });
      if (!customType) throw new Error("the answer has no type");
      return customType;
    },

    deleteType: ({ id, version }: { readonly id: string; readonly version: bigint }) =>
      types.deleteCustomType({ projectKey: PROJECT, ref: byId(id), expectedVersion: version }),
  };
}

export function setField(name: string, value: JsonValue): Action {
  return { case: "setCustomField", value: { name, value: fromJson(ValueSchema, value) } };
}

export function setOf(type: FieldTypeDraft): FieldTypeDraft {
  return { case: "set", value: { elementType: { type } } };
}

/** The types of one value each. */
export const ELEMENTS = {
  boolean: { case: "boolean", value: {} },
  string: { case: "string", value: {} },
  localizedString: { case: "localizedString", value: {} },
  enum: {
    case: "enum",
    value: {
      values: [
        { key: "gold", label: "Gold" },
        { key: "2", label: "Two" },
        { key: "constructor", label: "Builder" },
      ],
    },
  },
  localizedEnum: { case: "localizedEnum", value: { values: [{ key: "xs", label: { en: "Small" } }] } },
  number: { case: "number", value: {} },
  money: { case: "money", value: {} },
  date: { case: "date", value: {} },
  time: { case: "time", value: {} },
  dateTime: { case: "dateTime", value: {} },
  group: { case: "reference", value: { referenceTypeId: "customer-group" } },
  customer: { case: "reference", value: { referenceTypeId: "customer" } },
  store: { case: "reference", value: { referenceTypeId: "store" } },
} as const satisfies Record<string, FieldTypeDraft>;

export type ElementName = keyof typeof ELEMENTS;
/** A field of `EVERY_FIELD`: of one value, or of a set of them. */
export type FieldName = ElementName | `${ElementName}Set`;

export const ELEMENT_NAMES = Object.keys(ELEMENTS) as ElementName[];

/** One field of every type, and one of sets of it. */
export const EVERY_FIELD: readonly FieldDraft[] = ELEMENT_NAMES.flatMap((name) => [
  { name, type: ELEMENTS[name] },
  { name: `${name}Set`, type: setOf(ELEMENTS[name]) },
]);
