import type { Deadline } from "../call.ts";
import { failure } from "../errors.ts";
import type { CommitFunction } from "./commit-function.ts";

/** A write whose caller waits for its outcome. */
export type PendingWrite = {
  readonly commitFunction: CommitFunction<object>;
  /** JSON. */
  readonly text: string;
  /** Whether it may have reached the database. */
  sent: boolean;
  /** Whether the caller has its answer. */
  settled: boolean;
  resolve(outcome: object): void;
  reject(error: unknown): void;
};

/** Rejected at the deadline, if it has no outcome by then. */
export function pendingWrite<Outcome extends object>(
  commitFunction: CommitFunction<Outcome>,
  text: string,
  { over, timeoutMs }: Deadline,
  resolve: (outcome: Outcome) => void,
  reject: (error: unknown) => void,
): PendingWrite {
  const pending: PendingWrite = {
    commitFunction,
    text,
    sent: false,
    settled: false,
    // The outcome is the one of this very commit function.
    resolve: (outcome) => answered(() => resolve(outcome as Outcome)),
    reject: (error) => answered(() => reject(error)),
  };
  const onOver = () =>
    pending.reject(pending.sent ? failure.outcomeUnknown() : failure.deadlineExceeded(timeoutMs));
  over.whenEnded(onOver);
  return pending;

  function answered(answer: () => void): void {
    if (pending.settled) return;
    pending.settled = true;
    over.forget(onOver);
    answer();
  }
}

export function rejectAll(writes: readonly PendingWrite[], error: unknown): void {
  for (const write of writes) write.reject(error);
}

export function unsettled(writes: readonly PendingWrite[]): readonly PendingWrite[] {
  return writes.filter((write) => !write.settled);
}
