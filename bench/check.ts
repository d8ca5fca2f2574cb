/** The resource that an answer is to hold. */
export type ExpectedResource<Resource> = {
  /** Undefined: any id, of a resource made just now. */
  readonly idBytes: Buffer | undefined;
  readonly version: number;
  /** What else is looked at when the answer is checked whole. */
  readonly isRight?: ((resource: Resource) => boolean) | undefined;
};

type AnyResource = { readonly id: string; readonly version: bigint; readonly self: string };

/**
 * Checks the answer to a Get, Create or Update, whose only field is the resource: its id and version where
 * they usually stand, the whole of it when asked or when they stand elsewhere.
 *
 * @throws Error that says what was expected.
 */
export function checkResource<Resource extends AnyResource>(
  body: Buffer,
  { idBytes, version, isRight }: ExpectedResource<Resource>,
  whole: boolean,
  decode: (body: Buffer) => Resource | undefined,
): void {
  if (!whole && hasIdAndVersion(body, idBytes, version)) return;
  const resource = decode(body);
  const id = idBytes?.toString() ?? resource?.id;
  if (
    !resource ||
    resource.id !== id ||
    resource.version !== BigInt(version) ||
    !SELF.test(resource.self) ||
    isRight?.(resource) === false
  ) {
    throw new Error(
      `expected ${id} in version ${version}, got ${resource?.id} in version ${resource?.version}: wrong, or wrong in another field`,
    );
  }
}

type AnyPage = {
  readonly results: readonly { readonly id: string }[];
  readonly count: number;
  readonly nextPageToken: string;
};

/**
 * Checks a page with more behind it, which holds `ids` in this order: the counts and the first id, or the
 * whole of it.
 */
export function checkPage(
  body: Buffer,
  ids: readonly string[],
  whole: boolean,
  decode: (body: Buffer) => AnyPage,
): void {
  const size = ids.length;
  if (!whole && hasFirstOf(body, size, ids[0] ?? "")) return;
  const { results, count, nextPageToken } = decode(body);
  const isRight = results.every(({ id }, index) => ids[index] === id) && nextPageToken !== "";
  if (!isRight || count !== size || results.length !== size) {
    throw new Error(`expected ${size} others, the first ${ids[0]}, got ${results.length}, ${results[0]?.id}`);
  }
}

const SELF = /^projects\/bench[a-z0-9-]*\/customer(-group)?s\/[0-9a-f-]{36}$/;
const ID_BYTES = 36;

// The tags of the fields: number << 3 | wire type.
const FIELD_1_BYTES = 0x0a;
const FIELD_6_BYTES = 0x32;
const FIELD_1_VARINT = 0x08;
const FIELD_2_VARINT = 0x10;
const FIELD_3_VARINT = 0x18;

function hasIdAndVersion(body: Buffer, idBytes: Buffer | undefined, version: number): boolean {
  if (body[0] !== FIELD_1_BYTES) return false;
  const length = readVarint(body, 1);
  if (length.end + length.value !== body.length) return false;
  const idEnd = length.end + 2 + ID_BYTES;
  if (!hasId(body, length.end, idBytes)) return false;
  return body[idEnd] === FIELD_2_VARINT && readVarint(body, idEnd + 1).value === version;
}

/** `limit` and `count`, for `offset` is 0 and so not sent; `results` follow. */
function hasFirstOf(body: Buffer, size: number, id: string): boolean {
  const number = varint(size);
  const counts = [FIELD_1_VARINT, ...number, FIELD_3_VARINT, ...number, FIELD_6_BYTES];
  if (!counts.every((byte, index) => body[index] === byte)) return false;
  return hasId(body, readVarint(body, counts.length).end, Buffer.from(id));
}

/** Whether a resource that begins here has this id, or any. */
function hasId(body: Buffer, at: number, idBytes: Buffer | undefined): boolean {
  if (body[at] !== FIELD_1_BYTES || body[at + 1] !== ID_BYTES) return false;
  return idBytes === undefined || body.compare(idBytes, 0, ID_BYTES, at + 2, at + 2 + ID_BYTES) === 0;
}

function varint(value: number): number[] {
  const bytes = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return [...bytes, rest];
}

function readVarint(bytes: Buffer, at: number): { readonly value: number; readonly end: number } {
  let value = 0;
  let scale = 1;
  for (let end = at; ; end += 1, scale *= 128) {
    const byte = bytes[end] ?? 0;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return { value, end: end + 1 };
  }
}
