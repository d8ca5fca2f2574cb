import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { Code, ConnectError } from "@connectrpc/connect";
import { createExpiry } from "../../expiry.ts";
import { LinkedList } from "../../linked-list.ts";
import type { ServerLimits } from "../limits.ts";
import type { UnaryCall } from "./call.ts";
import { Exchange, type ExchangeOptions } from "./exchange.ts";
import type { UnaryMethod } from "./methods.ts";
import { createReplies } from "./replies.ts";

export type UnaryLaneOptions = {
  readonly methods: ReadonlyMap<string, UnaryMethod>;
  /** Whether calls to this `:authority` are answered. */
  readonly isAllowed: (authority: string) => boolean;
  readonly limits: ServerLimits;
  /** Ends the calls that a shutdown does not wait for any longer. */
  readonly endCalls: AbortSignal;
};

/** Serves a stream, and returns whom to tell when it is closed; or leaves it alone. */
export type ServeUnary = (
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  rawHeaders: readonly string[],
) => Exchange | undefined;

/**
 * Serves unary gRPC calls straight on their HTTP/2 stream: the same handlers and interceptors as Connect's
 * own way, at a fraction of its cost. Whatever is not plain is left to that: other protocols, compression,
 * browsers. Answers are not compressed.
 */
export function createUnaryLane({ methods, isAllowed, limits, endCalls }: UnaryLaneOptions): ServeUnary {
  const options: ExchangeOptions = {
    replies: createReplies(limits),
    incomplete: createExpiry(limits.bodyMs, (exchange: Exchange) => {
      const late = `the request body did not arrive within ${limits.bodyMs} ms`;
      exchange.refuse(new ConnectError(late, Code.DeadlineExceeded));
    }),
    running: new LinkedList<UnaryCall>(),
    endCalls,
    readMaxBytes: limits.readMaxBytes,
  };
  endCalls.addEventListener("abort", () => {
    for (const { ending } of options.running) ending.end(endCalls.reason);
  });

  return (stream, headers, rawHeaders) => {
    const method = methods.get(headers[":path"] ?? "");
    if (!method || !isPlain(headers) || !isAllowed(headers[":authority"] ?? "")) return undefined;
    const exchange = new Exchange(stream, headers, rawHeaders, method, options);
    exchange.begin();
    return exchange;
  };
}

const GRPC_TYPES = new Set(["application/grpc", "application/grpc+proto"]);

function isPlain(headers: IncomingHttpHeaders): boolean {
  const encoding = headers["grpc-encoding"];
  const timeout = headers["grpc-timeout"];
  return (
    headers[":method"] === "POST" &&
    GRPC_TYPES.has(headers["content-type"] ?? "") &&
    (encoding === undefined || encoding === "identity") &&
    (timeout === undefined || (typeof timeout === "string" && /^\d{1,8}[HMSmun]$/.test(timeout))) &&
    headers.origin === undefined &&
    headers.host === undefined
  );
}
