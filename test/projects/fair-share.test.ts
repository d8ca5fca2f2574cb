import { ConnectError } from "@connectrpc/connect";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RetryInfoSchema } from "../../gen/google/rpc/error_details_pb.ts";
import type { Sql } from "../../src/db/connection.ts";
import { projectIdOf } from "../../src/projects/project-id.ts";
import { byKey } from "../conformance/groups.ts";
import { deleteProject, getProject, newProject, updateProject } from "../conformance/projects.ts";
import { openSql } from "../support/consistency.ts";
import { failureOf, tally } from "../support/failures.ts";
import { projectClient } from "../support/projects.ts";
import { groupClient, startServiceOn, startTestService } from "../support/service.ts";

const CONCURRENT = 5;
const limited = { concurrentCalls: CONCURRENT };

let service: Awaited<ReturnType<typeof startTestService>>;
let sql: Sql;
let groups: ReturnType<typeof groupClient>;
let projects: ReturnType<typeof projectClient>;

beforeAll(async () => {
  service = await startTestService({ CLIENTELE_PROJECT_CONCURRENT_CALLS: "20" });
  sql = openSql(service.address);
  groups = groupClient(service.baseUrl);
  projects = projectClient(service.baseUrl);
});
afterAll(async () => {
  await sql.end();
  await service.stop();
});

function create(projectKey: string, name: string) {
  return groups.createCustomerGroup({ projectKey, draft: { name } });
}

function get(projectKey: string) {
  return groups.getCustomerGroup({ projectKey, ref: byKey("nobody") });
}

/** Keeps the writes of a project from being done, so that its calls stay under way. */
async function whileWritesWait(projectKey: string, work: () => Promise<void>): Promise<void> {
  const holder = openSql(service.address);
  await holder.begin(async (tx) => {
    await tx`select from projects where project_id = ${projectIdOf(projectKey)} for update`;
    await work();
  });
  await holder.end();
}

describe("concurrent calls", () => {
  test("beyond the project's own limit are refused, exactly those, and nothing of them is done", async () => {
    const { key } = await newProject(projects, { limits: limited });
    let done = 0;
    for (let round = 0; round < 10; round += 1) {
      let calls: Promise<unknown>[] = [];
      await whileWritesWait(key, async () => {
        calls = Array.from({ length: 12 }, (_, n) => create(key, `group ${round} ${n}`));
        // Those that were taken are answered later, whatever they are told then.
        const taken = calls.slice(0, CONCURRENT);
        for (const call of taken) call.catch(() => {});
        for (const failure of await Promise.all(calls.slice(CONCURRENT).map(failureOf))) {
          expect(failure).toMatchObject({
            code: "ResourceExhausted",
            reason: "RATE_LIMITED",
            metadata: { limit_name: "concurrent_calls", limit: `${CONCURRENT}` },
            message: "at most 5 concurrent calls of one project; try again shortly",
          });
        }
      });
      const { counts } = await tally(calls);
      expect(counts["ResourceExhausted RATE_LIMITED"]).toBe(12 - CONCURRENT);
      done += counts.OK ?? 0;
      // Whoever has his answer leaves room.
      const next = await tally(Array.from({ length: CONCURRENT }, () => get(key)));
      expect(next.counts).toEqual({ "NotFound RESOURCE_NOT_FOUND": CONCURRENT });
    }
    expect((await getProject(projects, key)).customerGroupCount).toBe(done);
    expect(done).toBeGreaterThan(0);
  });

  test("say in RetryInfo when to come again, one after another", async () => {
    const { key } = await newProject(projects, { limits: { concurrentCalls: 1 } });
    await whileWritesWait(key, async () => {
      void create(key, "held").catch(() => {});
      const errors = await Promise.all(
        Array.from({ length: 20 }, () => get(key).then(() => undefined, ConnectError.from)),
      );
      const delays = errors.flatMap((error) => {
        const [info] = error?.findDetails(RetryInfoSchema) ?? [];
        return info?.retryDelay ? [Number(info.retryDelay.seconds) * 1000 + info.retryDelay.nanos / 1e6] : [];
      });
      expect(delays.length).toBeGreaterThanOrEqual(19);
      expect(Math.min(...delays)).toBeGreaterThanOrEqual(100);
      expect(new Set(delays).size).toBeGreaterThan(5);
    });
  });

  test("of one project take nothing from another, nor from a project that has the service's limit", async () => {
    const { key } = await newProject(projects, { limits: limited });
    const other = await newProject(projects, { limits: limited });
    await whileWritesWait(key, async () => {
      const flood = Array.from({ length: 40 }, (_, n) => create(key, `${n}`).catch(() => {}));
      const { counts } = await tally(Array.from({ length: CONCURRENT }, (_, n) => create(other.key, `${n}`)));
      expect(counts).toEqual({ OK: CONCURRENT });
      const demo = await tally(Array.from({ length: 20 }, (_, n) => create("demo", `d ${n}`)));
      expect(demo.counts).toEqual({ OK: 20 });
      void flood;
    });
  });

  test("beyond the service's limit are refused of a project without one of its own", async () => {
    const { key } = await newProject(projects);
    await whileWritesWait(key, async () => {
      const held = Array.from({ length: 20 }, (_, n) => create(key, `${n}`).catch(() => {}));
      expect(await failureOf(get(key))).toMatchObject({
        reason: "RATE_LIMITED",
        metadata: { limit: "20" },
      });
      void held;
    });
  });

  test("of a flooded project leave its operator room: to look, to set limits, to delete it", async () => {
    const project = await newProject(projects, { limits: { concurrentCalls: 1 } });
    const { key } = project;
    const slow = groups.createCustomerGroup({ projectKey: key, draft: { name: "held" } }).catch(() => {});
    for (let n = 0; n < 50; n += 1) void get(key).catch(() => {});
    expect((await getProject(projects, key)).version).toBe(1n);
    const raised = await updateProject(projects, project, { setLimits: { limits: { concurrentCalls: 0 } } });
    const { counts } = await tally(Array.from({ length: 30 }, () => get(key)));
    expect(counts).toEqual({ "NotFound RESOURCE_NOT_FOUND": 30 });
    await deleteProject(projects, raised);
    await slow;
  });
});

describe("calls per second", () => {
  test("are as many as the project's limit says", async () => {
    const { key } = await newProject(projects, { limits: { callsPerSecond: 10, concurrentCalls: 0 } });
    const begin = performance.now();
    const { counts, failures } = await tally(Array.from({ length: 64 }, () => get(key)));
    const seconds = (performance.now() - begin) / 1000;
    const taken = counts["NotFound RESOURCE_NOT_FOUND"] ?? 0;
    expect(taken).toBeGreaterThanOrEqual(10);
    expect(taken).toBeLessThanOrEqual(10 + Math.ceil(10 * seconds));
    expect(counts["ResourceExhausted RATE_LIMITED"]).toBe(64 - taken);
    const refused = failures.filter(({ reason }) => reason === "RATE_LIMITED");
    for (const { metadata } of refused) {
      expect(metadata).toEqual({ limit_name: "calls_per_second", limit: "10" });
    }
    const demo = await tally(Array.from({ length: 15 }, () => get("demo")));
    expect(demo.counts).toEqual({ "NotFound RESOURCE_NOT_FOUND": 15 });
  });
});

test("another instance learns of new limits by itself, and counts for itself", async () => {
  const second = await startServiceOn(service.address);
  const elsewhere = groupClient(second.baseUrl);
  const project = await newProject(projects, { limits: limited });
  await updateProject(projects, project, { setLimits: { limits: { callsPerSecond: 1 } } });
  const ask = () => elsewhere.getCustomerGroup({ projectKey: project.key, ref: byKey("nobody") });
  let refusal = await failureOf(ask());
  for (let n = 0; n < 3000 && refusal.reason !== "RATE_LIMITED"; n += 1) refusal = await failureOf(ask());
  expect(refusal).toMatchObject({ reason: "RATE_LIMITED", metadata: { limit_name: "calls_per_second" } });
  await second.stop();
});

test("floods of projects that there are not leave nothing behind", async () => {
  const { counts } = await tally(Array.from({ length: 15 }, (_, n) => get(`no-such-${n}`)));
  expect(counts).toEqual({ "NotFound RESOURCE_NOT_FOUND": 15 });
});

test("a flood is one line in the log, not one for each call", async () => {
  const { key } = await newProject(projects, { limits: { callsPerSecond: 1 } });
  await tally(Array.from({ length: 64 }, () => get(key)));
  const lines = service.logged.filter(({ fields }) => JSON.stringify(fields).includes(key));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({ level: "warn", message: "calls of a project are refused: too many" });
  expect(service.logged.filter(({ fields }) => JSON.stringify(fields).includes("RATE_LIMITED"))).toEqual([]);
});
