import { setTimeout as sleep } from "node:timers/promises";
import type { Deadline } from "../call.ts";
import { failure } from "../errors.ts";
import type { CommitFunction } from "./commit-function.ts";
import type { Connection } from "./connection.ts";
import { type DriverFault, driverFault } from "./driver-errors.ts";
import { openFlightSize } from "./flight-size.ts";
import type { Lanes } from "./lanes.ts";
import { PendingWrite, rejectAll, unsettled } from "./pending-write.ts";
import { sendWrites } from "./send-writes.ts";
import type { Write } from "./write.ts";
import { type Batch, openWriteQueues } from "./write-queues.ts";

export type WriteLane = {
  /**
   * Commits one write, together with those, of any project, that arrive while the last ones are under way.
   *
   * A write is made once or never: when the connection broke on the way, it is looked up by its
   * write_id and made if it wasn't, until the deadline.
   *
   * @throws Failure DEADLINE_EXCEEDED, OVERLOADED or BACKEND_UNAVAILABLE if nothing was written;
   *   OUTCOME_UNKNOWN if nobody knows.
   */
  commit<Outcome extends object>(
    commitFunction: CommitFunction<Outcome>,
    projectId: string,
    write: Write,
    deadline: Deadline,
  ): Promise<Outcome>;
};

export type WriteLaneOptions = {
  /** How many projects share a statement; 1 where each statement has to be about one. */
  readonly projectsTogether: number;
  /** How many statements are under way at once, but for those that a project needs to itself. */
  readonly flights: number;
  /** How long writes that cost less together gather beside a flight at most. */
  readonly gatherMs: number;
};

export function openWriteLane(
  lanes: Lanes,
  { projectsTogether, flights, gatherMs }: WriteLaneOptions,
): WriteLane {
  const queues = openWriteQueues();
  const size = openFlightSize();
  /** When those under way began: the last one is the latest. */
  const underWay: number[] = [];
  let isCalled = false;
  let later: NodeJS.Timeout | undefined;

  return {
    commit: (commitFunction, projectId, write, deadline) =>
      new Promise((resolve, reject) => {
        // The outcome is the one of this very commit function.
        const answer = { resolve: resolve as (outcome: object) => void, reject };
        const pending = new PendingWrite(commitFunction, write, deadline, answer);
        if (queues.add(projectId, pending)) callFlights();
        else pending.reject(failure.overloaded());
      }),
  };

  function callFlights(): void {
    if (isCalled) return;
    isCalled = true;
    queueMicrotask(() => {
      isCalled = false;
      while (queues.isAnyWaiting() && underWay.length < flights && gatheringMs() <= 0) void fly();
      if (queues.isAnyWaiting() && underWay.length < flights) callLater();
    });
  }

  /** How long the next writes go on gathering: many that cost less together, beside a flight that will soon be back. */
  function gatheringMs(): number {
    const latest = underWay.at(-1);
    if (latest === undefined || !queues.nextFunction()?.plain) return 0;
    return size.gathers(queues.countReady()) ? latest + gatherMs - performance.now() : 0;
  }

  function callLater(): void {
    if (later) return;
    // Node's timers end up to a millisecond early.
    later = setTimeout(() => {
      later = undefined;
      callFlights();
    }, gatheringMs() + 1);
  }

  /** Sends what waits once there is a connection: until then more of it gathers. */
  async function fly(): Promise<void> {
    const begunAt = performance.now();
    underWay.push(begunAt);
    try {
      await lanes.withConnection(ANY_PROJECT, commitNext);
    } catch (error) {
      for (const batch of queues.takeBatches(Number.POSITIVE_INFINITY)) {
        rejectAll(batch.writes, error);
        queues.finish(batch);
      }
    }
    underWay.splice(underWay.indexOf(begunAt), 1);
    callFlights();
  }

  async function commitNext(connection: Connection): Promise<void> {
    const batches = takeNext();
    // Some callers may have been told that nothing was written.
    const flight = batches.filter(({ writes }) => unsettled(writes).length > 0);
    const error = await sendWrites(flight, false, connection);
    // What one project's writes ran into says nothing of the others'.
    const isAnyones = flight.length > 1 && isNothingDone(driverFault(error));
    for (const batch of batches) void finish(batch, isAnyones ? undefined : error);
  }

  function takeNext(): readonly Batch[] {
    if (!queues.nextFunction()?.plain) return queues.takeBatches(projectsTogether);
    const batches = queues.takeBatches(projectsTogether, size.next(queues.countReady()));
    size.note(batches.reduce((sum, { writes }) => sum + writes.length, 0));
    return batches;
  }

  async function finish(batch: Batch, error: unknown): Promise<void> {
    await commitAlone(batch, error);
    queues.finish(batch);
    callFlights();
  }

  /**
   * Tries until every write of the batch is answered.
   *
   * @param before what the first attempt met; undefined when nothing was attempted.
   * @param recheck whether an earlier attempt may have been committed.
   */
  async function commitAlone(batch: Batch, before: unknown, recheck = false): Promise<void> {
    let mayBeCommitted = recheck;
    let error = before;
    let writes = unsettled(batch.writes);
    if (error === undefined && !recheck) for (const write of writes) write.sent = false;
    for (let attempt = 0; writes.length > 0; attempt += 1) {
      error ??= await sendAlone({ ...batch, writes }, mayBeCommitted);
      if (error === undefined) return;
      const fault = driverFault(error);
      if (fault === "refused" && writes.length > 1) {
        // One write that PostgreSQL refuses takes no others down: each is tried alone.
        for (const write of writes)
          await commitAlone({ ...batch, writes: [write] }, undefined, mayBeCommitted);
        return;
      }
      if (fault === "lost") mayBeCommitted = true;
      if (fault === "refused" || !mayBeCommitted) return rejectAll(writes, callerError(error));
      await sleep(RETRY_DELAYS_MS[Math.min(attempt, RETRY_DELAYS_MS.length - 1)]);
      error = undefined;
      writes = unsettled(writes);
      // Those behind a batch whose fate is looked for would wait as long as it does.
      if (writes.length > 0 && isAway(fault)) {
        rejectAll(queues.takeBehind(batch), failure.backendUnavailable());
      }
    }
  }

  async function sendAlone(batch: Batch, recheck: boolean): Promise<unknown> {
    try {
      return await lanes.withConnection(batch.projectId, (connection) =>
        sendWrites([batch], recheck, connection),
      );
    } catch (error) {
      return error;
    }
  }
}

/** Whose turn it is at the connections when the writes of no one project are sent. */
const ANY_PROJECT = "";
const RETRY_DELAYS_MS = [50, 100, 200] as const;

/** PostgreSQL said so: the statement did nothing. */
function isNothingDone(fault: DriverFault | undefined): boolean {
  return fault === "refused" || fault === "timed_out";
}

function isAway(fault: DriverFault | undefined): boolean {
  return fault === "lost" || fault === "not_sent";
}

function callerError(error: unknown): unknown {
  const fault = driverFault(error);
  if (fault === "timed_out") return failure.overloaded();
  return fault === "not_sent" ? failure.backendUnavailable() : error;
}
