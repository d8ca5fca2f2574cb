import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chown, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import type { Log } from "../log.ts";
import { type Account, runAs } from "./account.ts";
import { EmbeddedPostgresError } from "./error.ts";
import { executable, type Program, serverEnvironment } from "./program.ts";

export type Cluster = {
  readonly cluster: string;
  readonly dataDir: string;
  readonly program: Program;
  readonly account: Account | undefined;
  /** Whether to wait until all is on the disk. */
  readonly isDurable: boolean;
  readonly log: Log;
};

/**
 * Makes the database cluster when there is none, and refuses one of another major version.
 *
 * @returns the superuser's password; undefined where the unix socket's folder is the guard.
 */
export async function prepareCluster(target: Cluster): Promise<string | undefined> {
  const password = process.platform === "win32" ? await keepPassword(target.dataDir) : undefined;
  const major = await majorVersionOf(target.cluster);
  if (major === undefined) await createCluster(target);
  else if (major !== target.program.version.split(".")[0]) {
    throw new EmbeddedPostgresError(
      `${target.dataDir} holds data of PostgreSQL ${major}, but this version of Clientele brings PostgreSQL ${target.program.version}: ` +
        "start the version of Clientele that made it, or set CLIENTELE_DATA_DIR to another folder",
    );
  }
  return password;
}

async function majorVersionOf(cluster: string): Promise<string | undefined> {
  try {
    return (await readFile(path.join(cluster, "PG_VERSION"), "utf8")).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Under another name first: one that was cut short must not be taken for a whole one. */
async function createCluster({ cluster, dataDir, program, account, isDurable, log }: Cluster): Promise<void> {
  const partial = `${cluster}.new`;
  const begin = performance.now();
  await rm(partial, { recursive: true, force: true });
  try {
    await mkdir(partial, { mode: 0o700 });
    if (account) await chown(partial, account.uid, account.gid);
    await promisify(execFile)(
      executable(program, "initdb"),
      [...initdbArguments(partial, dataDir), ...(isDurable ? [] : ["--no-sync"])],
      { ...runAs(account), env: serverEnvironment(), cwd: partial },
    );
    await rename(partial, cluster);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    const { stderr = "", message } = error as { stderr?: string; message: string };
    throw new EmbeddedPostgresError(
      `PostgreSQL couldn't make its data in ${dataDir}: ${lastLines(stderr) || message}`,
    );
  }
  log.info(
    { dataDir, ms: Math.round(performance.now() - begin) },
    "embedded PostgreSQL made its data folder",
  );
}

/** PostgreSQL's own collation: it's the same on all systems, and never changes with one's libc. */
function initdbArguments(folder: string, dataDir: string): string[] {
  const access =
    process.platform === "win32"
      ? ["--auth=scram-sha-256", `--pwfile=${passwordFile(dataDir)}`]
      : ["--auth-local=trust", "--auth-host=reject"];
  return [
    `--pgdata=${folder}`,
    "--username=clientele",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-instructions",
    ...access,
  ];
}

function lastLines(text: string): string {
  return text
    .split("\n")
    .filter((line) => /^initdb: (error|detail|hint)|FATAL|PANIC|could not/.test(line))
    .slice(-2)
    .join("; ");
}

async function keepPassword(dataDir: string): Promise<string> {
  await writeFile(passwordFile(dataDir), randomBytes(24).toString("hex"), { flag: "wx", mode: 0o600 }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    },
  );
  return (await readFile(passwordFile(dataDir), "utf8")).trim();
}

function passwordFile(dataDir: string): string {
  return path.join(dataDir, "postgres-password");
}
