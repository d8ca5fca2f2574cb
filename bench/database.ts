import postgres from "postgres";
import { startDatabase } from "../src/commands/database.ts";
import { toConfig } from "../src/config.ts";
import { type DatabaseAddress, type Sql, sessionOptions } from "../src/db/connection.ts";
import { openLog } from "../src/log.ts";
import { prepareDatabase } from "../src/prepare-database.ts";
import { urlOf, withDatabase } from "./database-url.ts";
import { readProcess } from "./processes.ts";
import { CREATE_PROJECT, READ_PROJECT } from "./projects.ts";

/** The PostgreSQL that all contestants share, each in a database of its own. */
export type BenchDatabase = {
  /** What the figures depend on: its version and how it writes to the disk. */
  readonly settings: Readonly<Record<string, string>>;
  /** Makes a new database with this version's schema; its URL. */
  createDatabase(name: string): Promise<string>;
  /** Makes a new database that is a copy of one that nobody uses; its URL. */
  copyDatabase(name: string, from: string): Promise<string>;
  dropDatabase(name: string): Promise<void>;
  /** Does what autovacuum would within a minute: until then PostgreSQL plans for tables of unknown size. */
  analyze(name: string): Promise<void>;
  /** Lends a session on a database that was made here. */
  withSession<Result>(name: string, work: (sql: Sql) => Promise<Result>): Promise<Result>;
  /** How many transactions it has ended. Sessions tell with a delay of up to a second. */
  countTransactions(name: string): Promise<number>;
  /** The process that all others of PostgreSQL come from; undefined where it can't be seen. */
  readonly postmaster: number | undefined;
  /** CPU time of the processes that serve this database, by their ids; none where they can't be seen. */
  cpuUsByProcess(name: string): Promise<ReadonlyMap<number, number>>;
  /** Drops what was made, and stops what was started. */
  close(): Promise<void>;
};

/** Starts the embedded PostgreSQL in `dataDir`, or uses that of `DATABASE_URL`. */
export async function openBenchDatabase(
  databaseUrl: string | undefined,
  dataDir: string,
): Promise<BenchDatabase> {
  const log = openLog({ level: "error", format: "text" });
  const config = toConfig({ DATABASE_URL: databaseUrl, CLIENTELE_DATA_DIR: dataDir });
  const running = await startDatabase(config, log);
  const { address } = running;
  const admin: Sql = postgres(sessionOptions(address, STATEMENT_MS));
  const created = new Set<string>();
  const fullName = (name: string) => `clientele_bench_${process.pid}_${name.replaceAll("-", "_")}`;
  const urlOfDatabase = (name: string) =>
    databaseUrl === undefined
      ? urlOf({ ...address, database: fullName(name) })
      : withDatabase(databaseUrl, fullName(name));

  return {
    settings: await readSettings(admin),
    postmaster: await findPostmaster(admin),

    async createDatabase(name) {
      const database = fullName(name);
      await admin`create database ${admin(database)}`;
      created.add(database);
      const own = { ...address, database };
      await prepareDatabase(own, PROJECTS, log);
      // A bench creates more groups than a project may have.
      await withSession(own, (sql) => sql`update projects set customer_group_limit = 2147483647`);
      return urlOfDatabase(name);
    },

    async copyDatabase(name, from) {
      const database = fullName(name);
      // Files are copied as they are: otherwise all that is in them is written twice, to the log too.
      await admin`create database ${admin(database)} template ${admin(fullName(from))} strategy = file_copy`;
      created.add(database);
      return urlOfDatabase(name);
    },

    async dropDatabase(name) {
      await admin`drop database if exists ${admin(fullName(name))} with (force)`;
      created.delete(fullName(name));
    },

    async countTransactions(name) {
      const [row] = await admin<{ count: bigint }[]>`
        select xact_commit + xact_rollback as count from pg_stat_database where datname = ${fullName(name)}`;
      return Number(row?.count ?? 0n);
    },

    async analyze(name) {
      await withSession({ ...address, database: fullName(name) }, async (sql) => {
        // Autovacuum may be at a table that was just filled: it is waited for, however long it takes.
        await sql`set lock_timeout = 0`;
        await sql`set statement_timeout = 0`;
        await sql`vacuum analyze`;
      });
    },

    withSession: (name, work) => withSession({ ...address, database: fullName(name) }, work),

    async cpuUsByProcess(name) {
      const rows = await admin<{ pid: number }[]>`
        select pid from pg_stat_activity where datname = ${fullName(name)}`;
      return new Map(rows.flatMap(({ pid }) => cpuUsOf(pid)));
    },

    async close() {
      for (const database of created) await admin`drop database ${admin(database)} with (force)`;
      await admin.end({ timeout: 1 });
      await running.stop();
    },
  };
}

/** To vacuum a million customers takes a while. */
const STATEMENT_MS = 600_000;
const PROJECTS = [
  { key: READ_PROJECT, mode: "test" },
  { key: CREATE_PROJECT, mode: "test" },
] as const;
const SETTINGS = ["server_version", "fsync", "synchronous_commit", "shared_buffers", "full_page_writes"];

async function readSettings(admin: Sql): Promise<Record<string, string>> {
  const rows = await admin<{ name: string; value: string }[]>`
    select name, current_setting(name) as value from pg_settings where name = any(${SETTINGS})`;
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
}

/** A session's process is a child of it. */
async function findPostmaster(admin: Sql): Promise<number | undefined> {
  const [row] = await admin<{ pid: number }[]>`select pg_backend_pid() as pid`;
  const process = row && readProcess(row.pid);
  return process?.name === "postgres" ? process.parent : undefined;
}

/** Nothing unless it is a process of this machine that is PostgreSQL's, on Linux. */
function cpuUsOf(pid: number): [pid: number, cpuUs: number][] {
  const process = readProcess(pid);
  return process?.name === "postgres" ? [[pid, process.cpuUs]] : [];
}

async function withSession<Result>(
  address: DatabaseAddress,
  work: (sql: Sql) => Promise<Result>,
): Promise<Result> {
  const sql: Sql = postgres(sessionOptions(address, STATEMENT_MS));
  try {
    return await work(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
}
