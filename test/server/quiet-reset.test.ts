import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { GET_GROUP, groupByKey, startServer } from "./fixture.ts";

// RST_STREAM with NO_ERROR, before the body is whole: Node then closes a stream that it has not destroyed yet.
// Its own client can't send that, so the frames are written here: RFC 9113, section 6.

const HEADERS = 1;
const DATA = 0;
const RST_STREAM = 3;
const SETTINGS = 4;
const END_HEADERS = 4;

const unforeseen: unknown[] = [];
const note = (error: unknown) => void unforeseen.push(error);

beforeEach(() => {
  unforeseen.length = 0;
  process.on("uncaughtException", note).on("unhandledRejection", note);
});
afterEach(() => void process.off("uncaughtException", note).off("unhandledRejection", note));

it.each([
  ["a call", GET_GROUP],
  ["a call that anybody may make", "/grpc.health.v1.Health/Check"],
])("goes on when %s is reset without an error before its body is whole", async (_, path) => {
  const { authority, port, client } = await startServer();
  const head = frame(HEADERS, END_HEADERS, 1, headersOf(authority, path));
  const malformed = frame(DATA, 0, 1, Buffer.from([0, 0, 0, 0, 2, 0xff, 0xff]));
  const reset = frame(RST_STREAM, 0, 1, Buffer.alloc(4));
  for (const frames of [[head], [head, malformed]]) {
    const socket = connect(port, "127.0.0.1");
    socket.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    socket.write(Buffer.concat([frame(SETTINGS, 0, 0, Buffer.alloc(0)), ...frames]));
    await once(socket, "data");
    // The server has the stream; only then is it reset.
    await client.getCustomerGroup(groupByKey("before"));
    socket.write(reset);
    await client.getCustomerGroup(groupByKey("behind"));
    socket.destroy();
  }
  await new Promise(setImmediate);
  expect(unforeseen).toEqual([]);
});

function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** In HPACK: POST, http, and literals whose names are in its static table (:authority 1, :path 4, content-type 31). */
function headersOf(authority: string, path: string): Buffer {
  const literal = (name: number, value: string) =>
    Buffer.concat([Buffer.from([0x40 | name, value.length]), Buffer.from(value)]);
  return Buffer.concat([
    Buffer.from([0x83, 0x86]),
    literal(1, authority),
    literal(4, path),
    literal(31, "application/grpc"),
  ]);
}
