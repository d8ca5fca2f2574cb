import { existsSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ConnectError } from "@connectrpc/connect";
import { afterAll, beforeAll, expect, test } from "vitest";
import { expectConsistent } from "../support/consistency.ts";
import { describeFailure } from "../support/failures.ts";
import { exitOf, startMain, temporaryFolder } from "../support/process.ts";
import { groupClient } from "../support/service.ts";
import { type EmbeddedService, startEmbeddedService, TOLD_WHILE_AWAY } from "./embedded-service.ts";

// Processes that are killed, or told to end, at bad moments.

const PROJECTS = ["first", "second", "third", "fourth", "fifth", "sixth"];
let service: EmbeddedService;

beforeAll(async () => {
  service = await startEmbeddedService(PROJECTS);
});
afterAll(() => service.stop());

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
    await service.withSql(async (sql) => {
      await sql`update projects set customer_group_limit = 1000000 where key = ${projectKey}`;
    });
    const writers = Array.from({ length: 16 }, (_, writer) => startWriter(projectKey, writer));
    await sleep(300);
    service.killPostgres();
    const backMs = await service.untilAnswered(projectKey);
    await sleep(100);
    const results = await Promise.all(writers.map((writer) => writer.stop()));
    const acknowledged = results.flatMap((result) => result.acknowledged);

    await service.withSql(async (sql) => {
      const rows = await sql<{ name: string }[]>`
        select g.name
        from customer_groups g
        join projects p on p.project_id = g.project_id
        where p.key = ${projectKey}`;
      const names = new Set(rows.map(({ name }) => name));
      expect(acknowledged.filter((name) => !names.has(name))).toEqual([]);
      await expectConsistent(sql, projectKey);
    });
    for (const { outcomes, slowestMs } of results) {
      expect([...outcomes].filter((outcome) => !TOLD_WHILE_AWAY.includes(outcome))).toEqual([]);
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
