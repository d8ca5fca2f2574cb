import { fileURLToPath } from "node:url";
import type { Log } from "../log.ts";
import type { Sql } from "./connection.ts";
import { MigrationError } from "./migrations/error.ts";
import { type MigrationFile, readMigrations } from "./migrations/files.ts";
import { findHistory } from "./migrations/history.ts";
import { withMigrationLock } from "./migrations/lock.ts";
import { type Plan, planMigrations } from "./migrations/plan.ts";
import { runFile } from "./migrations/run-file.ts";

export { MigrationError } from "./migrations/error.ts";

export type MigrateOptions = {
  /** The folder of the migrations; those of this version when absent. */
  readonly dir?: string;
  readonly log: Pick<Log, "info">;
  /** How long to wait for another process that migrates; 60 s when absent. */
  readonly maxWaitMs?: number;
};

/** What was done, by file name, in order. Both are empty when the database was up to date. */
export type Migrated = { readonly migrations: readonly string[]; readonly functions: readonly string[] };

/**
 * Brings the database to this version's schema. Any number of processes may do so at once: one of
 * them does the work, the others wait for it.
 *
 * @param sql a direct connection; a pooler that moves transactions between connections won't do.
 * @throws MigrationError that says what the operator can do.
 */
export async function migrate(
  sql: Sql,
  { dir = MIGRATIONS, log, maxWaitMs = 60_000 }: MigrateOptions,
): Promise<Migrated> {
  const files = await readMigrations(dir);
  const before = planMigrations(files, await findHistory(sql));
  if (isDone(before)) return NOTHING;

  return withMigrationLock(sql, maxWaitMs, async (session) => {
    // Another process may have done it meanwhile.
    const plan = planMigrations(files, await findHistory(session));
    for (const file of plan.migrations) await runFile(session, "schema_migrations", file);
    for (const file of plan.functions) await runFile(session, "schema_functions", file);
    const migrated = { migrations: plan.migrations.map(nameOf), functions: plan.functions.map(nameOf) };
    if (!isDone(plan)) log.info(migrated, "database migrated");
    return migrated;
  }).catch(inPlainWords);
}

const MIGRATIONS = fileURLToPath(new URL("../../migrations", import.meta.url));
const NOTHING: Migrated = { migrations: [], functions: [] };

function isDone(plan: Plan): boolean {
  return plan.migrations.length + plan.functions.length === 0;
}

function nameOf(file: MigrationFile): string {
  return file.name;
}

function inPlainWords(error: unknown): never {
  if (error instanceof MigrationError || !(error instanceof Error)) throw error;
  throw new MigrationError(`The migration failed: ${error.message}`, { cause: error });
}
