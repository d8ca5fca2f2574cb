import { Code } from "@connectrpc/connect";
import type { Reads } from "../db/reads.ts";
import { failure } from "../errors.ts";
import { Failure } from "../failure.ts";
import type { RequestFingerprint } from "./fingerprint.ts";
import { listRemembered } from "./store.ts";

/**
 * Runs a mutation that may be the repetition of an earlier one. The commit function looks the request
 * up before anything else; but a repetition may be refused before it gets there, since the first call
 * changed the very state that it finds. So a refusal is said only when the request isn't remembered.
 *
 * @returns what `mutate` returns, or the first call's answer, in bytes.
 * @throws Failure REQUEST_ID_REUSED when the payload differs from the first call's.
 */
export function withRequestMemory<Answer>(
  reads: Reads,
  projectId: string,
  request: RequestFingerprint | undefined,
  mutate: () => Promise<Answer>,
): Promise<Answer | Uint8Array> {
  return request ? repeatable(reads, projectId, request, mutate) : mutate();
}

async function repeatable<Answer>(
  reads: Reads,
  projectId: string,
  request: RequestFingerprint,
  mutate: () => Promise<Answer>,
): Promise<Answer | Uint8Array> {
  try {
    return await mutate();
  } catch (refusal) {
    if (!isRefusal(refusal)) throw refusal;
    const [remembered] = await reads.get(projectId, listRemembered(projectId, request.key));
    if (!remembered) throw refusal;
    if (remembered.requestHash !== request.hash) throw failure.requestIdReused();
    return remembered.answer;
  }
}

/** Whether the state that was found is the reason, rather than trouble on the way. */
function isRefusal(error: unknown): boolean {
  return error instanceof Failure && REFUSALS.has(error.code);
}

const REFUSALS: ReadonlySet<Code> = new Set([
  Code.NotFound,
  Code.Aborted,
  Code.AlreadyExists,
  Code.FailedPrecondition,
  Code.ResourceExhausted,
  Code.InvalidArgument,
]);
