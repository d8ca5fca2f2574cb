import { fromBinary } from "@bufbuild/protobuf";
import type { CustomerGroup } from "../gen/clientele/v1/customer_group_pb.ts";
import {
  GetCustomerGroupResponseSchema,
  QueryCustomerGroupsResponseSchema,
} from "../gen/clientele/v1/customer_group_service_pb.ts";

/** The group that an answer is to hold. */
export type ExpectedGroup = {
  /** Undefined: any id, of a group made just now. */
  readonly idBytes: Buffer | undefined;
  readonly version: number;
  /** What else is looked at when the answer is checked whole. */
  readonly isRight?: ((group: CustomerGroup) => boolean) | undefined;
};

/**
 * Checks the answer to a Get, Create or Update: its id and version where they usually stand, the whole
 * of it when asked or when they stand elsewhere.
 *
 * @throws Error that says what was expected.
 */
export function checkGroup(body: Buffer, { idBytes, version, isRight }: ExpectedGroup, whole: boolean): void {
  if (!whole && hasIdAndVersion(body, idBytes, version)) return;
  // All three answers have the group as field 1.
  const group = fromBinary(GetCustomerGroupResponseSchema, body).customerGroup;
  const id = idBytes?.toString() ?? group?.id;
  if (
    !group ||
    group.id !== id ||
    group.version !== BigInt(version) ||
    !SELF.test(group.self) ||
    isRight?.(group) === false
  ) {
    throw new Error(
      `expected group ${id} in version ${version}, got ${group?.id} in version ${group?.version}: wrong, or wrong in another field`,
    );
  }
}

/** Checks the first page of `groups`, in order: the counts at its front, or the whole of it. */
export function checkPage(
  body: Buffer,
  groups: readonly { readonly id: string }[],
  size: number,
  whole: boolean,
): void {
  if (!whole && body.indexOf(pageFront(size)) === 0) return;
  const { results, count, nextPageToken } = fromBinary(QueryCustomerGroupsResponseSchema, body);
  const isRight = results.every(({ id }, index) => groups[index]?.id === id) && nextPageToken !== "";
  if (!isRight || count !== size || results.length !== size) {
    throw new Error(`expected the first ${size} groups, got other ones, ${results.length} of them`);
  }
}

const SELF = /^projects\/bench(-create)?\/customer-groups\/[0-9a-f-]{36}$/;
const ID_BYTES = 36;

// The tags of the fields: number << 3 | wire type.
const FIELD_1_BYTES = 0x0a;
const FIELD_1_VARINT = 0x08;
const FIELD_2_VARINT = 0x10;
const FIELD_3_VARINT = 0x18;

function hasIdAndVersion(body: Buffer, idBytes: Buffer | undefined, version: number): boolean {
  if (body[0] !== FIELD_1_BYTES) return false;
  const length = readVarint(body, 1);
  const idAt = length.end + 2;
  if (length.end + length.value !== body.length) return false;
  if (body[length.end] !== FIELD_1_BYTES || body[length.end + 1] !== ID_BYTES) return false;
  if (idBytes && body.compare(idBytes, 0, ID_BYTES, idAt, idAt + ID_BYTES) !== 0) return false;
  return body[idAt + ID_BYTES] === FIELD_2_VARINT && readVarint(body, idAt + ID_BYTES + 1).value === version;
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

/** `limit` and `count`; `offset` is 0 and so not sent. */
function pageFront(count: number): Buffer {
  return Buffer.of(FIELD_1_VARINT, count, FIELD_3_VARINT, count);
}
