// The frames of HTTP/2 that the bench sends and reads: https://www.rfc-editor.org/rfc/rfc9113#section-6

export const FRAME = { data: 0, headers: 1, reset: 3, settings: 4, ping: 6, goAway: 7 } as const;
export const FLAG = { ack: 0x1, endStream: 0x1, endHeaders: 0x4, padded: 0x8 } as const;
export const FRAME_HEAD_BYTES = 9;

const WINDOW_UPDATE = 8;
const MOST = 0x7fff_ffff;
/** What a connection may receive before it is told of more. */
const FIRST_WINDOW = 65_535;

/**
 * The server is to compress no headers by a table, so that a status always looks the same.
 *
 * @param streamWindow what a stream may receive before it is told of more; absent: no bound.
 */
export function hello(streamWindow = MOST): Buffer {
  return Buffer.concat([
    Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    frame(FRAME.settings, 0, 0, Buffer.concat([setting(1, 0), setting(2, 0), setting(4, streamWindow)])),
    windowUpdate(MOST - FIRST_WINDOW),
  ]);
}

export const SETTINGS_ACK = frame(FRAME.settings, FLAG.ack, 0, Buffer.alloc(0));

/** Says that so many bytes may come beyond those that may come already: in one stream, or in all of them. */
export function windowUpdate(bytes: number, streamId = 0): Buffer {
  const payload = Buffer.alloc(4);
  payload.writeUInt32BE(bytes);
  return frame(WINDOW_UPDATE, 0, streamId, payload);
}

export function pingAck(payload: Buffer): Buffer {
  return frame(FRAME.ping, FLAG.ack, 0, payload);
}

/** A whole call: its headers and its one message. */
export function callFrames(streamId: number, headers: Buffer, message: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(2 * FRAME_HEAD_BYTES + headers.length + message.length);
  writeHead(bytes, 0, headers.length, FRAME.headers, FLAG.endHeaders, streamId);
  bytes.set(headers, FRAME_HEAD_BYTES);
  const at = FRAME_HEAD_BYTES + headers.length;
  writeHead(bytes, at, message.length, FRAME.data, FLAG.endStream, streamId);
  bytes.set(message, at + FRAME_HEAD_BYTES);
  return bytes;
}

function frame(type: number, flags: number, streamId: number, payload: Buffer): Buffer {
  const bytes = Buffer.alloc(FRAME_HEAD_BYTES + payload.length);
  writeHead(bytes, 0, payload.length, type, flags, streamId);
  bytes.set(payload, FRAME_HEAD_BYTES);
  return bytes;
}

function writeHead(
  bytes: Buffer,
  at: number,
  length: number,
  type: number,
  flags: number,
  streamId: number,
): void {
  bytes.writeUIntBE(length, at, 3);
  bytes[at + 3] = type;
  bytes[at + 4] = flags;
  bytes.writeUInt32BE(streamId, at + 5);
}

function setting(id: number, value: number): Buffer {
  const bytes = Buffer.alloc(6);
  bytes.writeUInt16BE(id);
  bytes.writeUInt32BE(value, 2);
  return bytes;
}
