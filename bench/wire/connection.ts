import { once } from "node:events";
import { connect } from "node:net";
import {
  callFrames,
  FLAG,
  FRAME,
  FRAME_HEAD_BYTES,
  hello,
  pingAck,
  SETTINGS_ACK,
  windowUpdate,
} from "./frames.ts";
import { grpcStatusIn, type HeaderList, openHeaderEncoder } from "./hpack.ts";

export type WireAnswer = {
  /** The gRPC status; "0" is OK. */
  readonly status: string;
  /** The response message, without its prefix; empty if there was none. */
  readonly body: Buffer;
};

/** An HTTP/2 connection that can do unary gRPC calls and nothing else, at little cost. */
export type WireConnection = {
  /** Makes a call. Small ones only: what the server may receive is not kept account of. */
  call(headers: HeaderList, message: Buffer, done: (answer: WireAnswer | Error) => void): void;
  close(): void;
};

/** How one reads who takes in so much of an answer and then nothing for a while. */
export type SlowReading = { readonly bytes: number; readonly pauseMs: number };

/**
 * Resolves once the server has said its settings.
 *
 * @param slowly absent: all that comes is read at once.
 */
export async function openConnection(port: number, slowly?: SlowReading): Promise<WireConnection> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  const calls = new Map<number, Call>();
  const encodeHeaders = openHeaderEncoder();
  let nextStream = 1;
  let outgoing: Buffer[] = [];
  let unread: Buffer = Buffer.alloc(0);
  let received = 0;
  const ready = Promise.withResolvers<void>();
  socket.on("data", read);
  socket.on("error", fail);
  socket.on("close", () => fail(new Error("the connection ended")));
  socket.write(hello(slowly?.bytes));
  await ready.promise;

  return {
    call(headers, message, done) {
      if (socket.destroyed) {
        done(new Error("the connection has ended"));
        return;
      }
      calls.set(nextStream, { chunks: [], status: undefined, done });
      send(callFrames(nextStream, encodeHeaders(headers), message));
      nextStream += 2;
    },
    close() {
      calls.clear();
      socket.destroy();
    },
  };

  /** What is sent in one turn goes out as one. */
  function send(bytes: Buffer): void {
    if (outgoing.length === 0) setImmediate(flush);
    outgoing.push(bytes);
  }

  function flush(): void {
    if (outgoing.length === 0) return;
    socket.write(outgoing.length === 1 && outgoing[0] ? outgoing[0] : Buffer.concat(outgoing));
    outgoing = [];
  }

  function read(chunk: Buffer): void {
    let bytes = unread.length === 0 ? chunk : Buffer.concat([unread, chunk]);
    while (bytes.length >= FRAME_HEAD_BYTES) {
      const end = FRAME_HEAD_BYTES + bytes.readUIntBE(0, 3);
      if (bytes.length < end) break;
      const streamId = bytes.readUInt32BE(5);
      take(bytes[3] ?? 0, bytes[4] ?? 0, streamId, bytes.subarray(FRAME_HEAD_BYTES, end));
      bytes = bytes.subarray(end);
    }
    unread = bytes;
    flush();
  }

  function take(type: number, flags: number, streamId: number, payload: Buffer): void {
    const call = calls.get(streamId);
    if (type === FRAME.data) {
      count(payload.length);
      if (slowly && payload.length > 0) setTimeout(readOn, slowly.pauseMs, streamId, payload.length);
      if ((flags & FLAG.padded) !== 0) fail(new Error("the server pads, which is not read here"));
      else if (payload.length > 0) call?.chunks.push(payload);
    } else if (type === FRAME.headers) {
      if (call) call.status ??= grpcStatusIn(payload);
    } else if (type === FRAME.settings && (flags & FLAG.ack) === 0) {
      send(SETTINGS_ACK);
      ready.resolve();
    } else if (type === FRAME.ping && (flags & FLAG.ack) === 0) send(pingAck(payload));
    else if (type === FRAME.reset) answer(streamId, new Error(`reset: ${payload.readUInt32BE()}`));
    else if (type === FRAME.goAway) fail(new Error("the server ended the connection"));
    const ends = (type === FRAME.data || type === FRAME.headers) && (flags & FLAG.endStream) !== 0;
    if (ends && call) answer(streamId, answerOf(call));
  }

  function readOn(streamId: number, bytes: number): void {
    if (calls.has(streamId)) send(windowUpdate(bytes, streamId));
  }

  function count(bytes: number): void {
    received += bytes;
    if (received < WINDOW_BYTES) return;
    send(windowUpdate(received));
    received = 0;
  }

  function answer(streamId: number, result: WireAnswer | Error): void {
    const call = calls.get(streamId);
    calls.delete(streamId);
    call?.done(result);
  }

  function fail(error: Error): void {
    ready.reject(error);
    for (const streamId of [...calls.keys()]) answer(streamId, error);
    socket.destroy();
  }
}

/** The server hears of room for more when so much was received. */
const WINDOW_BYTES = 1 << 24;
const PREFIX_BYTES = 5;

type Call = {
  readonly chunks: Buffer[];
  status: string | undefined;
  readonly done: (answer: WireAnswer | Error) => void;
};

function answerOf({ chunks, status }: Call): WireAnswer | Error {
  if (status === undefined) return new Error("the stream ended without a gRPC status");
  const bytes = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
  if (bytes.length === 0) return { status, body: bytes };
  const isOneMessage = bytes[0] === 0 && bytes.readUInt32BE(1) === bytes.length - PREFIX_BYTES;
  if (!isOneMessage) return new Error("the answer is not one uncompressed message");
  return { status, body: bytes.subarray(PREFIX_BYTES) };
}
