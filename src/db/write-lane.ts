import { setTimeout as sleep } from "node:timers/promises";
import type { Deadline } from "../call.ts";
import { failure } from "../errors.ts";
import type { CommitFunction } from "./commit-function.ts";
import type { Rows } from "./connection.ts";
import { type DriverFault, driverFault } from "./driver-errors.ts";
import type { Lanes } from "./lanes.ts";

export type WriteLane = {
  /**
   * Commits one write, together with those of the same project that arrive while the last ones are
   * under way.
   *
   * A write is made once or never: when the connection broke on the way, it is looked up by its
   * write_id and made if it wasn't, until the deadline.
   *
   * @param write JSON of one write, with a `write_id` of its own.
   * @throws Failure DEADLINE_EXCEEDED, OVERLOADED or BACKEND_UNAVAILABLE if nothing was written;
   *   OUTCOME_UNKNOWN if nobody knows.
   */
  commit<Outcome extends object>(
    commitFunction: CommitFunction<Outcome>,
    projectId: string,
    write: string,
    deadline: Deadline,
  ): Promise<Outcome>;
};

export function openWriteLane(lanes: Lanes): WriteLane {
  const queues = new Map<string, Queue>();
  let heldCharacters = 0;

  return {
    commit: (commitFunction, projectId, write, deadline) =>
      new Promise((resolve, reject) => {
        const queue = queues.get(projectId);
        if (isFull(queue, write)) return reject(failure.overloaded());
        const pending = pendingWrite(commitFunction, write, deadline, resolve, reject);
        hold(queue ?? begin(projectId), pending);
      }),
  };

  function begin(projectId: string): Queue {
    const queue: Queue = { writes: [], heldCharacters: 0 };
    queues.set(projectId, queue);
    // Behind the first write.
    queueMicrotask(() => void drain(projectId, queue));
    return queue;
  }

  /** Works off a project's queue, a batch at a time. */
  async function drain(projectId: string, queue: Queue): Promise<void> {
    while (queue.writes.length > 0) {
      const batch = takeBatch(queue.writes);
      await commitBatch(projectId, batch, false, queue);
      release(queue, batch);
    }
    queues.delete(projectId);
  }

  /** Tries until every write of the batch is answered. `recheck`: an earlier attempt may have been committed. */
  async function commitBatch(
    projectId: string,
    writes: readonly PendingWrite[],
    recheck: boolean,
    queue: Queue,
  ): Promise<void> {
    let batch = writes.filter((write) => !write.settled);
    let mayBeCommitted = recheck;
    for (let attempt = 0; batch.length > 0; attempt += 1) {
      const error = await tryCommit(projectId, batch, mayBeCommitted);
      if (error === undefined) return;
      const fault = driverFault(error);
      if (fault === "refused" && batch.length > 1) {
        // One write that PostgreSQL refuses takes no others down: each is tried alone.
        for (const write of batch) await commitBatch(projectId, [write], mayBeCommitted, queue);
        return;
      }
      if (fault === "lost") mayBeCommitted = true;
      if (fault === "refused" || !mayBeCommitted) return rejectAll(batch, callerError(error));
      await sleep(RETRY_DELAYS_MS[Math.min(attempt, RETRY_DELAYS_MS.length - 1)]);
      batch = batch.filter((write) => !write.settled);
      // Those behind a batch whose fate is looked for would wait as long as it does.
      if (batch.length > 0 && isAway(fault)) {
        const waiting = queue.writes.splice(0);
        rejectAll(waiting, failure.backendUnavailable());
        release(queue, waiting);
      }
    }
  }

  function isFull(queue: Queue | undefined, { length }: string): boolean {
    if (heldCharacters + length > MAX_HELD_CHARACTERS) return true;
    return (
      queue !== undefined &&
      (queue.writes.length >= MAX_QUEUED || queue.heldCharacters + length > MAX_HELD_BY_ONE)
    );
  }

  function hold(queue: Queue, write: PendingWrite): void {
    queue.writes.push(write);
    queue.heldCharacters += write.text.length;
    heldCharacters += write.text.length;
  }

  function release(queue: Queue, writes: readonly PendingWrite[]): void {
    for (const { text } of writes) {
      queue.heldCharacters -= text.length;
      heldCharacters -= text.length;
    }
  }

  /** Settles the writes and returns undefined, or returns what went wrong. */
  async function tryCommit(
    projectId: string,
    batch: readonly PendingWrite[],
    recheck: boolean,
  ): Promise<unknown> {
    try {
      await lanes.withConnection(projectId, async ({ run }) => {
        // While the connection was waited for, callers may have been told that nothing was written.
        const writes = batch.filter((write) => !write.settled);
        const [first] = writes;
        if (!first) return;
        for (const write of writes) write.sent = true;
        const texts = writes.map((write) => write.text);
        settle(writes, await run(first.commitFunction(projectId, `[${texts}]`, recheck)));
      });
      return undefined;
    } catch (error) {
      return error ?? new Error("rejected without a reason");
    }
  }
}

/** Of one project. */
const MAX_QUEUED = 2000;
/** Of all projects: some 100 MB. One project leaves most of it to the others. */
const MAX_HELD_CHARACTERS = 64 * 1024 * 1024;
const MAX_HELD_BY_ONE = MAX_HELD_CHARACTERS / 4;
const MAX_BATCH = 200;
const MAX_BATCH_CHARACTERS = 4 * 1024 * 1024;
const RETRY_DELAYS_MS = [50, 100, 200] as const;

type Queue = { readonly writes: PendingWrite[]; heldCharacters: number };

type PendingWrite = {
  readonly commitFunction: CommitFunction<object>;
  readonly text: string;
  /** Whether it may have reached the database. */
  sent: boolean;
  /** Whether the caller has its answer. */
  settled: boolean;
  resolve(outcome: object): void;
  reject(error: unknown): void;
};

function pendingWrite<Outcome extends object>(
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

/** Takes the next writes of one commit function. */
function takeBatch(queue: PendingWrite[]): PendingWrite[] {
  const batch: PendingWrite[] = [];
  let characters = 0;
  while (queue[0] && batch.length < MAX_BATCH) {
    const next = queue[0];
    if (batch[0] && next.commitFunction !== batch[0].commitFunction) break;
    characters += next.text.length;
    if (batch.length > 0 && characters > MAX_BATCH_CHARACTERS) break;
    queue.shift();
    batch.push(next);
  }
  return batch;
}

function settle(batch: readonly PendingWrite[], outcomes: Rows<object>): void {
  if (outcomes.length !== batch.length) {
    throw new Error(`the commit function gave ${outcomes.length} outcomes for ${batch.length} writes`);
  }
  for (const [index, write] of batch.entries()) write.resolve(outcomes[index] ?? {});
}

function rejectAll(writes: readonly PendingWrite[], error: unknown): void {
  for (const write of writes) write.reject(error);
}

function isAway(fault: DriverFault | undefined): boolean {
  return fault === "lost" || fault === "not_sent";
}

function callerError(error: unknown): unknown {
  const fault = driverFault(error);
  if (fault === "timed_out") return failure.overloaded();
  return fault === "not_sent" ? failure.backendUnavailable() : error;
}
