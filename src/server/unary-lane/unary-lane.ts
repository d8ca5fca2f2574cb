import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { Code, ConnectError } from "@connectrpc/connect";
import { type Caller, callerKey } from "../../call.ts";
import type { ServerLimits } from "../limits.ts";
import { admit } from "./admit.ts";
import { UnaryCall } from "./call.ts";
import type { UnaryMethod } from "./methods.ts";
import { PREFIX_BYTES } from "./prefix.ts";
import { ignore, replyEarly, replyError, replyMessage } from "./reply.ts";

export type UnaryLaneOptions = {
  readonly methods: ReadonlyMap<string, UnaryMethod>;
  /** Whether calls to this `:authority` are answered. */
  readonly isAllowed: (authority: string) => boolean;
  readonly limits: ServerLimits;
  /** Aborts the calls that a shutdown does not wait for any longer. */
  readonly endCalls: AbortSignal;
};

/**
 * Serves unary gRPC calls straight on their HTTP/2 stream: the same handlers and interceptors as Connect's
 * own way, at a third of its cost. Whatever is not plain is left to that: other protocols, compression,
 * browsers. Answers are not compressed.
 *
 * @returns whether it serves the stream.
 */
export function serveUnary(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  rawHeaders: readonly string[],
  options: UnaryLaneOptions,
): boolean {
  const method = options.methods.get(headers[":path"] ?? "");
  if (!method || !isPlain(headers) || !options.isAllowed(headers[":authority"] ?? "")) return false;
  const serve = (caller?: Caller) =>
    receive(stream, options, (bytes) => void answer(stream, headers, method, caller, bytes, options));
  if (method.authenticate) admit(stream, rawHeaders, method.desc, method.authenticate, options.limits, serve);
  else serve();
  return true;
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

/** Collects the one message of a call. */
function receive(
  stream: ServerHttp2Stream,
  { limits }: UnaryLaneOptions,
  onMessage: (bytes: Uint8Array) => void,
): void {
  let chunks: Buffer[] = [];
  let size = 0;
  const timer = setTimeout(() => {
    const late = `the request body did not arrive within ${limits.bodyMs} ms`;
    refuse(new ConnectError(late, Code.DeadlineExceeded));
  }, limits.bodyMs);
  stream.on("data", onData);
  stream.once("end", onEnd);
  stream.once("close", stop);
  stream.on("error", ignore);

  function onData(chunk: Buffer): void {
    chunks.push(chunk);
    size += chunk.length;
    // A caller that sends byte by byte shall not fill the memory with buffers.
    if (chunks.length > MAX_CHUNKS) chunks = [Buffer.concat(chunks)];
    if (size > PREFIX_BYTES + limits.readMaxBytes)
      refuse(tooLarge(Buffer.concat(chunks), limits.readMaxBytes));
  }

  function onEnd(): void {
    const body = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
    stop();
    const fault = frameFault(body, limits.readMaxBytes);
    if (fault) replyError(stream, fault, limits.answerMs);
    else onMessage(body.subarray(PREFIX_BYTES));
  }

  function refuse(error: ConnectError): void {
    stop();
    replyEarly(stream, error, limits.lingerMs);
  }

  function stop(): void {
    clearTimeout(timer);
    chunks = [];
    stream.off("data", onData);
    stream.off("end", onEnd);
    stream.off("close", stop);
  }
}

const MAX_CHUNKS = 256;

/** What keeps a body from being one message, in Connect's words. */
function frameFault(body: Buffer, maxBytes: number): ConnectError | undefined {
  if (body.length === 0) {
    return new ConnectError("protocol error: missing input message for unary method", Code.Unimplemented);
  }
  const size = body.length < PREFIX_BYTES ? Number.POSITIVE_INFINITY : PREFIX_BYTES + body.readUInt32BE(1);
  if (size !== Number.POSITIVE_INFINITY && size > PREFIX_BYTES + maxBytes) return tooLarge(body, maxBytes);
  if (body.length < size)
    return new ConnectError("protocol error: incomplete envelope", Code.InvalidArgument);
  if (body[0] !== 0) {
    return new ConnectError("received compressed envelope, but do not know how to decompress", Code.Internal);
  }
  if (body.length === size) return undefined;
  return new ConnectError(
    "protocol error: received extra input message for unary method",
    Code.Unimplemented,
  );
}

function tooLarge(body: Buffer, maxBytes: number): ConnectError {
  const length = body.readUInt32BE(1);
  return new ConnectError(
    `message size ${length} is larger than configured readMaxBytes ${maxBytes}`,
    Code.ResourceExhausted,
  );
}

async function answer(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  method: UnaryMethod,
  caller: Caller | undefined,
  bytes: Uint8Array,
  { limits, endCalls }: UnaryLaneOptions,
): Promise<void> {
  let call: UnaryCall | undefined;
  try {
    call = new UnaryCall(method.desc, method.parse(bytes), stream, headers, endCalls);
    if (caller) call.values.set(callerKey, caller);
    replyMessage(stream, method.frame(await method.run(call)), limits.answerMs, call);
  } catch (error) {
    replyError(stream, error, limits.answerMs, call);
  }
}
