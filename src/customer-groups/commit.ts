import { randomUUIDv7 } from "node:crypto";
import { create, type JsonValue, toBinary } from "@bufbuild/protobuf";
import { type CustomerGroup, CustomerGroupSchema } from "../../gen/clientele/v1/customer_group_pb.ts";
import type {
  CreateCustomerGroupResponseSchema,
  DeleteCustomerGroupResponseSchema,
  UpdateCustomerGroupResponseSchema,
} from "../../gen/clientele/v1/customer_group_service_pb.ts";
import type { Call } from "../call.ts";
import type { WriteLane } from "../db/write-lane.ts";
import { failure } from "../errors.ts";
import type { Project } from "../projects/projects.ts";
import type { RequestFingerprint } from "../requests/fingerprint.ts";
import { toMessage } from "./message.ts";
import { MAX_GROUP_BYTES } from "./state.ts";
import { commitGroups, type GroupOutcome, type GroupRow } from "./store.ts";

/** A write to one group. */
export type GroupWrite = {
  /** `confirm` leaves the group alone: for an update that changes nothing. */
  readonly kind: "create" | "update" | "delete" | "confirm";
  /** The version that it was decided on; 0 for a creation. */
  readonly expectedVersion: bigint;
  /** The group as it will be; as it last was, when deleted. */
  readonly group: GroupRow;
  readonly at: Date;
  /** For the change feed: what was done, in JSON. */
  readonly actions: readonly JsonValue[];
};

/** The answers to mutations: each holds the group. */
export type AnswerSchema =
  | typeof CreateCustomerGroupResponseSchema
  | typeof UpdateCustomerGroupResponseSchema
  | typeof DeleteCustomerGroupResponseSchema;

export type Mutation = {
  readonly project: Project;
  readonly call: Call;
  /** Of a call that is to be remembered. */
  readonly request: RequestFingerprint | undefined;
  readonly answerSchema: AnswerSchema;
};

/**
 * Commits the write.
 *
 * @returns the answer, in bytes if it is that of a remembered request.
 * @throws Failure as error_reason.proto says for writes.
 */
export async function commitGroup(
  lane: WriteLane,
  { project, call, request, answerSchema }: Mutation,
  { kind, expectedVersion, group, at, actions }: GroupWrite,
): Promise<{ readonly customerGroup: CustomerGroup } | Uint8Array> {
  const customerGroup = toMessage(group, project);
  // Nothing to write and nothing to remember: the group that was read is the answer.
  if (kind === "confirm" && !request) return { customerGroup };

  const write = {
    kind,
    write_id: randomUUIDv7(),
    at,
    actor: call.actor,
    actions,
    id: group.id,
    expected_version: `${expectedVersion}`,
    ...(kind === "create" || kind === "update" ? stateColumns(group, customerGroup) : {}),
    ...(request && {
      request_key: request.key,
      request_hash: `\\x${request.hash}`,
      answer: `\\x${Buffer.from(toBinary(answerSchema, create(answerSchema, { customerGroup }))).toString("hex")}`,
    }),
  };
  const outcome = await lane.commit(commitGroups, project.id, JSON.stringify(write), call.deadline);
  if (outcome.outcome === "ok") return { customerGroup };
  if (outcome.outcome === "replayed") return outcome.answer;
  throw refusal(outcome, project, group.id, expectedVersion);
}

/** @throws Failure TOO_LARGE */
function stateColumns(group: GroupRow, message: CustomerGroup): object {
  const columns = {
    key: group.key,
    name: group.name,
    reference: group.reference,
    reference_origin: group.referenceOrigin,
    metadata: group.metadata,
    price_list_id: group.priceListId,
    market_ids: group.marketIds,
    attachments: group.attachments,
  };
  return { ...columns, byte_size: byteSize(columns, message) };
}

/** The size of the group as it is sent, in binary or JSON, whichever is larger. */
function byteSize(columns: object, message: CustomerGroup): number {
  const json = Buffer.byteLength(JSON.stringify(columns)) + JSON_HEADER_BYTES;
  const bytes = Math.max(json, toBinary(CustomerGroupSchema, message).length);
  if (bytes > MAX_GROUP_BYTES) throw failure.tooLarge("the customer group", MAX_GROUP_BYTES, bytes);
  return bytes;
}

/** More than the JSON of a group holds besides its state: ids, times, actors. */
const JSON_HEADER_BYTES = 1024;

function refusal(
  outcome: Exclude<GroupOutcome, { outcome: "ok" | "replayed" }>,
  project: Project,
  id: string,
  expectedVersion: bigint,
): Error {
  switch (outcome.outcome) {
    case "request_id_reused":
      return failure.requestIdReused();
    case "project_not_found":
      return failure.notFound({ type: "project", by: "key", value: project.key });
    case "not_found":
      return failure.notFound({ type: "customer-group", by: "id", value: id });
    case "version_mismatch":
      return failure.versionMismatch(expectedVersion, outcome.currentVersion);
    case "duplicate":
      return failure.duplicate("customer-group", outcome.field, outcome.conflictingId);
    case "limit_reached":
      return failure.limitReached("customer_groups", outcome.limitValue, outcome.currentValue);
    default:
      return outcome satisfies never;
  }
}
