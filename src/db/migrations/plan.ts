import { MigrationError } from "./error.ts";
import type { MigrationFile, MigrationFiles } from "./files.ts";
import type { History } from "./history.ts";

/** The files to run, in order. */
export type Plan = {
  readonly migrations: readonly MigrationFile[];
  readonly functions: readonly MigrationFile[];
};

/**
 * Compares the files of this version with what the database has had.
 *
 * @throws MigrationError when the database is ahead of this version or has had other texts.
 */
export function planMigrations(files: MigrationFiles, history: History): Plan {
  refuseNewerDatabase(files, history);
  for (const file of files.migrations) refuseEdited(file, history);
  const pending = files.migrations.filter(({ name }) => !history.migrations.has(name));
  refuseLateNumber(pending, history);
  return {
    migrations: pending,
    functions: files.functions.filter(({ name, checksum }) => history.functions.get(name) !== checksum),
  };
}

function refuseNewerDatabase(files: MigrationFiles, history: History): void {
  const known = new Set(files.migrations.map(({ name }) => name));
  const unknown = [...history.migrations.keys()].filter((name) => !known.has(name)).sort();
  if (unknown.length > 0) {
    throw new MigrationError(
      `The database is newer than this version of Clientele, which doesn't know ${unknown.join(", ")}: ` +
        "start the version that has it, or restore a backup made before it",
    );
  }
}

function refuseEdited({ name, checksum }: MigrationFile, history: History): void {
  const applied = history.migrations.get(name);
  if (applied !== undefined && applied !== checksum) {
    throw new MigrationError(
      `${name} isn't the text that this database has had: put the file back as it was, and make the change in a new migration`,
    );
  }
}

function refuseLateNumber(pending: readonly MigrationFile[], history: History): void {
  const last = [...history.migrations.keys()].sort().at(-1);
  const late = pending.find(({ name }) => last !== undefined && name < last);
  if (late) {
    throw new MigrationError(
      `${late.name} comes before ${last}, which this database has had already: give it the next free number`,
    );
  }
}
