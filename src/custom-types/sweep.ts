import { randomUUIDv7 } from "node:crypto";
import type { Connection } from "../db/connection.ts";
import type { Log } from "../log.ts";
import { type Repetition, repeat } from "../repeat.ts";
import { listRemovals, type RemovalRow, sweepField } from "./removals.ts";

type Background = Pick<Connection, "run">;

/** Another instance may have stopped in the middle of its sweep. */
const INTERVAL_MS = 10_000;
/** A project's writers wait for each batch. */
const BATCH = 500;
const MAX_REMOVALS = 1000;

/** Removes the values of fields that were removed from their types: now, when hurried, and every ten seconds. */
export function startFieldSweep(background: Background, clock: () => Date, log: Log): Repetition {
  return repeat(
    (isStopped) => sweepFields(background, clock, log, isStopped),
    INTERVAL_MS,
    "values of removed custom fields could not be swept; it is tried again in ten seconds",
    log,
  );
}

/**
 * Ends all removals that there are, one batch of resources after the other. One that fails, since the
 * project is busy, keeps no other from its end.
 *
 * @throws what the first one failed with.
 */
export async function sweepFields(
  { run }: Background,
  clock: () => Date,
  log: Log,
  isStopped: () => boolean,
): Promise<void> {
  const failures: unknown[] = [];
  for (const removal of await run(listRemovals(MAX_REMOVALS))) {
    if (isStopped()) return;
    await sweepRemoval({ run }, removal, clock, log, isStopped).catch((error: unknown) =>
      failures.push(error),
    );
  }
  if (failures.length > 0) throw failures[0];
}

async function sweepRemoval(
  { run }: Background,
  removal: RemovalRow,
  clock: () => Date,
  log: Log,
  isStopped: () => boolean,
): Promise<void> {
  const { customTypeId, fieldName } = removal;
  let loggedAt = clock().getTime();
  while (!isStopped()) {
    const [row] = await run(sweepField(removal, BATCH, randomUUIDv7(), clock()));
    if (!row) return;
    const progress = { customTypeId, fieldName, resources: Number(row.swept) };
    if (row.done) return log.info(progress, "values of a removed custom field are swept");
    if (clock().getTime() - loggedAt < LOG_MS) continue;
    loggedAt = clock().getTime();
    log.info(progress, "values of a removed custom field are being swept");
  }
}

/** Between two lines on the progress of one sweep. */
const LOG_MS = 5000;
