import { execFile } from "node:child_process";
import { accessSync, constants, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { parseDatabaseUrl } from "../../src/db/address.ts";
import { projectIdOf } from "../../src/projects/project-id.ts";
import type { Contestant } from "../contestants/contestant.ts";
import type { LoadWindow } from "../load.ts";
import { READ_PROJECT } from "../projects.ts";
import { ID_HEX_DIGITS, ID_START } from "./seeded.ts";

/** PostgreSQL's own measure of itself: the select of a Get, of any group. Undefined where it isn't installed. */
export function openPgbench(databaseUrl: string, rows: number): Contestant<"pgbench"> | undefined {
  const program = findPgbench();
  if (program === undefined) return undefined;
  const { host, port, user, password = "", database } = parseDatabaseUrl(databaseUrl);
  const folder = mkdtempSync(path.join(tmpdir(), "clientele-pgbench-"));
  const script = path.join(folder, "get.sql");
  writeFileSync(script, scriptOf(rows));
  const env = { PGHOST: host, PGPORT: `${port}`, PGUSER: user, PGPASSWORD: password, PGDATABASE: database };
  return {
    name: "pgbench",
    port,
    usage: async () => ({ cpuUs: Number.NaN, rssBytes: Number.NaN }),
    stop: async () => rmSync(folder, { recursive: true, force: true }),
    async callItself({ ms }) {
      const seconds = Math.max(1, Math.round(ms / 1000));
      const args = ["-n", "-M", "prepared", "-f", script, "-c", `${CLIENTS}`, "-j", "2", "-T", `${seconds}`];
      const { stdout } = await run(program, args, { env: { ...process.env, ...env } });
      return readWindow(stdout);
    },
  };
}

/** Each is a session of its own; more wait for the processors only. */
export const CLIENTS = 16;

const run = promisify(execFile);
const DEBIAN = "/usr/lib/postgresql";

function findPgbench(): string | undefined {
  const debian = listFolder(DEBIAN)
    .toSorted((a, b) => Number(b) - Number(a))
    .map((version) => path.join(DEBIAN, version, "bin"));
  const folders = [...(process.env.PATH ?? "").split(path.delimiter), ...debian];
  return folders.map((folder) => path.join(folder, "pgbench")).find(isProgram);
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function scriptOf(rows: number): string {
  return `\\set n random(0, ${rows - 1})
select id, version, created_at, created_by, last_modified_at, last_modified_by, key, name, reference, reference_origin, metadata, price_list_id, market_ids, attachments, customer_count, custom_type_id, custom_fields, byte_size from customer_groups where project_id = '${projectIdOf(READ_PROJECT)}' and id = ('${ID_START}' || lpad(to_hex(:n::bigint), ${ID_HEX_DIGITS}, '0'))::uuid;
`;
}

function readWindow(output: string): LoadWindow {
  const numberAfter = (text: RegExp) => Number(text.exec(output)?.[1] ?? Number.NaN);
  const calls = numberAfter(/actually processed: (\d+)/);
  const perSecond = numberAfter(/tps = ([\d.]+)/);
  if (Number.isNaN(calls / perSecond)) throw new Error(`pgbench said: ${output}`);
  const unknown = { p50: Number.NaN, p99: Number.NaN, p999: Number.NaN, loadCpuUs: Number.NaN };
  return { calls, seconds: calls / perSecond, ...unknown, retries: 0 };
}
