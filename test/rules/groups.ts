import { create, type MessageInitShape } from "@bufbuild/protobuf";
import {
  type CustomerGroupUpdateAction,
  CustomerGroupUpdateActionSchema,
} from "../../gen/clientele/v1/customer_group_service_pb.ts";
import { type KnownTypes, NO_CUSTOM_FIELDS } from "../../src/custom-fields/state.ts";
import { applyActions } from "../../src/customer-groups/actions.ts";
import type { AttachmentState, GroupState } from "../../src/customer-groups/state.ts";

export type Action = NonNullable<MessageInitShape<typeof CustomerGroupUpdateActionSchema>["action"]>;

export const A = "0198c5a0-0000-7000-8000-00000000000a";
export const B = "0198c5a0-0000-7000-8000-00000000000b";
export const NEW = "0198c5a0-0000-7000-8000-000000000000";

export const attachment = (id: string, name: string): AttachmentState => ({
  id,
  name,
  description: null,
  url: null,
  reference: null,
});

/** For actions that are about no custom type. */
export const NO_TYPES: KnownTypes = { get: () => undefined };

export const group: GroupState = Object.freeze({
  ...NO_CUSTOM_FIELDS,
  key: "k1",
  name: "Group",
  reference: "r",
  referenceOrigin: "o",
  metadata: Object.freeze({ a: 1, b: { c: [1, 2] } }) as GroupState["metadata"],
  priceListId: "p",
  marketIds: Object.freeze(["m1", "m2", "m3"]),
  attachments: Object.freeze([attachment(A, "first"), attachment(B, "second")]),
});

const message = (action: Action): CustomerGroupUpdateAction =>
  create(CustomerGroupUpdateActionSchema, { action });

export function apply(state: GroupState, ...actions: readonly Action[]): GroupState {
  return applyActions(state, actions.map(message), { newId: () => NEW, types: NO_TYPES });
}
