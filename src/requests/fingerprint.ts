import { createHash } from "node:crypto";
import { type DescMethod, type JsonObject, type JsonValue, type Message, toJson } from "@bufbuild/protobuf";
import type { Actor } from "../call.ts";

/** How the request memory knows a call again. */
export type RequestFingerprint = {
  /** Names the call: a hash of its method, its caller and its request_id, as a UUID. */
  readonly key: string;
  /** A hash of the payload, in hex; equal for equal payloads over every protocol. */
  readonly hash: string;
};

/** Undefined when the caller gave no request_id. */
export function fingerprint(
  method: DescMethod,
  request: Message & { readonly requestId: string },
  actor: Actor,
): RequestFingerprint | undefined {
  if (request.requestId === "") return undefined;
  const name = [method.name, request.requestId, canonical({ ...actor })].join("\n");
  const { requestId: _, ...payload } = toJson(method.input, request) as JsonObject;
  return { key: sha256(name).slice(0, 32), hash: sha256(canonical(payload)) };
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** JSON with sorted keys: clients in other languages send the keys of a map in any order. */
function canonical(value: JsonValue | undefined): string {
  if (Array.isArray(value)) return `[${value.map(canonical)}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${canonical(entry)}`)}}`;
}
