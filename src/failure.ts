import { create, type DescMessage, type MessageInitShape } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import type { ErrorReason } from "../gen/clientele/v1/error_reason_pb.ts";
import {
  BadRequestSchema,
  ErrorInfoSchema,
  PreconditionFailureSchema,
  RetryInfoSchema,
} from "../gen/google/rpc/error_details_pb.ts";

/** Where every ErrorInfo of this service comes from. */
export const ERROR_DOMAIN = "clientele";

/** A value of ErrorReason, as ErrorInfo spells it. */
export type Reason = Exclude<keyof typeof ErrorReason, "UNSPECIFIED">;

/** An error that a caller may see: a code, a documented reason, and its facts. Anything else is a fault of ours. */
export class Failure extends ConnectError {
  readonly reason: Reason;

  constructor(message: string, code: Code, reason: Reason, details: ConnectError["details"]) {
    super(message, code);
    this.reason = reason;
    this.details = details;
  }
}

export type Facts = Readonly<Record<string, string>>;

// What errors.ts makes its failures of.

export function invalid(reason: Reason, field: string, description: string): Failure {
  return failed(Code.InvalidArgument, reason, `${field}: ${description}`, { field }, [
    detail(BadRequestSchema, { fieldViolations: [{ field, description, reason }] }),
  ]);
}

export function precondition(
  reason: Reason,
  subject: string,
  message: string,
  description: string,
  facts: Facts,
  more: ConnectError["details"] = [],
): Failure {
  return failed(Code.FailedPrecondition, reason, message, facts, [
    detail(PreconditionFailureSchema, { violations: [{ type: reason, subject, description }] }),
    ...more,
  ]);
}

export function retryable(reason: Reason, message: string, seconds: number): Failure {
  return failed(Code.Unavailable, reason, message, {}, [
    detail(RetryInfoSchema, { retryDelay: { seconds: BigInt(seconds) } }),
  ]);
}

export function failed(
  code: Code,
  reason: Reason,
  message: string,
  metadata: Facts,
  more: ConnectError["details"] = [],
): Failure {
  const info = detail(ErrorInfoSchema, { reason, domain: ERROR_DOMAIN, metadata });
  return new Failure(message, code, reason, [info, ...more]);
}

export function detail<Desc extends DescMessage>(desc: Desc, value: MessageInitShape<Desc>) {
  return { desc, value: create(desc, value) };
}
