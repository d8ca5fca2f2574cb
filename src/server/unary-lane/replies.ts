import { constants, type OutgoingHttpHeaders, type ServerHttp2Stream } from "node:http2";
import { Code, ConnectError } from "@connectrpc/connect";
import { setTrailerStatus } from "@connectrpc/connect/protocol-grpc";
import { createExpiry, type Due } from "../../expiry.ts";
import { encodeGrpcMessage } from "../grpc-message.ts";
import type { ServerLimits } from "../limits.ts";
import type { UnaryCall } from "./call.ts";

/**
 * Answers calls. A caller that doesn't take its answer in time is given up: what is returned is done with when the
 * stream is closed.
 */
export type Replies = {
  /** Sends an answer. */
  message(stream: ServerHttp2Stream, frame: Buffer, call: UnaryCall): Due | undefined;
  /** Sends an error. */
  error(stream: ServerHttp2Stream, error: unknown, call?: UnaryCall): Due | undefined;
  /** Sends an error before the whole request is there; what still comes of it is thrown away. */
  early(stream: ServerHttp2Stream, error: unknown): Due | undefined;
};

export function createReplies({ answerMs, lingerMs }: ServerLimits): Replies {
  const untaken = createExpiry(answerMs, giveUp);
  const lingering = createExpiry(lingerMs, giveUp);
  return {
    message(stream, frame, { setHeader, setTrailer }) {
      if (isClosed(stream)) return undefined;
      if (setTrailer) sendAtEnd(stream, merged(STATUS_OK, setTrailer));
      else stream.on("wantTrailers", sendStatusOk);
      stream.respond(setHeader ? merged(HEADERS, setHeader) : HEADERS, WAIT_FOR_TRAILERS);
      stream.end(frame);
      return untaken.add(stream);
    },
    error(stream, error, call) {
      if (isClosed(stream)) return undefined;
      sendError(stream, error, call);
      return untaken.add(stream);
    },
    early(stream, error) {
      stream.on("error", ignore);
      stream.resume();
      if (isClosed(stream)) return undefined;
      sendError(stream, error);
      return lingering.add(stream);
    },
  };
}

const HEADERS = { ":status": 200, "content-type": "application/grpc+proto", "cache-control": "no-store" };
const WAIT_FOR_TRAILERS = { waitForTrailers: true };
const STATUS_OK = { "grpc-status": "0" };

function sendStatusOk(this: ServerHttp2Stream): void {
  this.sendTrailers(STATUS_OK);
}

function sendAtEnd(stream: ServerHttp2Stream, trailers: OutgoingHttpHeaders): void {
  stream.on("wantTrailers", () => stream.sendTrailers(trailers));
}

function sendError(stream: ServerHttp2Stream, error: unknown, call?: UnaryCall): void {
  const status = setTrailerStatus(new Headers(call?.setTrailer), toConnectError(error));
  const message = status.get("grpc-message");
  if (message !== null) status.set("grpc-message", encodeGrpcMessage(decodeURIComponent(message)));
  sendAtEnd(stream, Object.fromEntries(status));
  stream.respond(call?.setHeader ? merged(HEADERS, call.setHeader) : HEADERS, WAIT_FOR_TRAILERS);
  stream.end();
}

/** A caller's reset without an error closes a stream before Node destroys it; `respond` throws from then on. */
function isClosed(stream: ServerHttp2Stream): boolean {
  return stream.destroyed || stream.closed;
}

function giveUp(stream: ServerHttp2Stream): void {
  stream.close(constants.NGHTTP2_CANCEL);
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
