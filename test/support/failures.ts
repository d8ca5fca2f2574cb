import { Code, ConnectError } from "@connectrpc/connect";
import { expect } from "vitest";
import { BadRequestSchema, ErrorInfoSchema } from "../../gen/google/rpc/error_details_pb.ts";

/** What a failed call says: its code, reason, facts and fields. Fails when the call succeeds. */
export async function failureOf(call: Promise<unknown>) {
  const error = await call.then(
    () => expect.unreachable("expected the call to fail"),
    (reason: unknown) => ConnectError.from(reason),
  );
  return describeFailure(error);
}

export function describeFailure(error: ConnectError) {
  const infos = error.findDetails(ErrorInfoSchema);
  const [info] = infos;
  return {
    code: Code[error.code],
    reason: info?.reason,
    domain: info?.domain,
    metadata: info?.metadata ?? {},
    infos: infos.length,
    fields: error
      .findDetails(BadRequestSchema)
      .flatMap((detail) => detail.fieldViolations.map(({ field }) => field)),
    message: error.rawMessage,
  };
}

/** Counts the outcomes of racing calls: "OK", or the code and reason of a failure. */
export async function tally(calls: readonly Promise<unknown>[]) {
  const counts: Record<string, number> = {};
  const failures: ReturnType<typeof describeFailure>[] = [];
  for (const result of await Promise.allSettled(calls)) {
    let outcome = "OK";
    if (result.status === "rejected") {
      const failure = describeFailure(ConnectError.from(result.reason));
      failures.push(failure);
      outcome = `${failure.code} ${failure.reason}`;
    }
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return { counts, failures };
}
