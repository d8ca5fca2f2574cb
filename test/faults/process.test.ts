import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ConnectError } from "@connectrpc/connect";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Sql } from "../../src/db/connection.ts";
import { expectConsistent, openSql } from "../support/consistency.ts";
import { describeFailure } from "../support/failures.ts";
import { exitOf, startMain, temporaryFolder } from "../support/process.ts";
import { groupClient } from "../support/service.ts";

// A service with its embedded PostgreSQL, both real processes, killed at bad moments.

const PROJECTS = ["first", "second", "third", "fourth", "fifth", "sixth"];
const { folder, remove } = temporaryFolder();
let service: Awaited<ReturnType<typeof startMain>>;

beforeAll(async () => {
  service = await startMain({ CLIENTELE_DATA_DIR: folder, CLIENTELE_PROJECTS: PROJECTS.join(",") });
});

afterAll(async () => {
  service.child.kill("SIGTERM");
  await exitOf(service.child);
  remove();
});

/** What postmaster.pid tells: https://www.postgresql.org/docs/18/storage-file-layout.html */
function postmaster() {
  const [pid = "", , , port = "", host = ""] = readFileSync(
    path.join(folder, "postgres", "postmaster.pid"),
    "utf8",
  ).split("\n");
  return { pid: Number(pid), address: { host, port: Number(port), user: "clientele", database: "postgres" } };
}

/** Creates groups one after the other until told to stop, and keeps count of what it is told. */
function startWriter(projectKey: string, writer: number) {
  const client = groupClient(service.baseUrl);
  const acknowledged: string[] = [];
  const outcomes = new Set<string>();
  let slowestMs = 0;
  let stopped = false;
  const done = (async () => {
    for (let number = 0; !stopped; number += 1) {
      const name = `${writer} ${number}`;
      const begin = performance.now();
      try {
        await client.createCustomerGroup({ projectKey, draft: { name } });
        acknowledged.push(name);
      } catch (error) {
        const { code, reason } = describeFailure(ConnectError.from(error));
        outcomes.add(`${code} ${reason}`);
        await sleep(5);
      }
      slowestMs = Math.max(slowestMs, performance.now() - begin);
    }
  })();
  return {
    async stop() {
      stopped = true;
      await done;
      return { acknowledged, outcomes, slowestMs };
    },
  };
}

test("killing PostgreSQL under 16 writers loses no acknowledged write and doubles none", {
  timeout: 120_000,
}, async () => {
  for (const projectKey of PROJECTS) {
    await withSql(async (sql) => {
      await sql`update projects set customer_group_limit = 1000000 where key = ${projectKey}`;
    });
    const writers = Array.from({ length: 16 }, (_, writer) => startWriter(projectKey, writer));
    await sleep(300);
    process.kill(postmaster().pid, "SIGKILL");
    const backMs = await untilAnswered(projectKey);
    await sleep(100);
    const results = await Promise.all(writers.map((writer) => writer.stop()));
    const acknowledged = results.flatMap((result) => result.acknowledged);

    await withSql(async (sql) => {
      const rows = await sql<{ name: string }[]>`
        select g.name
        from customer_groups g
        join projects p on p.project_id = g.project_id
        where p.key = ${projectKey}`;
      const names = new Set(rows.map(({ name }) => name));
      expect(acknowledged.filter((name) => !names.has(name))).toEqual([]);
      await expectConsistent(sql, projectKey);
    });
    const told = ["Unavailable BACKEND_UNAVAILABLE", "Unavailable OVERLOADED", "Unknown OUTCOME_UNKNOWN"];
    for (const { outcomes, slowestMs } of results) {
      expect([...outcomes].filter((outcome) => !told.includes(outcome))).toEqual([]);
      // The default deadline is 5 s.
      expect(slowestMs).toBeLessThan(7000);
    }
    console.log(`${acknowledged.length} writes acknowledged; answering again ${backMs} ms after the kill`);
  }
});

test("SIGTERM under load: every call that was accepted is answered", { timeout: 30_000 }, async () => {
  const own = temporaryFolder();
  const { child, baseUrl } = await startMain({ CLIENTELE_DATA_DIR: own.folder });
  const calls: Promise<unknown>[] = [];
  for (let caller = 0; caller < 64; caller += 1) {
    const client = groupClient(baseUrl);
    calls.push(client.queryCustomerGroups({ projectKey: "demo" }));
    calls.push(client.createCustomerGroup({ projectKey: "demo", draft: { name: `under load ${caller}` } }));
  }
  await Promise.race(calls);
  child.kill("SIGTERM");
  const outcomes = await Promise.allSettled(calls);
  const refused = outcomes
    .filter((outcome) => outcome.status === "rejected")
    .map(({ reason }) => describeFailure(ConnectError.from(reason)));
  // A call that came to a closed door has no reason of ours; one that was let in has its answer.
  expect(refused.filter(({ code, reason }) => code !== "Unavailable" && reason === undefined)).toEqual([]);
  expect(outcomes.filter((outcome) => outcome.status === "fulfilled").length).toBeGreaterThan(0);
  expect(await exitOf(child)).toBe(0);
  own.remove();
});

test("a signal that arrives twice, from a terminal and from npm, stops the service in order", async () => {
  const own = temporaryFolder();
  const { child } = await startMain({ CLIENTELE_DATA_DIR: own.folder });
  for (let times = 0; times < 3; times += 1) {
    child.kill("SIGTERM");
    await sleep(3);
  }
  expect(await exitOf(child)).toBe(0);
  expect(existsSync(path.join(own.folder, "postgres", "postmaster.pid"))).toBe(false);
  own.remove();
});

async function withSql(work: (sql: Sql) => Promise<void>): Promise<void> {
  const sql = openSql(postmaster().address);
  try {
    await work(sql);
  } finally {
    await sql.end();
  }
}

/** Milliseconds until a query succeeds. */
async function untilAnswered(projectKey: string): Promise<number> {
  const client = groupClient(service.baseUrl);
  const begin = performance.now();
  for (;;) {
    await sleep(20);
    try {
      await client.queryCustomerGroups({ projectKey, limit: 1 });
      return Math.round(performance.now() - begin);
    } catch {
      if (performance.now() - begin > 20_000) throw new Error("the service did not come back within 20 s");
    }
  }
}
