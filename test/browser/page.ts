import { type DescMethod, type DescMethodUnary, fromJsonString, toJson } from "@bufbuild/protobuf";
import { ConnectError, type Transport } from "@connectrpc/connect";
import { createConnectTransport, createGrpcWebTransport } from "@connectrpc/connect-web";
import { SERVICES } from "../conformance/services.ts";

/** A protocol that a page can speak. */
export type WebProtocol = "connect" | "connect-json" | "connect-get" | "grpc-web";

/** A call that the test asks the page to make. */
export type PageCall = {
  readonly baseUrl: string;
  readonly protocol: WebProtocol;
  /** Its full name. */
  readonly service: string;
  readonly method: string;
  readonly request: string;
  readonly header: readonly [string, string][];
  readonly timeoutMs: number | undefined;
};

export type PageAnswer =
  | { readonly answer: string }
  | {
      readonly code: number;
      readonly message: string;
      readonly details: readonly { readonly type: string; readonly value: number[] }[];
    };

declare global {
  var callService: (call: PageCall) => Promise<PageAnswer>;
}

// The script of a page: whoever loads it wants its effect.
globalThis.callService = async ({ baseUrl, protocol, service, method, request, header, timeoutMs }) => {
  const desc = methodOf(service, method);
  const input = fromJsonString(desc.input, request);
  const transport = transports[protocol](baseUrl);
  try {
    const { message } = await transport.unary(desc, undefined, timeoutMs, new Headers([...header]), input);
    return { answer: JSON.stringify(toJson(desc.output, message)) };
  } catch (reason) {
    const { code, rawMessage, details } = ConnectError.from(reason);
    const sent = details.flatMap((detail) =>
      "type" in detail ? [{ type: detail.type, value: [...detail.value] }] : [],
    );
    return { code, message: rawMessage, details: sent };
  }
};

function methodOf(service: string, method: string): DescMethodUnary {
  const methods: readonly DescMethod[] = Object.values(SERVICES).flatMap((known) => known.methods);
  const found = methods.find(({ parent, name }) => parent.typeName === service && name === method);
  if (!found) throw new Error(`unreachable: ${service}/${method} is of SERVICES`);
  return found as DescMethodUnary;
}

const transports: Readonly<Record<WebProtocol, (baseUrl: string) => Transport>> = {
  connect: (baseUrl) => createConnectTransport({ baseUrl, useBinaryFormat: true }),
  "connect-json": (baseUrl) => createConnectTransport({ baseUrl }),
  "connect-get": (baseUrl) => createConnectTransport({ baseUrl, useHttpGet: true }),
  "grpc-web": (baseUrl) => createGrpcWebTransport({ baseUrl }),
};
