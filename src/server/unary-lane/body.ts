import type { ServerHttp2Stream } from "node:http2";
import { Code, ConnectError } from "@connectrpc/connect";
import { PREFIX_BYTES } from "./prefix.ts";
import { ignore } from "./replies.ts";

/** The body of a call on its way. */
export type Body = {
  /** Forgets it; nobody is told of it any more. */
  stop(): void;
};

/** Told once what came. */
export type BodyReceiver = {
  /** The one message of the call. */
  onMessage(bytes: Uint8Array): void;
  /** All of it is there, and is no message. */
  onFault(error: ConnectError): void;
  /** It is too large, and not all of it is there. */
  refuse(error: ConnectError): void;
};

export function receiveBody(stream: ServerHttp2Stream, maxBytes: number, receiver: BodyReceiver): Body {
  let chunks: Buffer[] = [];
  let size = 0;
  let isOver = false;
  stream.on("data", (chunk: Buffer) => {
    if (isOver) return;
    chunks.push(chunk);
    size += chunk.length;
    // A caller that sends byte by byte shall not fill the memory with buffers.
    if (chunks.length > MAX_CHUNKS) chunks = [Buffer.concat(chunks)];
    if (size > PREFIX_BYTES + maxBytes) receiver.refuse(tooLarge(Buffer.concat(chunks), maxBytes));
  });
  stream.on("end", () => {
    if (isOver) return;
    const body = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
    stop();
    const fault = frameFault(body, maxBytes);
    if (fault) receiver.onFault(fault);
    else receiver.onMessage(body.subarray(PREFIX_BYTES));
  });
  stream.on("error", ignore);
  return { stop };

  function stop(): void {
    isOver = true;
    chunks = [];
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
