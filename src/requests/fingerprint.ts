import { createHash } from "node:crypto";
import { type DescMethod, type JsonObject, type Message, toJson } from "@bufbuild/protobuf";
import type { Actor } from "../call.ts";
import { canonical } from "../json-data.ts";

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
