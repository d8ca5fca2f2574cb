import { setTimeout as sleep } from "node:timers/promises";
import type { Connection, Statement } from "../db/connection.ts";
import type { Log } from "../log.ts";
import { type Repetition, repeat } from "../repeat.ts";

type Background = Pick<Connection, "run">;

/** Another instance may have stopped in the middle of its work. */
const INTERVAL_MS = 10_000;
/** Each is done within some tens of milliseconds, and others use the connection in between. */
const BATCH = 1000;
const MAX_PROJECTS = 1000;

/** Removes what deleted projects held: now, when hurried, and every ten seconds. */
export function startProjectPurge(background: Background, clock: () => Date, log: Log): Repetition {
  return repeat(
    (isStopped) => purgeProjects(background, clock, log, isStopped),
    INTERVAL_MS,
    "what a deleted project held could not be removed; it is tried again in ten seconds",
    log,
  );
}

/**
 * Ends all deletions that there are, one batch of rows of each in turn, so that a small one needn't wait for a
 * large one. One that fails keeps no other from its end. Any number of instances may do so at once.
 *
 * @throws what the first one failed with.
 */
export async function purgeProjects(
  { run }: Background,
  clock: () => Date,
  log: Log,
  isStopped: () => boolean,
): Promise<void> {
  const failures = new Map<string, unknown>();
  let toldAt = clock().getTime();
  for (;;) {
    const deletions = await run(listDeletions(MAX_PROJECTS));
    const open = deletions.filter(({ projectId }) => !failures.has(projectId));
    if (open.length === 0) break;
    const isToTell = clock().getTime() - toldAt >= LOG_MS;
    if (isToTell) toldAt = clock().getTime();
    for (const { projectId, key } of open) {
      if (isStopped()) return;
      const begin = performance.now();
      try {
        const [row] = await run(purgeProject(projectId, BATCH, clock()));
        const progress = { project: key, rows: Number(row?.deletedRowCount) };
        if (row?.done) log.info(progress, "a project is deleted");
        else if (row && isToTell) log.info(progress, "a project is being deleted");
      } catch (error) {
        failures.set(projectId, error);
      }
      // As long as it took: there may be millions of rows, and the database is others' too.
      await sleep(performance.now() - begin);
    }
  }
  for (const failure of failures.values()) throw failure;
}

/** Between two lines on the progress of one deletion. */
const LOG_MS = 5000;

/** The projects that are being deleted, up to `limit`. For background work only: no request reads across projects. */
function listDeletions(limit: number): Statement<{ projectId: string; key: string }> {
  return (sql) => sql<{ projectId: string; key: string }[]>`
    select project_id, key
    from projects
    where state = 'deleting'
    order by deletion_started_at
    limit ${limit}`;
}

type PurgedRow = { readonly deletedRowCount: bigint; readonly done: boolean };

/** Removes the next rows, at most `limit`; no row when another instance removed the last ones. */
export function purgeProject(projectId: string, limit: number, at: Date): Statement<PurgedRow> {
  return (sql) => sql<PurgedRow[]>`
    select deleted_row_count, done
    from purge_project_v1(${projectId}, ${limit}, ${at})`;
}
