import { create, fromJson, type JsonObject, type JsonValue, toJson } from "@bufbuild/protobuf";
import { ValueSchema } from "@bufbuild/protobuf/wkt";
import { type CustomType, CustomTypeSchema } from "../../gen/clientele/v1/custom_type_pb.ts";
import {
  CustomTypeDraftSchema,
  CustomTypeUpdateActionSchema,
} from "../../gen/clientele/v1/custom_type_service_pb.ts";
import type { CustomerGroup } from "../../gen/clientele/v1/customer_group_pb.ts";
import { type Action, byId, PROJECT, unique } from "./groups.ts";
import type { Callers } from "./services.ts";

type Caller = Callers["types"];

// Drafts, definitions and actions of types are said in JSON here: it is short, and answers are compared in it.

export const FOR_GROUPS = "RESOURCE_TYPE_CUSTOMER_GROUP";

/** What a field of each name takes: types of one kind of resource must agree on it, in all cases. */
const FIELD_TYPES = {
  vip: { boolean: {} },
  note: { string: {} },
  title: { localizedString: {} },
  tier: {
    enum: {
      values: [
        { key: "silver", label: "Silver" },
        { key: "gold", label: "Gold" },
      ],
    },
  },
  rank: {
    localizedEnum: {
      values: [
        { key: "1", label: { en: "First", de: "Erster" } },
        { key: "2", label: { en: "Second" } },
      ],
    },
  },
  score: { number: {} },
  budget: { money: {} },
  since: { date: {} },
  opens: { time: {} },
  reviewed: { dateTime: {} },
  parent: { reference: { referenceTypeId: "customer-group" } },
  store: { reference: { referenceTypeId: "store" } },
  tags: { set: { elementType: { string: {} } } },
  tiers: { set: { elementType: { enum: { values: [{ key: "a", label: "A" }] } } } },
  peers: { set: { elementType: { reference: { referenceTypeId: "customer-group" } } } },
} satisfies Record<string, JsonObject>;

export type FieldName = keyof typeof FIELD_TYPES;
export const FIELD_NAMES = Object.keys(FIELD_TYPES) as FieldName[];

/** The definition of a field, as an answer spells it too. */
export function field(name: FieldName, more: JsonObject = {}): JsonObject {
  const isText = name === "note" || name === "title" || name === "tags";
  return { name, type: FIELD_TYPES[name], ...(isText && { inputHint: "INPUT_HINT_SINGLE_LINE" }), ...more };
}

export function fields(...names: readonly FieldName[]): { readonly fieldDefinitions: JsonObject[] } {
  return { fieldDefinitions: names.map((name) => field(name)) };
}

export async function newType(
  types: Caller,
  draft: JsonObject = {},
  projectKey = PROJECT,
): Promise<CustomType> {
  return typeOf(await types.createCustomType({ projectKey, draft: typeDraft(draft) }));
}

/** For groups, unless it says otherwise. */
export function typeDraft(draft: JsonObject = {}) {
  const made = { key: unique("type"), name: { en: "Type" }, resourceTypes: [FOR_GROUPS] };
  return fromJson(CustomTypeDraftSchema, { ...made, ...draft });
}

export async function getType(types: Caller, id: string): Promise<CustomType> {
  return typeOf(await types.getCustomType({ projectKey: PROJECT, ref: byId(id) }));
}

/** Updates the version of the type that is passed. */
export async function updateType(
  types: Caller,
  { id, version }: CustomType,
  ...actions: readonly JsonObject[]
): Promise<CustomType> {
  return typeOf(
    await types.updateCustomType({
      projectKey: PROJECT,
      ref: byId(id),
      expectedVersion: version,
      actions: typeActions(...actions),
    }),
  );
}

export function typeActions(...actions: readonly JsonObject[]) {
  return actions.map((action) => fromJson(CustomTypeUpdateActionSchema, action));
}

export async function removeType(types: Caller, { id, version }: CustomType): Promise<CustomType> {
  return typeOf(
    await types.deleteCustomType({ projectKey: PROJECT, ref: byId(id), expectedVersion: version }),
  );
}

/** The type of an answer that must hold one. */
export function typeOf({ customType }: { readonly customType?: CustomType | undefined }): CustomType {
  if (!customType) throw new Error("the answer has no custom type");
  return customType;
}

export function typeJson(type: CustomType): JsonObject {
  return toJson(CustomTypeSchema, type) as JsonObject;
}

/** What a draft or an action of a group says of its custom type and fields. */
export function custom({ id }: CustomType, values?: JsonObject) {
  return { type: byId(id), ...(values && { fields: values }) };
}

/** The value of a field that refers to a group. */
export function groupReference({ id }: CustomerGroup) {
  return { typeId: "customer-group", id };
}

/** @param value undefined leaves it out. */
export function setField(name: string, value?: JsonValue): Action {
  if (value === undefined) return { case: "setCustomField", value: { name } };
  const message = value === null ? create(ValueSchema, NULL) : fromJson(ValueSchema, value);
  return { case: "setCustomField", value: { name, value: message } };
}

const NULL = { kind: { case: "nullValue", value: 0 } } as const;
