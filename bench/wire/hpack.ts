/**
 * Headers as HTTP/2 sends them, without compression: they are made once and sent with every call.
 * https://www.rfc-editor.org/rfc/rfc7541#section-6.2.2
 */
export function encodeHeaders(headers: Readonly<Record<string, string>>): Buffer {
  return Buffer.concat(
    Object.entries(headers).map(([name, value]) => Buffer.concat([LITERAL, text(name), text(value)])),
  );
}

/** The gRPC status among the headers or trailers of an answer; undefined where there is none. */
export function grpcStatusIn(block: Buffer): string | undefined {
  for (const name of STATUS_NAMES) {
    const at = block.indexOf(name);
    if (at === -1) continue;
    const length = block[at + name.length] ?? 0;
    // Of digits, the compressed form is never shorter, and so never sent.
    return block.toString("latin1", at + name.length + 1, at + name.length + 1 + length);
  }
  return undefined;
}

const LITERAL = Buffer.of(0x00);
const MOST = 0x7f;

/** Not compressed either; of at most 126 bytes. */
function text(value: string): Buffer {
  if (value.length >= MOST) throw new Error(`unreachable: no header of the bench is as long as "${value}"`);
  return Buffer.concat([Buffer.of(value.length), Buffer.from(value, "latin1")]);
}

/** `grpc-status` with its length in front, in Huffman's code and without. */
const STATUS_NAMES = [
  Buffer.concat([Buffer.of(0x80 | 8), Buffer.from("9acac8b21234da8f", "hex")]),
  text("grpc-status"),
];
