import { randomUUIDv7 } from "node:crypto";
import {
  create,
  type DescMessage,
  fromBinary,
  fromJsonString,
  type JsonValue,
  type Message,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";
import type { HandlerContext } from "@connectrpc/connect";
import { type Actor, type Call, callOf } from "./call.ts";
import type { CommitFunction, CommitOutcome } from "./db/commit-function.ts";
import type { Database } from "./db/database.ts";
import type { Write } from "./db/write.ts";
import { failure, type ResourceType } from "./errors.ts";
import type { Project, Projects } from "./projects/projects.ts";
import { required } from "./refs.ts";
import { fingerprint, type RequestFingerprint } from "./requests/fingerprint.ts";
import { withRequestMemory } from "./requests/memory.ts";
import { isoText } from "./times.ts";

/** What a mutation comes to: one write to one resource, and the answer if it is made. */
export type Decision<Answer extends DescMessage> = {
  /** As the commit function takes it. `confirm` leaves the resource alone: for an update that changes nothing. */
  readonly kind: string;
  readonly id: string;
  /** The version that it was decided on; 0 for a creation. */
  readonly expectedVersion: bigint;
  readonly at: Date;
  /** For the change feed: what was done, in JSON. */
  readonly actions: readonly JsonValue[];
  /** What the commit function writes, for a creation or update. */
  readonly columns?: object;
  /** Absent where the commit function makes the answer. */
  readonly answer?: MessageInitShape<Answer>;
  /** Told when it is committed. */
  committed?(): void;
  /** What is remembered in place of the answer, where that must not be kept. */
  readonly remembered?: MessageInitShape<Answer>;
  /** What to say when the commit function finds that a resource, which the write refers to, is not there. */
  readonly missing?: (type: string, id: string) => Error;
};

/** How the resources of one kind are written. */
export type MutationKind = {
  readonly resourceType: ResourceType;
  /** As LIMIT_REACHED says it. */
  readonly limitName: string;
  readonly commit: CommitFunction<CommitOutcome>;
  /** Of a commit function that makes the answers itself: they are JSON. */
  readonly answersInJson?: boolean;
};

type Request = Message & { readonly projectKey: string; readonly requestId: string };

/**
 * Answers a mutation: what `decide` decides on the state that it finds is committed if that is still
 * the current one. A repeated request gets its first answer.
 *
 * @param decide is called again when a custom type changed meanwhile, or what it remembered of the resource.
 * @throws Failure as error_reason.proto says for writes.
 */
export type Mutate = <Answer extends DescMessage>(
  request: Request,
  context: HandlerContext,
  answerSchema: Answer,
  decide: (actor: Actor, project: Project) => Promise<Decision<Answer>>,
) => Promise<MessageInitShape<Answer>>;

export function openMutations(db: Database, projects: Pick<Projects, "recall">, kind: MutationKind): Mutate {
  return async (request, context, answerSchema, decide) => {
    const call = callOf(context);
    const project = await projects.recall(request.projectKey);
    const repeatable = fingerprint(context.method, request, call.actor);
    const answer = await withRequestMemory(db.reads, project.id, repeatable, async () => {
      for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
        const decision = await decide(call.actor, project);
        // Nothing to write and nothing to remember: what was read is the answer.
        if (decision.kind === "confirm" && !repeatable && decision.answer) return decision.answer;
        const write = writeOf(decision, call, repeatable, answerSchema);
        const outcome = await db.writes.commit(kind.commit, project.id, write, call.deadline);
        if (outcome.outcome === "ok") {
          decision.committed?.();
          return decision.answer ?? required(outcome.answer ?? undefined);
        }
        if (outcome.outcome === "replayed") return outcome.answer;
        if (!isToDecideAgain(outcome)) throw refusal(outcome, kind, project, decision);
      }
      throw failure.overloaded();
    });
    return answer instanceof Uint8Array ? decode(answerSchema, answer, kind) : answer;
  };
}

/** What the commit function remembers or makes is bytes. */
function decode<Answer extends DescMessage>(
  answerSchema: Answer,
  bytes: Uint8Array,
  { answersInJson }: MutationKind,
): MessageShape<Answer> {
  return answersInJson
    ? fromJsonString(answerSchema, Buffer.from(bytes).toString())
    : fromBinary(answerSchema, bytes);
}

/** A type would have to change between each of them and its commit. */
const MAX_ATTEMPTS = 20;

type Stale = Extract<CommitOutcome, { outcome: "type_changed" | "state_changed" }>;

function isToDecideAgain(outcome: CommitOutcome): outcome is Stale {
  return outcome.outcome === "type_changed" || outcome.outcome === "state_changed";
}

function writeOf<Answer extends DescMessage>(
  { kind, id, expectedVersion, at, actions, columns, answer, remembered = answer }: Decision<Answer>,
  call: Call,
  request: RequestFingerprint | undefined,
  answerSchema: Answer,
): Write {
  return {
    kind,
    write_id: randomUUIDv7(),
    // With a Date in it, JSON takes twice as long to make.
    at: isoText(at),
    actor: call.actor,
    actions,
    id,
    expected_version: `${expectedVersion}`,
    ...columns,
    ...(request && {
      request_key: request.key,
      request_hash: `\\x${request.hash}`,
      ...(remembered && {
        answer: `\\x${Buffer.from(toBinary(answerSchema, create(answerSchema, remembered))).toString("hex")}`,
      }),
    }),
  };
}

function refusal(
  outcome: Exclude<CommitOutcome, { outcome: "ok" | "replayed" } | Stale>,
  { resourceType, limitName }: MutationKind,
  project: Project,
  { id, expectedVersion, missing }: Pick<Decision<DescMessage>, "id" | "expectedVersion" | "missing">,
): Error {
  switch (outcome.outcome) {
    case "request_id_reused":
      return failure.requestIdReused();
    case "project_not_found":
      return failure.notFound({ type: "project", by: "key", value: project.key });
    case "not_found":
      return failure.notFound({ type: resourceType, by: "id", value: id });
    case "version_mismatch":
      return failure.versionMismatch(expectedVersion, outcome.currentVersion);
    case "duplicate":
      return failure.duplicate(resourceType, outcome.field, outcome.conflictingId);
    case "definition_conflict":
      return failure.definitionConflict(outcome.field, outcome.conflictingId);
    case "limit_reached":
      return failure.limitReached(limitName, outcome.limitValue, outcome.currentValue);
    case "reference_not_found":
      return required(missing)(outcome.field, outcome.conflictingId);
    case "too_large":
      return failure.tooLarge(
        `the ${outcome.field} ${outcome.conflictingId}`,
        outcome.limitValue,
        outcome.currentValue,
      );
    case "referenced":
      return failure.referenced(outcome.field, outcome.currentValue);
    default:
      return outcome satisfies never;
  }
}
