import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test, vi } from "vitest";
import type { Env } from "../src/config.ts";
import { type Connection, sessionOptions } from "../src/db/connection.ts";
import { startRequestSweep } from "../src/requests/sweep.ts";
import { createDatabase, type TestDatabase, urlOf } from "./support/database.ts";
import { exitOf, runMain, startMain, temporaryFolder } from "./support/process.ts";
import { startServiceOn } from "./support/service.ts";

// What an operator sees when the service starts, or can't: real processes.

const { folder, remove } = temporaryFolder();
const busy = net.createServer((socket) => socket.destroy());
let busyPort: number;
let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase();
  await new Promise<void>((resolve) => busy.listen(0, "127.0.0.1", resolve));
  busyPort = (busy.address() as net.AddressInfo).port;
});

afterAll(async () => {
  busy.close();
  await database.drop();
  remove();
});

function fixture(name: string): string {
  return fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
}

/** A port that nothing listens on. */
async function closedPort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * Something that refuses every connection as PostgreSQL would:
 * https://www.postgresql.org/docs/18/protocol-error-fields.html
 */
async function startRefusing(sqlState: string): Promise<number> {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${sqlState}\0Mrefused\0\0`);
  const head = Buffer.from("E\0\0\0\0");
  head.writeInt32BE(fields.length + 4, 1);
  const server = net.createServer((socket) => {
    socket.on("error", () => {}).once("data", () => socket.end(Buffer.concat([head, fields])));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return (server.address() as net.AddressInfo).port;
}

/** What the command says on its last line, once it has ended with 1. */
async function lastWords(env: Env, command = "serve"): Promise<string> {
  const child = runMain([command], {
    CLIENTELE_PORT: "0",
    CLIENTELE_LOG_LEVEL: "silent",
    CLIENTELE_DATA_DIR: path.join(folder, "unused"),
    ...env,
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  expect(await exitOf(child)).toBe(1);
  return child.output().trim();
}

describe("ends with 1 and one sentence when", () => {
  test("its port is taken", async () => {
    const env = { CLIENTELE_PORT: `${busyPort}`, DATABASE_URL: urlOf(database) };
    expect(await lastWords(env)).toBe(
      `clientele: Port ${busyPort} of 127.0.0.1 is in use: stop the other program or set CLIENTELE_PORT.`,
    );
  });

  test("its address is not of this machine", async () => {
    const env = { CLIENTELE_HOST: "192.0.2.1", CLIENTELE_AUTH: "open", DATABASE_URL: urlOf(database) };
    expect(await lastWords(env)).toBe(
      "clientele: This machine has no address 192.0.2.1: set CLIENTELE_HOST to one that it has.",
    );
  });

  test.each(["serve", "migrate"])("no PostgreSQL listens: %s", async (command) => {
    const port = await closedPort();
    const env = { DATABASE_URL: `postgres://user:secret@127.0.0.1:${port}/shop` };
    expect(await lastWords(env, command)).toBe(
      `clientele: PostgreSQL can't be reached at 127.0.0.1:${port} (ECONNREFUSED): is it running, and is DATABASE_URL right?`,
    );
  });

  test("the host of DATABASE_URL is unknown", async () => {
    expect(await lastWords({ DATABASE_URL: "postgres://u:secret@none.invalid/d" })).toMatch(
      /^clientele: PostgreSQL can't be reached at none\.invalid:5432 \((ENOTFOUND|EAI_AGAIN|CONNECT_TIMEOUT)\): is it running, and is DATABASE_URL right\?$/,
    );
  });

  test("what listens there ends the connection", async () => {
    expect(await lastWords({ DATABASE_URL: `postgres://u:secret@127.0.0.1:${busyPort}/d` })).toMatch(
      /^clientele: PostgreSQL can't be reached at 127\.0\.0\.1:\d+ \((CONNECTION_CLOSED|ECONNRESET)\): /,
    );
  });

  test("a port for several workers is taken, which is told once", async () => {
    const env = {
      CLIENTELE_PORT: `${busyPort}`,
      CLIENTELE_WORKERS: "2",
      DATABASE_URL: urlOf(database),
    };
    expect((await lastWords(env)).split("\n")).toEqual([
      `clientele: Port ${busyPort} of 127.0.0.1 is in use: stop the other program or set CLIENTELE_PORT.`,
      "clientele: Worker 1 ended at its start: exit code 1; it says why above",
    ]);
  });

  test("workers need more connections than PostgreSQL has", async () => {
    const env = { CLIENTELE_WORKERS: "64", CLIENTELE_QUERY_CONNECTIONS: "64" };
    expect(await lastWords({ ...env, DATABASE_URL: urlOf(database) })).toMatch(
      /^clientele: CLIENTELE_WORKERS is 64, which needs 4544 connections to PostgreSQL, and it takes \d+: raise its max_connections, or lower /,
    );
    expect(await lastWords(env)).toMatch(
      /^clientele: The embedded PostgreSQL would need 4564 connections, and is given 1000 at most: lower /,
    );
  });

  test("the user is unknown", async () => {
    const words = await lastWords({
      DATABASE_URL: urlOf({ ...database, user: "nobody", password: "secret" }),
    });
    expect(words).toMatch(
      /^clientele: PostgreSQL at .+ refuses the user "nobody" \(28000\): set the right user and password in DATABASE_URL\.$/,
    );
    expect(words).not.toMatch(/secret/);
  });

  test.each([
    ["28P01", 'refuses the user "u" (28P01): set the right user and password in DATABASE_URL.'],
    [
      "08P01",
      "refuses how the connection is opened (08P01): a pooler before it must ignore the start-up parameters that the README lists.",
    ],
    [
      "53300",
      "has no connection left (53300): raise its max_connections, or lower CLIENTELE_WORKERS, CLIENTELE_QUERY_CONNECTIONS and CLIENTELE_WRITE_CONNECTIONS.",
    ],
  ])("PostgreSQL refuses the connection with %s", async (sqlState, words) => {
    const port = await startRefusing(sqlState);
    expect(await lastWords({ DATABASE_URL: `postgres://u:secret@127.0.0.1:${port}/d` })).toBe(
      `clientele: PostgreSQL at 127.0.0.1:${port} ${words}`,
    );
  });

  test("PostgreSQL refuses for a reason that nobody foresaw, which is told by its trace alone", async () => {
    const port = await startRefusing("XX000");
    const words = await lastWords({ DATABASE_URL: `postgres://u:secret@127.0.0.1:${port}/d` });
    expect(words).toMatch(/^PostgresError: refused\n +at /);
    expect(words).not.toMatch(/secret|severity|XX000/);
  });

  test("the database is unknown", async () => {
    const words = await lastWords({ DATABASE_URL: urlOf({ ...database, database: "nowhere" }) });
    expect(words).toMatch(
      /^clientele: PostgreSQL at .+ has no database "nowhere" \(3D000\): create it, or name another in DATABASE_URL\.$/,
    );
  });

  test("sslrootcert names no file", async () => {
    expect(await lastWords({ DATABASE_URL: "postgres://u:secret@h/d?sslrootcert=/none.pem" })).toBe(
      "clientele: sslrootcert=/none.pem of DATABASE_URL can't be read (ENOENT): name a PEM file",
    );
  });

  const crt = fixture("localhost-test-only.crt");
  const garbage = path.join(folder, "garbage.pem");
  writeFileSync(garbage, "garbage");

  test.each([
    ["/none.pem", crt, 'CLIENTELE_TLS_CERT_FILE is "/none.pem", which can\'t be read (ENOENT)'],
    [crt, "/none.pem", 'CLIENTELE_TLS_KEY_FILE is "/none.pem", which can\'t be read (ENOENT)'],
    [crt, folder, `CLIENTELE_TLS_KEY_FILE is "${folder}", which can't be read (EISDIR)`],
    [
      crt,
      garbage,
      "CLIENTELE_TLS_CERT_FILE and CLIENTELE_TLS_KEY_FILE are no PEM certificate and its key (ERR_OSSL_UNSUPPORTED)",
    ],
  ])("TLS has the files %s and %s", async (certFile, keyFile, sentence) => {
    const env = { CLIENTELE_TLS_CERT_FILE: certFile, CLIENTELE_TLS_KEY_FILE: keyFile };
    expect(await lastWords(env)).toBe(`clientele: ${sentence}`);
  });
});

test("a start that fails leaves no connection open", async () => {
  await expect(startServiceOn(database, { CLIENTELE_PORT: `${busyPort}` })).rejects.toThrow("EADDRINUSE");
  const sql = postgres(sessionOptions(inject("postgres"), 5000));
  try {
    // A backend ends a moment after its connection.
    await vi.waitFor(async () => {
      const open = await sql`select pid from pg_stat_activity where datname = ${database.database}`;
      expect(open.length).toBe(0);
    }, 5000);
  } finally {
    await sql.end();
  }
});

test("warns of a project that is there with the other mode, and of no other", async () => {
  const first = await startServiceOn(database, { CLIENTELE_PROJECTS: "testing,living:live" });
  await first.stop();
  const second = await startServiceOn(database, { CLIENTELE_PROJECTS: "testing:live,living:live" });
  await second.stop();
  expect(second.logged.filter(({ level }) => level === "warn")).toEqual([
    {
      level: "warn",
      fields: { project: "testing", mode: "test", configuredMode: "live" },
      message: "project testing is there as test and stays so, though CLIENTELE_PROJECTS says live",
    },
  ]);
});

test("tells where the embedded PostgreSQL's data are, also when a link leads there", async () => {
  const dataDir = path.join(folder, "data");
  const elsewhere = path.join(folder, "elsewhere");
  // The account of root's PostgreSQL must come there.
  chmodSync(folder, 0o711);
  mkdirSync(dataDir);
  symlinkSync(elsewhere, path.join(dataDir, "postgres"));
  const { child } = await startMain({ CLIENTELE_DATA_DIR: dataDir, CLIENTELE_LOG_FORMAT: "auto" });
  await vi.waitFor(() => expect(child.output()).toContain(`Its data are in ${elsewhere}.\n`), 5000);
  child.kill("SIGTERM");
  expect(await exitOf(child)).toBe(0);
});

test("a sweep that takes longer than its interval is not begun again before its end", async () => {
  vi.useFakeTimers();
  try {
    const warned: unknown[] = [];
    const log = { info: () => {}, warn: (...line: unknown[]) => warned.push(line), error: () => {} };
    let fail = () => {};
    const run = vi.fn(
      () => new Promise<never>((_, reject) => (fail = () => reject(new TypeError("secret")))),
    );
    const connection: Connection = { run, close: async () => {} };
    const { stop } = startRequestSweep(connection, () => new Date(), log);
    await vi.advanceTimersByTimeAsync(35 * 60_000);
    expect(run).toHaveBeenCalledTimes(1);

    fail();
    await vi.advanceTimersByTimeAsync(0);
    expect(warned).toEqual([[expect.objectContaining({ error: "TypeError" }), expect.any(String)]]);
    expect(JSON.stringify(warned)).not.toMatch(/secret/);

    await vi.advanceTimersByTimeAsync(10 * 60_000);
    expect(run).toHaveBeenCalledTimes(2);
    stop();
    fail();
    await vi.advanceTimersByTimeAsync(20 * 60_000);
    expect(run).toHaveBeenCalledTimes(2);
    expect(warned.length).toBe(1);
  } finally {
    vi.useRealTimers();
  }
});
