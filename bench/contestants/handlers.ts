import { randomUUIDv7 } from "node:crypto";
import { toJson } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { status } from "@grpc/grpc-js";
import type { CustomerGroup } from "../../gen/clientele/v1/customer_group_pb.ts";
import {
  type CreateCustomerGroupRequest,
  type CreateCustomerGroupResponse,
  CustomerGroupDraftSchema,
  CustomerGroupUpdateActionSchema,
  type GetCustomerGroupRequest,
  type GetCustomerGroupResponse,
  type QueryCustomerGroupsRequest,
  type QueryCustomerGroupsResponse,
  type UpdateCustomerGroupRequest,
  type UpdateCustomerGroupResponse,
} from "../../gen/clientele/v1/customer_group_service_pb.ts";
import { Mode } from "../../gen/clientele/v1/mode_pb.ts";
import { projectIdOf } from "../../src/projects/project-id.ts";
import type { GroupRow, GroupStore } from "./group-store.ts";

export type Handlers = ReturnType<typeof handlers>;

/** The four methods that the bench calls, and of Update the one action that it sends. */
export function handlers(store: GroupStore) {
  return {
    async getCustomerGroup({ projectKey, ref }: GetCustomerGroupRequest): Promise<GetCustomerGroupResponse> {
      const value = ref?.value;
      if (!value?.case) throw failure(status.INVALID_ARGUMENT, "ref is required");
      const group = await store.findGroup(value.case, projectIdOf(projectKey), value.value);
      if (!group) throw failure(status.NOT_FOUND, "no such customer group");
      return {
        $typeName: "clientele.v1.GetCustomerGroupResponse",
        customerGroup: toMessage(group, projectKey),
      };
    },

    async queryCustomerGroups({
      projectKey,
      limit = 20,
      offset = 0,
      pageToken,
    }: QueryCustomerGroupsRequest): Promise<QueryCustomerGroupsResponse> {
      const after = pageToken === "" ? null : Buffer.from(pageToken, "base64url").toString();
      const rows = await store.listGroups(projectIdOf(projectKey), after, offset, limit + 1);
      const results = rows.slice(0, limit).map((group) => toMessage(group, projectKey));
      const nextPageToken =
        rows.length > limit ? Buffer.from(results.at(-1)?.id ?? "").toString("base64url") : "";
      return {
        $typeName: "clientele.v1.QueryCustomerGroupsResponse",
        limit,
        offset,
        count: results.length,
        totalCapped: false,
        results,
        nextPageToken,
      };
    },

    async createCustomerGroup({
      projectKey,
      draft,
    }: CreateCustomerGroupRequest): Promise<CreateCustomerGroupResponse> {
      if (!draft) throw failure(status.INVALID_ARGUMENT, "draft is required");
      const group = await store.insertGroup(projectIdOf(projectKey), {
        id: randomUUIDv7(),
        draft,
        actions: [{ create: toJson(CustomerGroupDraftSchema, draft) }],
      });
      return {
        $typeName: "clientele.v1.CreateCustomerGroupResponse",
        customerGroup: toMessage(group, projectKey),
      };
    },

    async updateCustomerGroup(request: UpdateCustomerGroupRequest): Promise<UpdateCustomerGroupResponse> {
      const { projectKey, ref, expectedVersion, actions } = request;
      const [action] = actions;
      if (ref?.value.case !== "id" || action?.action.case !== "setPriceList" || actions.length > 1) {
        throw failure(status.UNIMPLEMENTED, "one set_price_list by id is all that is written here");
      }
      const group = await store.updatePriceList(projectIdOf(projectKey), {
        id: ref.value.value,
        expectedVersion,
        priceListId: action.action.value.priceListId ?? null,
        actions: [toJson(CustomerGroupUpdateActionSchema, action)],
      });
      if (!group) throw failure(status.ABORTED, "no such customer group, or in another version");
      return {
        $typeName: "clientele.v1.UpdateCustomerGroupResponse",
        customerGroup: toMessage(group, projectKey),
      };
    },
  };
}

function toMessage(row: GroupRow, projectKey: string): CustomerGroup {
  const message: CustomerGroup = {
    $typeName: "clientele.v1.CustomerGroup",
    id: row.id,
    version: row.version,
    createdAt: timestampFromDate(row.createdAt),
    lastModifiedAt: timestampFromDate(row.lastModifiedAt),
    name: row.name,
    marketIds: row.marketIds,
    attachments: [],
    customerCount: 0,
    mode: Mode.TEST,
    self: `projects/${projectKey}/customer-groups/${row.id}`,
  };
  if (row.key !== null) message.key = row.key;
  if (row.reference !== null) message.reference = row.reference;
  if (row.referenceOrigin !== null) message.referenceOrigin = row.referenceOrigin;
  if (row.metadata !== null) message.metadata = row.metadata;
  if (row.priceListId !== null) message.priceListId = row.priceListId;
  return message;
}

function failure(code: status, message: string): Error {
  return Object.assign(new Error(message), { code });
}
