import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { expectConsistent, openSql } from "../support/consistency.ts";
import { createDatabase } from "../support/database.ts";
import { failureOf, tally } from "../support/failures.ts";
import { startProxy } from "../support/proxy.ts";
import { groupClient, startServiceOn } from "../support/service.ts";

const projectKey = "demo";
let database: Awaited<ReturnType<typeof createDatabase>>;
let proxy: Awaited<ReturnType<typeof startProxy>>;
let service: Awaited<ReturnType<typeof startServiceOn>>;
let client: ReturnType<typeof groupClient>;
let sql: ReturnType<typeof openSql>;

beforeAll(async () => {
  database = await createDatabase();
  proxy = await startProxy(database);
  service = await startServiceOn(proxy.address);
  client = groupClient(service.baseUrl);
  sql = openSql(database);
});

beforeEach(() => answering());

afterAll(async () => {
  await service.stop();
  await sql.end();
  await proxy.stop();
  await database.drop();
});

/** Heals the network and waits until the service has noticed. */
async function answering(): Promise<void> {
  proxy.set("none");
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const reachable = await client.queryCustomerGroups({ projectKey }).then(
      () => true,
      () => false,
    );
    if (reachable) return;
    await sleep(50);
  }
  throw new Error("the service did not come back within 5 s");
}

const create = (name: string, requestId = "") =>
  client.createCustomerGroup({ projectKey, draft: { name }, requestId });

describe("a write whose answer was lost", () => {
  test("is looked up, and told as what it was", async () => {
    for (let round = 0; round < 20; round += 1) {
      const lostBefore = proxy.lost();
      proxy.set("lose answers");
      const call = create(`lost ${round}`);
      while (proxy.lost() === lostBefore) await sleep(1);
      proxy.set("none");
      const { customerGroup } = await call;
      const [row] = await sql`select id, version from customer_groups where name = ${`lost ${round}`}`;
      expect(row).toEqual({ id: customerGroup?.id, version: 1n });
    }
    await expectConsistent(sql, projectKey);
  });

  test("is not made twice, whichever of a batch were lost", async () => {
    for (let round = 0; round < 10; round += 1) {
      const lostBefore = proxy.lost();
      proxy.set("lose answers");
      const calls = Array.from({ length: 32 }, (_, index) => create(`batch ${round} ${index % 24}`));
      while (proxy.lost() === lostBefore) await sleep(1);
      proxy.set("none");
      const { counts } = await tally(calls);
      expect(counts.OK).toBeLessThanOrEqual(24);
      const [counted] = await sql`
        select count(*)::integer as groups
        from customer_groups
        where name like ${`batch ${round} %`}`;
      expect(counted?.groups).toBe(counts.OK ?? 0);
    }
    await expectConsistent(sql, projectKey);
  });

  test("is UNKNOWN when the deadline passes first; its request id tells the truth afterwards", async () => {
    await create("before the loss");
    proxy.set("lose answers");
    const requestId = randomUUID();
    // The default deadline: the caller's own would end the call on the caller's side.
    const told = await failureOf(create("unknown", requestId));
    expect(told).toMatchObject({ code: "Unknown", reason: "OUTCOME_UNKNOWN" });
    await answering();
    const first = await create("unknown", requestId);
    expect(await create("unknown", requestId)).toEqual(first);
    await expectConsistent(sql, projectKey);
  });
});

describe("a database that is away", () => {
  test("makes reads and writes UNAVAILABLE, and neither waits for its deadline", async () => {
    proxy.set("refuse");
    // A write on a connection whose end was not yet noticed may have happened, and is looked up instead.
    await sleep(100);
    const calls = [
      () => create("while away"),
      () => client.queryCustomerGroups({ projectKey }),
      () => client.getCustomerGroup({ projectKey, ref: { value: { case: "key", value: "any" } } }),
    ];
    for (const call of [...calls, ...calls]) {
      expect(await failureOf(call())).toMatchObject({ code: "Unavailable", reason: "BACKEND_UNAVAILABLE" });
    }
    await answering();
    const [row] = await sql`select id from customer_groups where name = 'while away'`;
    expect(row).toBeUndefined();
  });

  test("fails readiness and health until it is back", async () => {
    proxy.set("refuse");
    expect((await fetch(`${service.baseUrl}/readyz`)).status).toBe(503);
    expect((await fetch(`${service.baseUrl}/livez`)).status).toBe(200);
    await answering();
    expect((await fetch(`${service.baseUrl}/readyz`)).status).toBe(200);
  });
});

describe("a connection that swallows everything", () => {
  test("answers every call by its deadline, loses no acknowledged write and doubles none", async () => {
    await create("before the hole");
    proxy.set("black hole");
    const names = Array.from({ length: 16 }, (_, index) => `hole ${index}`);
    const reads = Array.from({ length: 16 }, () =>
      client.getCustomerGroup({ projectKey, ref: { value: { case: "key", value: "any" } } }),
    );
    const writes = names.map((name) => create(name));
    const begin = performance.now();
    const [read, written] = await Promise.all([tally(reads), tally(writes)]);
    expect(performance.now() - begin).toBeLessThan(10_000);
    expect(Object.keys(read.counts)).toEqual(["Unavailable BACKEND_UNAVAILABLE"]);
    for (const outcome of Object.keys(written.counts)) {
      expect(outcome).toBeOneOf(["Unknown OUTCOME_UNKNOWN", "Unavailable BACKEND_UNAVAILABLE"]);
    }
    await answering();
    await create("after the hole");
    await expectConsistent(sql, projectKey);
  });

  test("is survived by a write that has the time", async () => {
    // So that there is a connection to be swallowed; without one nothing is sent, and it is UNAVAILABLE.
    await create("before the second hole");
    proxy.set("black hole");
    const call = client.createCustomerGroup(
      { projectKey, draft: { name: "patient" } },
      { timeoutMs: 30_000 },
    );
    await sleep(500);
    proxy.set("none");
    expect((await call).customerGroup?.name).toBe("patient");
    await expectConsistent(sql, projectKey);
  });
});
