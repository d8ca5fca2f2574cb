import { grpcFrame } from "../server/fixture.ts";

/**
 * The bytes of a gRPC call over HTTP/2 with headers as no library sends them: one twice, for example.
 * https://www.rfc-editor.org/rfc/rfc9113, https://www.rfc-editor.org/rfc/rfc7541
 */
export function http2Call(headers: readonly (readonly [string, string])[], message: Uint8Array): Buffer {
  return Buffer.concat([
    Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    frame(SETTINGS, 0, 0, Buffer.of()),
    frame(HEADERS, END_HEADERS, 1, Buffer.concat(headers.map(literal))),
    frame(DATA, END_STREAM, 1, grpcFrame(message)),
  ]);
}

const DATA = 0;
const HEADERS = 1;
const SETTINGS = 4;
const END_STREAM = 1;
const END_HEADERS = 4;

function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** A literal that is not indexed, its name and value without Huffman's code. */
function literal([name, value]: readonly [string, string]): Buffer {
  return Buffer.concat([Buffer.of(0), text(name), text(value)]);
}

function text(value: string): Buffer {
  return Buffer.concat([length(value.length), Buffer.from(value, "latin1")]);
}

/** An integer with a prefix of 7 bits. */
function length(value: number): Buffer {
  if (value < 127) return Buffer.of(value);
  const bytes = [127];
  let rest = value - 127;
  for (; rest >= 128; rest >>= 7) bytes.push((rest & 127) | 128);
  return Buffer.from([...bytes, rest]);
}
