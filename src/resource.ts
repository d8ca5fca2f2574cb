import type { DescField, JsonValue } from "@bufbuild/protobuf";
import { type Timestamp, timestampFromDate } from "@bufbuild/protobuf/wkt";
import type { Actor as ActorMessage } from "../gen/clientele/v1/actor_pb.ts";
import type { Actor } from "./call.ts";
import { type ColumnWriter, jsonWriter } from "./encoding/columns.ts";
import { failure } from "./errors.ts";

/** What every resource is known and changed by. */
export type ResourceHeader = {
  readonly id: string;
  readonly version: bigint;
  readonly createdAt: Date;
  readonly createdBy: Actor;
  readonly lastModifiedAt: Date;
  readonly lastModifiedBy: Actor;
};

/** `byteSize`: the size of the resource as it is sent. */
export type Stored<Row extends ResourceHeader> = Row & { readonly byteSize: number };

/** The most that one resource may be as it is sent, in binary or JSON. */
export const MAX_RESOURCE_BYTES = 128 * 1024;

export function newHeader(id: string, actor: Actor, at: Date): ResourceHeader {
  return { id, version: 1n, createdAt: at, createdBy: actor, lastModifiedAt: at, lastModifiedBy: actor };
}

/** The part of the header that an update changes. */
export function changedHeader({ version }: ResourceHeader, actor: Actor, at: Date) {
  return { version: version + 1n, lastModifiedAt: at, lastModifiedBy: actor };
}

/** When an update is made. Another instance's clock may be ahead, and times never go back. */
export function timeOfUpdate({ lastModifiedAt }: ResourceHeader, now: Date): Date {
  return now > lastModifiedAt ? now : lastModifiedAt;
}

type HeaderMessage = {
  id: string;
  version: bigint;
  createdAt: Timestamp;
  createdBy?: ActorMessage;
  lastModifiedAt: Timestamp;
  lastModifiedBy?: ActorMessage;
};

export function headerMessage(row: ResourceHeader): HeaderMessage {
  const header: HeaderMessage = {
    id: row.id,
    version: row.version,
    createdAt: timestampFromDate(row.createdAt),
    lastModifiedAt: timestampFromDate(row.lastModifiedAt),
  };
  if (row.createdBy) header.createdBy = toActor(row.createdBy);
  if (row.lastModifiedBy) header.lastModifiedBy = toActor(row.lastModifiedBy);
  return header;
}

export function toActor(actor: NonNullable<Actor>): ActorMessage {
  return { $typeName: "clientele.v1.Actor", ...actor };
}

/** Writes an actor, as a column holds it. */
export function actorWriter(field: DescField): ColumnWriter {
  return jsonWriter(field, toActor);
}

/**
 * The size of a resource as it is sent, in binary or JSON, whichever is larger.
 *
 * @param json all that its JSON holds, the header may be missing.
 * @param binaryBytes what it takes in binary.
 * @throws Failure TOO_LARGE
 */
export function byteSizeOf(what: string, json: JsonValue | object, binaryBytes: number): number {
  const jsonBytes = Buffer.byteLength(JSON.stringify(json)) + JSON_HEADER_BYTES;
  const bytes = Math.max(jsonBytes, binaryBytes);
  if (bytes > MAX_RESOURCE_BYTES) throw failure.tooLarge(what, MAX_RESOURCE_BYTES, bytes);
  return bytes;
}

/** More than the JSON of a resource holds besides its state: ids, times, actors. */
const JSON_HEADER_BYTES = 1024;
