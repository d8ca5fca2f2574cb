import { randomUUID } from "node:crypto";
import { type JsonObject, type MessageInitShape, toJson } from "@bufbuild/protobuf";
import { type CustomerGroup, CustomerGroupSchema } from "../../gen/clientele/v1/customer_group_pb.ts";
import type {
  CustomerGroupDraftSchema,
  CustomerGroupUpdateActionSchema,
} from "../../gen/clientele/v1/customer_group_service_pb.ts";
import type { Callers } from "./services.ts";

type Caller = Callers["groups"];
type Draft = MessageInitShape<typeof CustomerGroupDraftSchema>;
export type Action = NonNullable<MessageInitShape<typeof CustomerGroupUpdateActionSchema>["action"]>;
export type Actions = readonly Action[];

/** The project of every case that needs none of its own. */
export const PROJECT = "demo";

/** A word that no other test uses. */
export function unique(word: string): string {
  return `${word}-${randomUUID().slice(0, 13)}`;
}

export function byId(id: string) {
  return { value: { case: "id" as const, value: id } };
}

export function byKey(key: string) {
  return { value: { case: "key" as const, value: key } };
}

export async function newGroup(
  groups: Caller,
  draft: Draft = {},
  projectKey = PROJECT,
): Promise<CustomerGroup> {
  return groupOf(
    await groups.createCustomerGroup({ projectKey, draft: { name: unique("Group"), ...draft } }),
  );
}

export async function getGroup(groups: Caller, id: string): Promise<CustomerGroup> {
  return groupOf(await groups.getCustomerGroup({ projectKey: PROJECT, ref: byId(id) }));
}

/** Updates the version of the group that is passed. */
export async function update(
  groups: Caller,
  { id, version }: CustomerGroup,
  actions: Actions,
): Promise<CustomerGroup> {
  return groupOf(
    await groups.updateCustomerGroup({
      projectKey: PROJECT,
      ref: byId(id),
      expectedVersion: version,
      actions: actions.map((action) => ({ action })),
    }),
  );
}

export async function remove(groups: Caller, { id, version }: CustomerGroup): Promise<CustomerGroup> {
  return groupOf(
    await groups.deleteCustomerGroup({ projectKey: PROJECT, ref: byId(id), expectedVersion: version }),
  );
}

/** The group of an answer that must hold one. */
export function groupOf({
  customerGroup,
}: {
  readonly customerGroup?: CustomerGroup | undefined;
}): CustomerGroup {
  if (!customerGroup) throw new Error("the answer has no group");
  return customerGroup;
}

export function json(group: CustomerGroup): JsonObject {
  return toJson(CustomerGroupSchema, group) as JsonObject;
}

export const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
/** As JSON spells a google.protobuf.Timestamp with milliseconds, or without any. */
export const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/;
