import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import {
  BadRequestSchema,
  QuotaFailureSchema,
  ResourceInfoSchema,
  RetryInfoSchema,
} from "../gen/google/rpc/error_details_pb.ts";
import {
  detail,
  type Facts,
  type Failure,
  failed,
  invalid,
  precondition,
  type Reason,
  retryable,
} from "./failure.ts";
import type { Ref } from "./refs.ts";

/** A field that breaks a rule. `field` is the path in the request, spelled as in the proto. */
export type FieldViolation = { readonly field: string; readonly rule: string; readonly description: string };

type PredicateReason =
  | "PREDICATE_SYNTAX"
  | "PREDICATE_UNKNOWN_FIELD"
  | "PREDICATE_TOO_COMPLEX"
  | "FIELD_INVALID";

/** The kinds of resources that are written, as errors and changes name them. */
export type ResourceType = "customer-group" | "customer" | "custom-type" | "project";
type ResourceName = {
  readonly type: ResourceType;
  readonly by: Ref["by"];
  readonly value: string;
};

/** What a request refers to, perhaps a resource that is another's to write. */
type MissingReference = { readonly type: string; readonly by: Ref["by"]; readonly value: string };

/** How far the commit functions count what refers to a resource. */
const MAX_COUNTED = 10_000;

/** Every failure that a caller can meet; error_reason.proto says when. */
export const failure = {
  /** The first ten are told. */
  fields(violations: readonly [FieldViolation, ...FieldViolation[]]): Failure {
    const [{ field, rule, description }] = violations;
    const fieldViolations = violations.slice(0, MAX_VIOLATIONS).map((v) => ({
      field: v.field,
      description: v.description,
      reason: reasonOf(v.rule),
    }));
    return failed(
      Code.InvalidArgument,
      reasonOf(rule),
      `${field || "request"}: ${description}`,
      { field, rule },
      [detail(BadRequestSchema, { fieldViolations })],
    );
  },

  field(field: string, rule: string, description: string): Failure {
    return failure.fields([{ field, rule, description }]);
  },

  requestIdReused(): Failure {
    const text = "was used before with another payload; use a new one for a new call";
    return invalid("REQUEST_ID_REUSED", "request_id", text);
  },

  /** @param facts where in the predicate, and what more the reason documents. */
  predicate(reason: PredicateReason, path: string, description: string, facts: Facts): Failure {
    const text = `line ${facts.line}, column ${facts.column}: ${description}`;
    return failed(Code.InvalidArgument, reason, `${path}: ${text}`, { field: path, ...facts }, [
      detail(BadRequestSchema, { fieldViolations: [{ field: path, description: text, reason }] }),
    ]);
  },

  /**
   * An email address is not repeated: messages and metadata are logged by whoever passes them on.
   *
   * @param field where the request names the resource, when it names several.
   */
  notFound({ type, by, value }: ResourceName, field?: string): Failure {
    const isPersonal = by === "email";
    const text = `there is no ${inWords(type)} with ${isPersonal ? "this email" : `${by} "${value}"`}`;
    const facts: Facts = {
      resource_type: type,
      ...(isPersonal ? {} : { [by]: value }),
      ...(field === undefined ? {} : { field }),
    };
    const message = field === undefined ? text : `${field}: ${text}`;
    return failed(Code.NotFound, "RESOURCE_NOT_FOUND", message, facts, [
      detail(ResourceInfoSchema, {
        resourceType: type,
        resourceName: isPersonal ? "" : value,
        description: text,
      }),
    ]);
  },

  versionMismatch(expected: bigint, current: bigint): Failure {
    return failed(
      Code.Aborted,
      "VERSION_MISMATCH",
      `expected version ${expected}, but the current version is ${current}; get it again and decide again`,
      { expected_version: `${expected}`, current_version: `${current}` },
    );
  },

  duplicate(resourceType: string, field: string, conflictingId: string): Failure {
    const text = `another ${inWords(resourceType)} has this ${field}`;
    return failed(Code.AlreadyExists, "DUPLICATE_FIELD", text, { field, conflicting_id: conflictingId }, [
      detail(ResourceInfoSchema, { resourceType, resourceName: conflictingId, description: text }),
    ]);
  },

  operationNotAllowed(field: string, description: string): Failure {
    return precondition("OPERATION_NOT_ALLOWED", field, `${field}: ${description}`, description, { field });
  },

  /** @param field where the request refers to it. @param type of another resource: `customer` too. */
  referenceNotFound(field: string, { type, by, value }: MissingReference): Failure {
    const description = `there is no ${inWords(type)} with ${by} "${value}"`;
    const facts = { field, resource_type: type, [by]: value };
    return precondition("REFERENCE_NOT_FOUND", field, `${field}: ${description}`, description, facts, [
      detail(ResourceInfoSchema, { resourceType: type, resourceName: value, description }),
    ]);
  },

  /** @param count up to MAX_COUNTED. */
  referenced(referencedBy: string, count: number): Failure {
    const most = count === MAX_COUNTED ? "or more " : "";
    const description = `still referenced by ${count} ${most}${inWords(referencedBy)}${count === 1 ? "" : "s"}`;
    const facts = { referenced_by: referencedBy, count: `${count}` };
    return precondition("REFERENCED", referencedBy, description, description, facts);
  },

  definitionConflict(name: string, conflictingId: string): Failure {
    const description = `the custom type ${conflictingId}, for the same kind of resource, has a field of this name and another type of value`;
    const facts = { field: name, conflicting_id: conflictingId };
    return precondition("OPERATION_NOT_ALLOWED", name, `field "${name}": ${description}`, description, facts);
  },

  limitReached(limitName: string, limit: number, current: number, wanted = current + 1): Failure {
    const description = `at most ${limit} ${limitName.replaceAll("_", " ")}; this would make ${wanted}`;
    return failed(
      Code.ResourceExhausted,
      "LIMIT_REACHED",
      description,
      { limit_name: limitName, limit: `${limit}`, current: `${current}` },
      [detail(QuotaFailureSchema, { violations: [{ subject: limitName, description }] })],
    );
  },

  /** @param limitName `concurrent_calls` or `calls_per_second`. */
  rateLimited(limitName: string, limit: number, retryMs: number): Failure {
    return failed(
      Code.ResourceExhausted,
      "RATE_LIMITED",
      `at most ${limit} ${limitName.replaceAll("_", " ")} of one project; try again shortly`,
      { limit_name: limitName, limit: `${limit}` },
      [detail(RetryInfoSchema, { retryDelay: durationFromMs(retryMs) })],
    );
  },

  tooLarge(what: string, limitBytes: number, actualBytes: number): Failure {
    return failed(
      Code.InvalidArgument,
      "TOO_LARGE",
      `${what} would be ${actualBytes} bytes; the limit is ${limitBytes}`,
      { limit_bytes: `${limitBytes}`, actual_bytes: `${actualBytes}` },
    );
  },

  pageTokenInvalid(): Failure {
    const text = "not a token of this query; begin again without one";
    return invalid("PAGE_TOKEN_INVALID", "page_token", text);
  },

  queryTimeout(limitMs: number): Failure {
    return failed(
      Code.InvalidArgument,
      "QUERY_TIMEOUT",
      `the query took more than ${limitMs} ms; ask for less`,
      { limit_ms: `${limitMs}` },
    );
  },

  deadlineExceeded(timeoutMs: number): Failure {
    return failed(
      Code.DeadlineExceeded,
      "DEADLINE_EXCEEDED",
      `the call was not answered within ${timeoutMs} ms; nothing was written`,
      { timeout_ms: `${timeoutMs}` },
    );
  },

  overloaded(): Failure {
    return retryable("OVERLOADED", "too much work is waiting; try again shortly", 1);
  },

  stopping(): Failure {
    return retryable("OVERLOADED", "this instance is stopping; try again", 1);
  },

  /** Always the same: what was wrong is for the log. */
  tokenInvalid(): Failure {
    const text = "the call has no valid token; send one as authorization: Bearer <token>";
    const refused = failed(Code.Unauthenticated, "TOKEN_INVALID", text, {});
    refused.metadata.set("www-authenticate", "Bearer");
    return refused;
  },

  scopeMissing(requiredScope: string): Failure {
    const text = `the caller lacks the scope ${requiredScope}`;
    return failed(Code.PermissionDenied, "SCOPE_MISSING", text, { required_scope: requiredScope });
  },

  keysUnavailable(): Failure {
    return retryable("BACKEND_UNAVAILABLE", "the keys of tokens can't be reached; try again shortly", 1);
  },

  backendUnavailable(): Failure {
    return retryable("BACKEND_UNAVAILABLE", "the database can't be reached; try again shortly", 1);
  },

  outcomeUnknown(): Failure {
    return failed(
      Code.Unknown,
      "OUTCOME_UNKNOWN",
      "the deadline passed while the write was under way; read the resource, or repeat the call with its request_id",
      {},
    );
  },

  internal(errorId: string): Failure {
    return failed(Code.Internal, "INTERNAL", "internal error", { error_id: errorId });
  },
};

/** They go into headers, which have bounds of their own. */
const MAX_VIOLATIONS = 10;

function inWords(resourceType: string): string {
  return resourceType.replaceAll("-", " ");
}

function reasonOf(rule: string): Reason {
  return rule === "required" ? "FIELD_REQUIRED" : "FIELD_INVALID";
}
