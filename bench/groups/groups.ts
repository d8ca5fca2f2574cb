import type { ClientHttp2Session } from "node:http2";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  CreateCustomerGroupRequestSchema,
  CreateCustomerGroupResponseSchema,
  GetCustomerGroupRequestSchema,
  UpdateCustomerGroupRequestSchema,
} from "../../gen/clientele/v1/customer_group_service_pb.ts";
import { callOnce, frameOf, openSession } from "../grpc.ts";

/** A group as the load generator knows it. */
export type TargetGroup = {
  readonly id: string;
  readonly idBytes: Buffer;
  /** Known for sure: nobody else writes to it. */
  version: number;
  readonly getById: Buffer;
  readonly getByKey: Buffer;
  /** The beginning of an update of it. */
  readonly update: Uint8Array;
};

/** What is known of a server's groups. */
export type Groups = {
  readonly projectKey: string;
  /** In the order of their ids, as a query returns them. */
  readonly all: readonly TargetGroup[];
  /** How many were created in all windows. */
  created: number;
};

/** Creates the groups that are read and updated. */
export async function createGroups(port: number, projectKey: string): Promise<Groups> {
  const session = await openSession(port);
  try {
    const groups: TargetGroup[] = [];
    while (groups.length < GROUP_COUNT) {
      const numbers = Array.from({ length: AT_ONCE }, (_, index) => groups.length + index);
      groups.push(...(await Promise.all(numbers.map((number) => createGroup(session, projectKey, number)))));
    }
    groups.sort((a, b) => (a.id < b.id ? -1 : 1));
    return { projectKey, all: groups, created: 0 };
  } finally {
    session.close();
  }
}

/** A creation as a shop would make it: every scalar, two markets, a little metadata. */
export function createRequest(projectKey: string, number: string): Uint8Array {
  return toBinary(
    CreateCustomerGroupRequestSchema,
    create(CreateCustomerGroupRequestSchema, {
      projectKey,
      draft: {
        name: `Gold members ${number}`,
        key: `gold-${number}`,
        reference: "crm-segment-0042",
        referenceOrigin: "crm",
        priceListId: "price-list-eu",
        marketIds: ["market-de", "market-fr"],
        metadata: { tier: "gold", discountPercent: 10, channels: ["web", "app"] },
      },
    }),
  );
}

/** As many as a project may hold by default. */
const GROUP_COUNT = 1000;
const AT_ONCE = 50;

async function createGroup(
  session: ClientHttp2Session,
  projectKey: string,
  number: number,
): Promise<TargetGroup> {
  const padded = `${number}`.padStart(9, "0");
  const { status, message, body } = await callOnce(
    session,
    "CustomerGroupService/CreateCustomerGroup",
    createRequest(projectKey, padded),
  );
  const group =
    status === "0" ? fromBinary(CreateCustomerGroupResponseSchema, body).customerGroup : undefined;
  if (!group) throw new Error(`a group could not be created: gRPC status ${status} ${message}`);
  const byId = { case: "id", value: group.id } as const;
  return {
    id: group.id,
    idBytes: Buffer.from(group.id),
    version: 1,
    getById: getFrame(projectKey, byId),
    getByKey: getFrame(projectKey, { case: "key", value: `gold-${padded}` }),
    update: toBinary(
      UpdateCustomerGroupRequestSchema,
      create(UpdateCustomerGroupRequestSchema, { projectKey, ref: { value: byId } }),
    ),
  };
}

function getFrame(
  projectKey: string,
  value: { readonly case: "id" | "key"; readonly value: string },
): Buffer {
  const request = create(GetCustomerGroupRequestSchema, { projectKey, ref: { value } });
  return frameOf(toBinary(GetCustomerGroupRequestSchema, request));
}
