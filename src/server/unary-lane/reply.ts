import { constants, type OutgoingHttpHeaders, type ServerHttp2Stream } from "node:http2";
import { Code, ConnectError } from "@connectrpc/connect";
import { setTrailerStatus } from "@connectrpc/connect/protocol-grpc";
import { encodeGrpcMessage } from "../grpc-message.ts";
import type { UnaryCall } from "./call.ts";

const HEADERS = { ":status": 200, "content-type": "application/grpc+proto", "cache-control": "no-store" };
const STATUS_OK = { "grpc-status": "0" };

/** Sends an answer. A caller that doesn't take it within `answerMs` is given up. */
export function replyMessage(
  stream: ServerHttp2Stream,
  frame: Buffer,
  answerMs: number,
  call: UnaryCall,
): void {
  if (stream.destroyed) return;
  const { setHeader, setTrailer } = call;
  stream.once("wantTrailers", () =>
    stream.sendTrailers(setTrailer ? merged(STATUS_OK, setTrailer) : STATUS_OK),
  );
  stream.respond(setHeader ? merged(HEADERS, setHeader) : HEADERS, { waitForTrailers: true });
  stream.end(frame);
  giveUpAfter(stream, answerMs);
}

/** Sends an error. */
export function replyError(
  stream: ServerHttp2Stream,
  error: unknown,
  answerMs: number,
  call?: UnaryCall,
): void {
  if (stream.destroyed) return;
  const status = setTrailerStatus(new Headers(call?.setTrailer), toConnectError(error));
  const message = status.get("grpc-message");
  if (message !== null) status.set("grpc-message", encodeGrpcMessage(decodeURIComponent(message)));
  stream.once("wantTrailers", () => stream.sendTrailers(Object.fromEntries(status)));
  stream.respond(call?.setHeader ? merged(HEADERS, call.setHeader) : HEADERS, { waitForTrailers: true });
  stream.end();
  giveUpAfter(stream, answerMs);
}

/** Sends an error before the whole request is there; what still comes of it is thrown away. */
export function replyEarly(stream: ServerHttp2Stream, error: unknown, lingerMs: number): void {
  stream.on("error", ignore);
  stream.resume();
  replyError(stream, error, lingerMs);
}

export function ignore(): void {
  // A stream that fails is closed; whoever waits for it hears that.
}

/** As Connect does: what is no ConnectError is nobody's business. */
function toConnectError(error: unknown): ConnectError {
  return error instanceof ConnectError ? error : new ConnectError("internal error", Code.Internal);
}

function merged(headers: OutgoingHttpHeaders, more: Headers): OutgoingHttpHeaders {
  return Object.assign({}, headers, Object.fromEntries(more));
}

function giveUpAfter(stream: ServerHttp2Stream, answerMs: number): void {
  const timer = setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), answerMs);
  stream.once("close", () => clearTimeout(timer));
}
