import net from "node:net";
import { ConnectError } from "@connectrpc/connect";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { expectConsistent, openSql } from "../support/consistency.ts";
import { createDatabase, type TestDatabase, urlOf } from "../support/database.ts";
import { describeFailure } from "../support/failures.ts";
import { exitOf, startMain } from "../support/process.ts";
import { groupClient } from "../support/service.ts";

// Several processes behind one port, and what happens when one of them is killed.

type Running = Awaited<ReturnType<typeof startMain>>;

const projectKey = "demo";
let database: TestDatabase;
let service: Running;

beforeAll(async () => {
  database = await createDatabase();
  service = await start();
});
afterAll(async () => {
  service.child.kill("SIGKILL");
  await exitOf(service.child);
  await database.drop();
});

test("connections are dealt out in turn", async () => {
  for (const client of clientsOf(service, 4)) await client.queryCustomerGroups({ projectKey });
  await vi.waitFor(() => expect([callsOf(1), callsOf(2)]).toEqual([2, 2]));
});

test("what is created through both is numbered without a gap, and each name is taken once", async () => {
  const clients = clientsOf(service, 4);
  const outcomes = await Promise.all(
    Array.from({ length: 25 }, (_, number) =>
      Promise.allSettled(
        clients.map((client) =>
          client.createCustomerGroup({ projectKey, draft: { name: `raced ${number}` } }),
        ),
      ),
    ),
  );
  for (const ofOneName of outcomes) {
    const refused = ofOneName
      .filter((outcome) => outcome.status === "rejected")
      .map(({ reason }) => describeFailure(ConnectError.from(reason)).reason);
    expect(refused).toEqual(Array(3).fill("DUPLICATE_FIELD"));
  }
  const sql = openSql(database);
  await expectConsistent(sql, projectKey);
  await sql.end();
});

test("a worker that is killed takes no other down, and another takes its place", async () => {
  const [killed = 0] = pidsOf(service, 1);
  process.kill(killed, "SIGKILL");
  await untilReplaced(1);
  for (const client of clientsOf(service, 4)) await client.queryCustomerGroups({ projectKey });
  const before = callsOf(1);
  await vi.waitFor(async () => {
    for (const client of clientsOf(service, 2)) await client.queryCustomerGroups({ projectKey });
    expect(callsOf(1)).toBeGreaterThan(before);
  }, PATIENCE);
});

test("a connection that was handed to a worker just before its death is ended", async () => {
  const [stuck = 0] = pidsOf(service, 2);
  process.kill(stuck, "SIGSTOP");
  const both = [knock(service), knock(service)];
  await Promise.race(both);
  process.kill(stuck, "SIGKILL");
  expect((await Promise.all(both)).sort()).toEqual(["answered", "ended"]);
  await untilReplaced(2);
});

test("SIGTERM under load: what was done is told, and no process is left", async () => {
  const names = Array.from({ length: 16 }, (_, caller) => `under load ${caller}`);
  const calls = clientsOf(service, names.length).map((client, caller) =>
    client.createCustomerGroup({ projectKey, draft: { name: names[caller] ?? "" } }),
  );
  await Promise.race(calls);
  service.child.kill("SIGTERM");
  const outcomes = await Promise.allSettled(calls);
  expect(await exitOf(service.child)).toBe(0);
  expect(pidsOf(service).filter(isRunning)).toEqual([]);
  // Who came to a closed door was refused, or reset; what was let in has its answer.
  const sql = openSql(database);
  const rows = await sql<{ name: string }[]>`select name from customer_groups where name like 'under load %'`;
  await sql.end();
  const told = names.filter((_, caller) => outcomes[caller]?.status === "fulfilled");
  expect(rows.map(({ name }) => name).sort()).toEqual(told.sort());
});

test("workers whose first process is killed answer what is under way, and end", async () => {
  const orphaned = await start();
  const calls = clientsOf(orphaned, 4).map((client) => client.queryCustomerGroups({ projectKey }));
  await Promise.race(calls);
  orphaned.child.kill("SIGKILL");
  await vi.waitFor(() => expect(pidsOf(orphaned).filter(isRunning)).toEqual([]), PATIENCE);
  const said = linesOf(orphaned).filter(({ msg }) =>
    msg.includes("the process that started this worker is gone"),
  );
  expect(said.map(({ worker }) => worker).sort()).toEqual([1, 2]);
});

const PATIENCE = { timeout: 30_000, interval: 50 };

function start() {
  return startMain({
    DATABASE_URL: urlOf(database),
    CLIENTELE_WORKERS: "2",
    CLIENTELE_LOG_REQUESTS: "all",
  });
}

/** A client with a connection of its own, for each. */
function clientsOf({ baseUrl }: Running, count: number) {
  return Array.from({ length: count }, () => groupClient(baseUrl));
}

/** What becomes of a new connection that asks for something. */
function knock({ port }: Running): Promise<"answered" | "ended"> {
  return new Promise((resolve) => {
    const socket = net.connect(port, "127.0.0.1", () =>
      socket.write("GET /livez HTTP/1.0\r\nhost: localhost\r\n\r\n"),
    );
    socket.once("data", () => resolve("answered"));
    socket.once("close", () => resolve("ended"));
    socket.on("error", () => {}); // "close" follows
  });
}

type Line = {
  readonly msg: string;
  readonly worker?: number;
  readonly pid?: number;
  readonly code?: unknown;
};

function linesOf({ child }: Running): Line[] {
  const whole = child.output().split("\n").slice(0, -1);
  return whole.map((line) => JSON.parse(line) as Line);
}

/** The processes that are, or were, a worker, in the order of their start. */
function pidsOf(one: Running, number?: number): number[] {
  return linesOf(one)
    .filter(({ msg, worker }) => msg === "worker started" && (number === undefined || worker === number))
    .map(({ pid }) => pid ?? 0);
}

/** How many calls a worker has answered. */
function callsOf(number: number): number {
  return linesOf(service).filter(({ worker, code }) => worker === number && typeof code === "string").length;
}

function untilReplaced(number: number): Promise<void> {
  return vi.waitFor(() => expect(pidsOf(service, number).length).toBe(2), PATIENCE);
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
