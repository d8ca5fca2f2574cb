import type { Connection } from "../db/connection.ts";
import { describeError } from "../describe-error.ts";
import type { Log } from "../log.ts";
import { listProjectIds } from "../projects/store.ts";
import { deleteRemembered } from "./store.ts";

/** How long an answer is remembered at least: 48 hours. */
const REMEMBERED_MS = 48 * 60 * 60 * 1000;
const INTERVAL_MS = 10 * 60 * 1000;
const BATCH = 500;

/**
 * Forgets old requests, a bounded number at a time, now and every ten minutes; one sweep at a time,
 * however long it takes.
 *
 * @returns stops it.
 */
export function startRequestSweep(connection: Connection, clock: () => Date, log: Log): () => void {
  let stopped = false;
  let isUnderWay = false;
  const sweep = async () => {
    if (isUnderWay) return;
    isUnderWay = true;
    try {
      await sweepRequests(connection, new Date(clock().getTime() - REMEMBERED_MS), () => stopped);
    } catch (error) {
      // Stopping ends its connection.
      if (!stopped) {
        log.warn(
          describeError(error),
          "old requests could not be forgotten; it is tried again in ten minutes",
        );
      }
    } finally {
      isUnderWay = false;
    }
  };
  const timer = setInterval(() => void sweep(), INTERVAL_MS);
  timer.unref();
  void sweep();
  return () => {
    stopped = true;
    clearInterval(timer);
  };
}

/** Forgets the requests made before `before`, of one project after the other. */
export async function sweepRequests(
  { run }: Connection,
  before: Date,
  isStopped: () => boolean,
): Promise<void> {
  for (const { projectId } of await run(listProjectIds())) {
    for (let forgotten = BATCH; forgotten === BATCH && !isStopped(); ) {
      forgotten = (await run(deleteRemembered(projectId, before, BATCH))).length;
    }
  }
}
