import { execFileSync } from "node:child_process";
import { chmod, chown, lstat, mkdir, mkdtemp, readFile, readlink, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { expect, onTestFinished, test } from "vitest";
import { type DatabaseAddress, type Sql, sessionOptions } from "../src/db/connection.ts";
import { startEmbeddedPostgres } from "../src/embedded-postgres/embedded-postgres.ts";
import { spawnEmbeddedPostgres } from "./support/spawn-embedded-postgres.ts";

const isRoot = process.getuid?.() === 0;
const isLinux = process.platform === "linux";
const NOBODY = 65534;

test("keeps the data between starts", async () => {
  const dataDir = await temporaryFolder();
  await (await startWithANote(dataDir, "kept")).stop();
  expect(await notesOf(await start(dataDir))).toEqual(["kept"]);
});

test("is used by one process at a time, and says which", async () => {
  const dataDir = await temporaryFolder();
  const first = await spawnEmbeddedPostgres(dataDir);
  await expect(start(dataDir)).rejects.toThrow(`Another Clientele (pid ${first.pid}) is using ${dataDir}`);
  await first.stop();
  await start(dataDir);
});

test("is had by one of several that start at once after a kill", async () => {
  const dataDir = await temporaryFolder();
  const killed = await spawnEmbeddedPostgres(dataDir);
  await killed.kill();
  const outcomes = await Promise.allSettled([1, 2, 3, 4].map(() => start(dataDir)));
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
});

test("has the acknowledged data after its process was killed and left the server running", async () => {
  const dataDir = await temporaryFolder();
  const killed = await spawnEmbeddedPostgres(dataDir);
  await note(killed.address, "acknowledged");
  const postmaster = await postmasterOf(dataDir);
  await killed.kill();
  expect(isAlive(postmaster)).toBe(true);

  expect(await notesOf(await start(dataDir))).toEqual(["acknowledged"]);
  expect(isAlive(postmaster)).toBe(false);
});

test("spares the process that has a dead server's pid since a reboot", async () => {
  const dataDir = await temporaryFolder();
  await (await startWithANote(dataDir, "kept")).stop();
  await writeFile(path.join(dataDir, "postgres/postmaster.pid"), `${process.ppid}\n${dataDir}/postgres\n`);
  expect(await notesOf(await start(dataDir))).toEqual(["kept"]);
  expect(isAlive(process.ppid)).toBe(true);
});

test("starts again within two seconds of the server's end, with all that was acknowledged", async () => {
  const dataDir = await temporaryFolder();
  const server = await startWithANote(dataDir, "acknowledged");
  process.kill(await postmasterOf(dataDir), "SIGKILL");
  const begin = performance.now();
  expect(await notesOf(server, 2000)).toEqual(["acknowledged"]);
  expect(performance.now() - begin).toBeLessThan(2000);
});

test.runIf(isLinux)("ends a connection of a killed server that holds its memory", async () => {
  const dataDir = await temporaryFolder();
  const server = await startWithANote(dataDir, "acknowledged");
  const sql = open(server);
  const [backend] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
  process.kill(backend?.pid ?? 0, "SIGSTOP");
  process.kill(await postmasterOf(dataDir), "SIGKILL");
  expect(await notesOf(server, 10_000)).toEqual(["acknowledged"]);
});

test("starts again as often as it must", async () => {
  const dataDir = await temporaryFolder();
  const server = await startWithANote(dataDir, "acknowledged");
  for (let time = 0; time < 3; time += 1) {
    process.kill(await postmasterOf(dataDir), "SIGKILL");
    expect(await notesOf(server, 5000)).toEqual(["acknowledged"]);
  }
});

test("works below a path that's too long for a socket", async () => {
  const dataDir = path.join(await temporaryFolder(), "long".repeat(30));
  const server = await startWithANote(dataDir, "far away");
  expect((await lstat(path.join(dataDir, "postgres"))).isDirectory()).toBe(true);
  onTestFinished(() => rm(server.host, { recursive: true, force: true }));
  expect(server.host).not.toContain(dataDir);
  expect((await lstat(server.host)).mode & 0o777).toBe(0o700);
  await server.stop();
  expect(await notesOf(await start(dataDir))).toEqual(["far away"]);
});

test("refuses data of another major version of PostgreSQL, and leaves them alone", async () => {
  const dataDir = await temporaryFolder();
  await mkdir(path.join(dataDir, "postgres"));
  if (isRoot) await chown(path.join(dataDir, "postgres"), NOBODY, NOBODY);
  await writeFile(path.join(dataDir, "postgres/PG_VERSION"), "17\n");
  await expect(start(dataDir)).rejects.toThrow(/holds data of PostgreSQL 17/);
});

test("refuses a data folder that's a file", async () => {
  const file = path.join(await temporaryFolder(), "file");
  await writeFile(file, "");
  await expect(start(file)).rejects.toThrow(/can't be used for data .*CLIENTELE_DATA_DIR/);
});

test("writes no statement and no value to its log", async () => {
  const dataDir = await temporaryFolder();
  const sql = open(await start(dataDir));
  await sql`create table people (email text primary key)`;
  for (let time = 0; time < 2; time += 1) {
    await sql`insert into people values (${"ann@example.test"})`.catch(() => {});
  }
  await sql`select ${"bob@example.test"}::text::integer`.catch(() => {});
  await sql.unsafe("selekt 'cleo@example.test'").catch(() => {});
  const text = await readFile(path.join(dataDir, "postgres.log"), "utf8");
  expect(text).toContain("ready to accept connections");
  expect(text).not.toMatch(/example|people|selekt/);
});

test.runIf(isRoot)("runs as another account when root starts it", async () => {
  const dataDir = await temporaryFolder();
  await start(dataDir);
  expect((await lstat(`/proc/${await postmasterOf(dataDir)}`)).uid).not.toBe(0);
});

test.runIf(isRoot)("works below a folder that only root may enter", async () => {
  const closed = await temporaryFolder();
  await chmod(closed, 0o700);
  const dataDir = path.join(closed, "data");
  const server = await startWithANote(dataDir, "kept");
  const elsewhere = await readlink(path.join(dataDir, "postgres"));
  onTestFinished(() => rm(elsewhere, { recursive: true }));
  await server.stop();
  expect(await notesOf(await start(dataDir))).toEqual(["kept"]);
});

// Anyone but root runs all the other tests as a normal user anyway.
test.runIf(isRoot)("works for a normal user, and then for root on the same data", async () => {
  const dataDir = await temporaryFolder();
  await chown(dataDir, NOBODY, NOBODY);
  const server = await spawnEmbeddedPostgres(dataDir, NOBODY);
  await note(server.address, "a user's");
  expect((await lstat(`/proc/${await postmasterOf(dataDir)}`)).uid).toBe(NOBODY);
  await server.stop();
  expect(await notesOf(await start(dataDir))).toEqual(["a user's"]);
});

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "clientele-embedded-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  // Else root's PostgreSQL would have its data elsewhere, as one test wants it.
  await chmod(folder, 0o711);
  return folder;
}

async function start(dataDir: string) {
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const server = await startEmbeddedPostgres({ dataDir, log });
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= server.stop();
    return stopped;
  };
  onTestFinished(stop);
  return { ...server, stop };
}

async function startWithANote(dataDir: string, text: string) {
  const server = await start(dataDir);
  await note(server, text);
  return server;
}

async function note(address: DatabaseAddress, text: string): Promise<void> {
  const sql = open(address);
  await sql`create table notes (text text)`;
  await sql`insert into notes values (${text})`;
}

/** Asks until there is an answer, or so many milliseconds are over. */
async function notesOf(address: DatabaseAddress, withinMs = 0): Promise<string[]> {
  const end = performance.now() + withinMs;
  for (;;) {
    const sql = open(address);
    try {
      const rows = await sql<{ text: string }[]>`select text from notes`;
      return rows.map(({ text }) => text);
    } catch (error) {
      if (performance.now() > end) throw error;
      await sql.end({ timeout: 0 });
      await sleep(20);
    }
  }
}

function open(address: DatabaseAddress): Sql {
  const sql = postgres(sessionOptions(address, 5000));
  onTestFinished(() => sql.end({ timeout: 0 }));
  return sql;
}

async function postmasterOf(dataDir: string): Promise<number> {
  const [pid] = (await readFile(path.join(dataDir, "postgres/postmaster.pid"), "utf8")).split("\n");
  return Number(pid);
}

/** A process that has ended, and whose parent doesn't care, isn't. */
function isAlive(pid: number): boolean {
  try {
    return !execFileSync("ps", ["-o", "stat=", "-p", `${pid}`], { encoding: "utf8" }).startsWith("Z");
  } catch {
    return false;
  }
}
