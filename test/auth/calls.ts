import { Code, ConnectError, createClient, type Transport } from "@connectrpc/connect";
import {
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from "@connectrpc/connect-node";
import { CustomerGroupService } from "../../gen/clientele/v1/customer_group_service_pb.ts";
import { ErrorInfoSchema } from "../../gen/google/rpc/error_details_pb.ts";

/** What a caller reads of a call. */
export type Told = {
  readonly code: string | undefined;
  readonly message: string;
  readonly reasons: readonly string[];
  readonly facts: readonly Readonly<Record<string, string>>[];
  readonly wwwAuthenticate: string | null;
};

export const OK: Told = { code: "OK", message: "", reasons: [], facts: [], wwwAuthenticate: null };

/** What everyone hears whose token doesn't count. */
export const REFUSED: Told = {
  code: "Unauthenticated",
  message: "the call has no valid token; send one as authorization: Bearer <token>",
  reasons: ["TOKEN_INVALID"],
  facts: [{}],
  wwwAuthenticate: "Bearer",
};

export async function told(call: Promise<unknown>): Promise<Told> {
  try {
    await call;
    return OK;
  } catch (error) {
    if (!(error instanceof ConnectError)) throw error;
    const infos = error.findDetails(ErrorInfoSchema);
    return {
      code: Code[error.code],
      message: error.rawMessage,
      reasons: infos.map(({ reason }) => reason),
      facts: infos.map(({ metadata }) => metadata),
      wwwAuthenticate: error.metadata.get("www-authenticate"),
    };
  }
}

/** Asks whether a group exists, with these headers. */
export type Ask = (headers?: Readonly<Record<string, string>>) => Promise<Told>;

/** The protocols; the first takes the unary lane, where that is on. */
export function askers(baseUrl: string): ReadonlyMap<string, Ask> {
  const h1 = { baseUrl, httpVersion: "1.1" } as const;
  return new Map([
    ["gRPC", asker(createGrpcTransport({ baseUrl }))],
    ["gRPC-Web", asker(createGrpcWebTransport({ baseUrl, httpVersion: "2" }))],
    ["Connect JSON", asker(createConnectTransport({ ...h1, useBinaryFormat: false }))],
    ["Connect by GET", asker(createConnectTransport({ ...h1, useHttpGet: true }), "get")],
  ]);
}

export function asker(transport: Transport, method: "exists" | "get" = "exists"): Ask {
  const groups = createClient(CustomerGroupService, transport);
  return (headers = {}) => {
    const key = { case: "key", value: "nobody" } as const;
    const call =
      method === "exists"
        ? groups.existsCustomerGroup(
            { projectKey: "demo", target: { case: "ref", value: { value: key } } },
            { headers },
          )
        : groups.batchGetCustomerGroups({ projectKey: "demo", refs: [{ value: key }] }, { headers });
    return told(call);
  };
}

export function bearer(token: string): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${token}` };
}
