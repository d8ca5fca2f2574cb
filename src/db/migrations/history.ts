import type { Sql } from "../connection.ts";

/** Checksums by file name. */
export type History = {
  readonly migrations: ReadonlyMap<string, string>;
  readonly functions: ReadonlyMap<string, string>;
};

export type HistoryTable = "schema_migrations" | "schema_functions";

/** What was applied to the database; nothing when it's a fresh one. */
export async function findHistory(sql: Sql): Promise<History> {
  return {
    migrations: await findChecksums(sql, "schema_migrations"),
    functions: await findChecksums(sql, "schema_functions"),
  };
}

export async function createHistoryTables(sql: Sql): Promise<void> {
  for (const table of ["schema_migrations", "schema_functions"] satisfies HistoryTable[]) {
    // "if not exists" alone would send a notice for each start.
    if (await isThere(sql, table)) continue;
    await sql`
      create table if not exists ${sql(table)} (
        name text collate "C" not null,
        checksum text collate "C" not null,
        applied_at timestamptz(3) not null default now(),
        constraint ${sql(`${table}_pkey`)} primary key (name)
      )`;
  }
}

export async function insertHistory(
  sql: Sql,
  table: HistoryTable,
  entry: { readonly name: string; readonly checksum: string },
): Promise<void> {
  await sql`
    insert into ${sql(table)} (name, checksum)
    values (${entry.name}, ${entry.checksum})
    on conflict (name) do update set checksum = excluded.checksum, applied_at = excluded.applied_at`;
}

async function findChecksums(sql: Sql, table: HistoryTable): Promise<Map<string, string>> {
  if (!(await isThere(sql, table))) return new Map();
  const rows = await sql<{ name: string; checksum: string }[]>`select name, checksum from ${sql(table)}`;
  return new Map(rows.map(({ name, checksum }) => [name, checksum]));
}

async function isThere(sql: Sql, table: HistoryTable): Promise<boolean> {
  const [row] = await sql<{ found: boolean }[]>`select to_regclass(${table}) is not null as found`;
  return row?.found ?? false;
}
