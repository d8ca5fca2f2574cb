import type { JsonObject } from "@bufbuild/protobuf";
import { badRequest, type FailureStory, failureStory } from "./failure.ts";

// What callers are told of each refusal that depends on what is stored.

/** @param field where the request names it, when it names several. */
export function notFound(type: string, by: string, value: string, field?: string): FailureStory {
  const description = noSuch(type, by, value);
  return notFoundAt(
    field,
    description,
    { resource_type: type, [by]: value },
    {
      resourceType: type,
      resourceName: value,
    },
  );
}

/** The address is not repeated. */
export function emailNotFound(field?: string): FailureStory {
  const description = "there is no customer with this email";
  return notFoundAt(field, description, { resource_type: "customer" }, { resourceType: "customer" });
}

export function versionMismatch(expected: bigint, current: bigint): FailureStory {
  return failureStory(
    "Aborted",
    "VERSION_MISMATCH",
    `expected version ${expected}, but the current version is ${current}; get it again and decide again`,
    { expected_version: `${expected}`, current_version: `${current}` },
  );
}

export function duplicate(resourceType: string, field: string, id: string): FailureStory {
  const description = `another ${resourceType.replaceAll("-", " ")} has this ${field}`;
  return failureStory("AlreadyExists", "DUPLICATE_FIELD", description, { field, conflicting_id: id }, [
    "ResourceInfo",
    { resourceType, resourceName: id, description },
  ]);
}

export function notAllowed(field: string, description: string): FailureStory {
  return failureStory(
    "FailedPrecondition",
    "OPERATION_NOT_ALLOWED",
    `${field}: ${description}`,
    { field },
    precondition("OPERATION_NOT_ALLOWED", field, description),
  );
}

export function definitionConflict(field: string, id: string): FailureStory {
  const description = `the custom type ${id}, for the same kind of resource, has a field of this name and another type of value`;
  return failureStory(
    "FailedPrecondition",
    "OPERATION_NOT_ALLOWED",
    `field "${field}": ${description}`,
    { field, conflicting_id: id },
    precondition("OPERATION_NOT_ALLOWED", field, description),
  );
}

export function referenceNotFound(field: string, type: string, by: string, value: string): FailureStory {
  const description = noSuch(type, by, value);
  return failureStory(
    "FailedPrecondition",
    "REFERENCE_NOT_FOUND",
    `${field}: ${description}`,
    { field, resource_type: type, [by]: value },
    precondition("REFERENCE_NOT_FOUND", field, description),
    ["ResourceInfo", { resourceType: type, resourceName: value, description }],
  );
}

export function referenced(by: string, count: number, words: string): FailureStory {
  const description = `still referenced by ${count} ${words}`;
  return failureStory(
    "FailedPrecondition",
    "REFERENCED",
    description,
    { referenced_by: by, count: `${count}` },
    precondition("REFERENCED", by, description),
  );
}

export function limitReached(limitName: string, limit: number, current: number, wanted = current + 1) {
  const description = `at most ${limit} ${limitName.replaceAll("_", " ")}; this would make ${wanted}`;
  return failureStory(
    "ResourceExhausted",
    "LIMIT_REACHED",
    description,
    { limit_name: limitName, limit: `${limit}`, current: `${current}` },
    ["QuotaFailure", { violations: [{ subject: limitName, description }] }],
  );
}

/** @param what in the words of the message. @param said the message, which alone knows how large it would be. */
export function tooLarge(what: string, limit: number, said: string): FailureStory {
  const [, actual = ""] = /would be (\d+) bytes/.exec(said) ?? [];
  const message = `${what} would be ${actual} bytes; the limit is ${limit}`;
  const facts = { limit_bytes: `${limit}`, actual_bytes: actual };
  return failureStory("InvalidArgument", "TOO_LARGE", message, facts);
}

/** @param at the line and the column in the predicate. */
export function predicateRefused(
  reason: string,
  field: string,
  [line, column]: readonly [line: number, column: number],
  said: string,
  facts: Readonly<Record<string, string>>,
): FailureStory {
  const description = `line ${line}, column ${column}: ${said}`;
  return failureStory(
    "InvalidArgument",
    reason,
    `${field}: ${description}`,
    { field, line: `${line}`, column: `${column}`, ...facts },
    badRequest({ field, description, reason }),
  );
}

const NO_TOKEN = "not a token of this query; begin again without one";

export const pageTokenInvalid = failureStory(
  "InvalidArgument",
  "PAGE_TOKEN_INVALID",
  `page_token: ${NO_TOKEN}`,
  { field: "page_token" },
  badRequest({ field: "page_token", description: NO_TOKEN, reason: "PAGE_TOKEN_INVALID" }),
);

function notFoundAt(
  field: string | undefined,
  description: string,
  facts: Readonly<Record<string, string>>,
  info: JsonObject,
): FailureStory {
  return failureStory(
    "NotFound",
    "RESOURCE_NOT_FOUND",
    field === undefined ? description : `${field}: ${description}`,
    { ...facts, ...(field !== undefined && { field }) },
    ["ResourceInfo", { ...info, description }],
  );
}

function precondition(
  type: string,
  subject: string,
  description: string,
): readonly [type: string, value: JsonObject] {
  return ["PreconditionFailure", { violations: [{ type, subject, description }] }];
}

function noSuch(type: string, by: string, value: string): string {
  return `there is no ${type.replaceAll("-", " ")} with ${by} "${value}"`;
}
