import type { Connection } from "../db/connection.ts";
import type { Log } from "../log.ts";
import { listProjectIds } from "../projects/store.ts";
import { type Repetition, repeat } from "../repeat.ts";
import { deleteRemembered } from "./store.ts";

/** How long an answer is remembered at least: 48 hours. */
const REMEMBERED_MS = 48 * 60 * 60 * 1000;
const INTERVAL_MS = 10 * 60 * 1000;
const BATCH = 500;

/** Forgets old requests, a bounded number at a time, now and every ten minutes. */
export function startRequestSweep(
  background: Pick<Connection, "run">,
  clock: () => Date,
  log: Log,
): Repetition {
  return repeat(
    (isStopped) => sweepRequests(background, new Date(clock().getTime() - REMEMBERED_MS), isStopped),
    INTERVAL_MS,
    "old requests could not be forgotten; it is tried again in ten minutes",
    log,
  );
}
/** Forgets the requests made before `before`, of one project after the other. */
export async function sweepRequests(
  { run }: Pick<Connection, "run">,
  before: Date,
  isStopped: () => boolean,
): Promise<void> {
  for (const { projectId } of await run(listProjectIds())) {
    for (let forgotten = BATCH; forgotten === BATCH && !isStopped(); ) {
      forgotten = (await run(deleteRemembered(projectId, before, BATCH))).length;
    }
  }
}
