import { createRegistry, fromBinary, type JsonObject, type JsonValue, toJson } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { expect } from "vitest";
import { file_google_rpc_error_details } from "../../gen/google/rpc/error_details_pb.ts";

/** Everything that a caller learns from a failed call; the details as JSON, under their type's name. */
export type FailureStory = {
  readonly code: string | undefined;
  readonly message: string;
  readonly details: readonly (readonly [type: string, value: JsonValue])[];
};

export const detailRegistry = createRegistry(file_google_rpc_error_details);

/** What a failed call says. Fails when the call succeeds. */
export async function failureOf(call: Promise<unknown>): Promise<FailureStory> {
  const reason: unknown = await call.then(
    () => expect.unreachable("expected the call to fail"),
    (error: unknown) => error,
  );
  if (!(reason instanceof ConnectError)) throw reason;
  return { code: Code[reason.code], message: reason.rawMessage, details: reason.details.map(detailStory) };
}

/** The failure that errors.ts promises: one ErrorInfo, and then the details that say more. */
export function failureStory(
  code: keyof typeof Code,
  reason: string,
  message: string,
  metadata: Readonly<Record<string, string>>,
  ...more: readonly (readonly [type: string, value: JsonObject])[]
): FailureStory {
  const info: JsonObject = { reason, domain: "clientele" };
  if (Object.keys(metadata).length > 0) info.metadata = metadata;
  return { code, message, details: [["ErrorInfo", info], ...more] };
}

/** One broken rule. */
export function fieldInvalid(field: string, rule: string, description: string): FailureStory {
  const reason = rule === "required" ? "FIELD_REQUIRED" : "FIELD_INVALID";
  return failureStory(
    "InvalidArgument",
    reason,
    `${field || "request"}: ${description}`,
    { field, rule },
    badRequest({ field, description, reason }),
  );
}

type Violation = { readonly field: string; readonly description: string; readonly reason: string };

export function badRequest(...violations: readonly Violation[]): readonly [string, JsonObject] {
  // JSON leaves out an empty field: that of a rule about the whole request.
  const fieldViolations = violations.map(({ field, ...said }) => (field === "" ? said : { field, ...said }));
  return ["BadRequest", { fieldViolations }];
}

function detailStory(detail: ConnectError["details"][number]): readonly [string, JsonValue] {
  if (!("type" in detail)) throw new Error("unreachable: the error came over the wire");
  const schema = detailRegistry.getMessage(detail.type);
  if (!schema) throw new Error(`unexpected detail ${detail.type}`);
  return [schema.name, toJson(schema, fromBinary(schema, detail.value))];
}
