import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  type QueryCustomerGroupsRequest,
  QueryCustomerGroupsRequestSchema,
  QueryCustomerGroupsResponseSchema,
} from "../../gen/clientele/v1/customer_group_service_pb.ts";
import type { Call } from "../call.ts";
import { checkPage } from "../check.ts";
import { callOnce, frameOf, openSession } from "../grpc.ts";
import { type SeededGroups, seededId } from "./seeded.ts";

/** How many places pages begin at, in all: few callers are to ask for the same page at the same time. */
const PLACES = 500;
/** The largest offset that a query may have. */
const MAX_OFFSET = 10_000;
const METHOD = "CustomerGroupService/QueryCustomerGroups";

/** Pages of this size that begin anywhere, by the page tokens that the server itself gives. */
export async function readPages(
  port: number,
  { projects, rows }: SeededGroups,
  size: number,
): Promise<Call[]> {
  const session = await openSession(port);
  try {
    const each = Math.ceil(PLACES / projects.length);
    // Behind every page there is another.
    const last = Math.max(0, Math.min(rows - size - 1, MAX_OFFSET));
    const places = projects.flatMap((projectKey) =>
      Array.from({ length: each }, () => ({ projectKey, begin: Math.ceil(Math.random() * last) })),
    );
    return await Promise.all(
      places.map(async ({ projectKey, begin }) => {
        const pageToken = begin === 0 ? "" : await tokenBehind(projectKey, begin - 1);
        return pageCall(projectKey, size, pageToken, idsFrom(begin, Math.min(size, rows - begin)));
      }),
    );
  } finally {
    session.close();
  }

  async function tokenBehind(projectKey: string, offset: number): Promise<string> {
    const request = encode({ projectKey, limit: 1, offset });
    for (;;) {
      const { status, body } = await callOnce(session, METHOD, request);
      if (status === "0") return fromBinary(QueryCustomerGroupsResponseSchema, body).nextPageToken;
      if (status !== UNAVAILABLE) throw new Error(`${METHOD}: gRPC status ${status}`);
    }
  }
}

/** Too much was asked at once. */
const UNAVAILABLE = "14";

function pageCall(projectKey: string, limit: number, pageToken: string, ids: readonly string[]): Call {
  return {
    method: METHOD,
    frame: frameOf(encode({ projectKey, limit, pageToken })),
    check: (body, whole) =>
      checkPage(body, ids, whole, (bytes) => fromBinary(QueryCustomerGroupsResponseSchema, bytes)),
  };
}

function encode(request: Partial<Omit<QueryCustomerGroupsRequest, "$typeName">>): Uint8Array {
  return toBinary(QueryCustomerGroupsRequestSchema, create(QueryCustomerGroupsRequestSchema, request));
}

function idsFrom(begin: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => seededId(begin + index));
}
