export type HeaderList = readonly (readonly [name: string, value: string])[];

/**
 * Encodes the headers of the calls of one connection, in the order in which they are sent. As clients do, it sends a header
 * once, and then only says where the server has it: https://www.rfc-editor.org/rfc/rfc7541#section-2.3.2
 */
export function openHeaderEncoder(): (headers: HeaderList) => Buffer {
  /** The oldest first. */
  const known: string[] = [];
  const blocks = new Map<HeaderList, Block>();

  return (headers) => {
    const block = blocks.get(headers);
    if (block?.known === known.length) return block.bytes;
    const before = known.length;
    const bytes = Buffer.concat(headers.map(([name, value]) => encode(name, value)));
    // One that teaches the server something is sent once.
    if (before === known.length) blocks.set(headers, { bytes, known: before });
    return bytes;
  };

  function encode(name: string, value: string): Buffer {
    const field = `${name}: ${value}`;
    const at = known.indexOf(field);
    const index = STATIC_FIELDS.get(field) ?? (at === -1 ? undefined : STATIC_SIZE + known.length - at);
    if (index !== undefined) return Buffer.of(INDEXED | index);
    if (known.length === MOST_KNOWN) throw new Error("unreachable: the bench has few headers");
    known.push(field);
    return Buffer.concat([Buffer.of(LITERAL_TO_KEEP), text(name), text(value)]);
  }
}

/** `known`: how many headers the server had been sent when it was made; the places of all change with each. */
type Block = { readonly bytes: Buffer; readonly known: number };

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

const INDEXED = 0x80;
const LITERAL_TO_KEEP = 0x40;
const MOST = 0x7f;
const STATIC_SIZE = 61;
/** Their places take a byte, and the server keeps 4,096 bytes of them. */
const MOST_KNOWN = 40;
/** Of those that everyone has from the beginning. */
const STATIC_FIELDS: ReadonlyMap<string, number> = new Map([
  [":method: POST", 3],
  [":scheme: http", 6],
]);

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
