import { setTimeout as sleep } from "node:timers/promises";
import type { Sql } from "../connection.ts";
import { MigrationError } from "./error.ts";
import { createHistoryTables } from "./history.ts";

/** Any number will do, so long as it stays; it's "clientele" on a telephone's keys. */
const LOCK = 254368353;
const ASK_EVERY_MS = 50;

/**
 * Does the work on one connection while no other process does the like.
 *
 * @throws MigrationError when another one still holds the lock after maxWaitMs.
 */
export async function withMigrationLock<Result>(
  sql: Sql,
  maxWaitMs: number,
  work: (session: Sql) => Promise<Result>,
): Promise<Result> {
  const session = await sql.reserve();
  try {
    await waitForLock(session, maxWaitMs);
    try {
      await relaxTimeouts(session);
      await createHistoryTables(session);
      return await work(session);
    } finally {
      await release(session);
    }
  } finally {
    session.release();
  }
}

/** Asks again and again: a wait inside PostgreSQL would hold a snapshot, and end at lock_timeout. */
async function waitForLock(session: Sql, maxWaitMs: number): Promise<void> {
  const end = performance.now() + maxWaitMs;
  for (;;) {
    const [row] = await session<{ locked: boolean }[]>`select pg_try_advisory_lock(${LOCK}) as locked`;
    if (row?.locked) return;
    if (performance.now() >= end) break;
    await sleep(ASK_EVERY_MS);
  }
  const holders = await session<{ pid: number }[]>`
    select pid
    from pg_locks
    where locktype = 'advisory' and granted and objid = ${LOCK}
      and database = (select oid from pg_database where datname = current_database())`;
  throw new MigrationError(
    `Another process has been migrating this database for ${Math.round(maxWaitMs / 1000)} s: let it finish and start again; ` +
      `if it hangs, end it with select pg_terminate_backend(${holders[0]?.pid ?? "pid"})`,
  );
}

/** An index on a big table takes its time; but a lock that isn't had soon would make everyone queue. */
async function relaxTimeouts(session: Sql): Promise<void> {
  await session`set statement_timeout = 0`;
  await session`set idle_in_transaction_session_timeout = '60s'`;
  await session`set lock_timeout = '10s'`;
}

/** When the connection is gone, so are lock and settings. */
async function release(session: Sql): Promise<void> {
  try {
    await session`select pg_advisory_unlock(${LOCK})`;
    for (const setting of ["statement_timeout", "idle_in_transaction_session_timeout", "lock_timeout"]) {
      await session`reset ${session(setting)}`;
    }
  } catch {
    // The work's own error says more.
  }
}
