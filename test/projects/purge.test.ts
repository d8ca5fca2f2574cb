import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ProjectState } from "../../gen/clientele/v1/project_pb.ts";
import { type Connection, openConnection, type Sql } from "../../src/db/connection.ts";
import { projectIdOf } from "../../src/projects/project-id.ts";
import { purgeProject, purgeProjects } from "../../src/projects/purge.ts";
import { sweepRequests } from "../../src/requests/sweep.ts";
import { getProject } from "../conformance/projects.ts";
import { openUnswept } from "../db/unswept.ts";
import { openSql } from "../support/consistency.ts";
import { createDatabase } from "../support/database.ts";
import { countRows, filledTables, fillProject } from "./full-project.ts";

// What a deleted project held is removed in batches; here the test is who removes it.

const log = { info: () => {}, warn: () => {}, error: () => {} };
const clock = () => new Date();
const neverStopped = () => false;

let database: Awaited<ReturnType<typeof createDatabase>>;
let service: ReturnType<typeof openUnswept>;
let sql: Sql;
const connections: Connection[] = [];

beforeAll(async () => {
  database = await createDatabase();
  service = openUnswept(database);
  sql = openSql(database);
  for (let one = 0; one < 2; one += 1) connections.push(openConnection(database, 5000));
});
afterAll(async () => {
  await Promise.all(connections.map((connection) => connection.close()));
  await sql.end();
  await service.close();
  await database.drop();
});

async function deletedProject(projectKey: string, requestId = ""): Promise<void> {
  await fillProject(service, sql, projectKey);
  await service.projects.deleteProject({ projectKey, expectedVersion: 1n, requestId });
}

function run(instance = 0): Connection["run"] {
  const connection = connections[instance];
  if (!connection) throw new Error("unreachable: there are two");
  return connection.run;
}

test("every table that has rows of a project is emptied, but for the project's own row", async () => {
  await fillProject(service, sql, "neighbour");
  const neighbour = await countRows(sql, "neighbour");
  expect(Object.keys(neighbour).filter((name) => neighbour[name] === 0)).toEqual([]);

  await deletedProject("gone");
  expect(await countRows(sql, "gone")).toEqual(neighbour);
  const before = await getProject(service.projects, "gone");
  expect(before).toMatchObject({ state: ProjectState.DELETING, customerCount: 1, customerGroupCount: 1 });
  await purgeProjects({ run: run() }, clock, log, neverStopped);
  expect(await filledTables(sql, "gone")).toEqual(["projects"]);
  expect(await countRows(sql, "neighbour")).toEqual(neighbour);

  const after = await getProject(service.projects, "gone");
  const counts = { customerCount: 0, customerGroupCount: 0, customTypeCount: 0 };
  expect(after).toMatchObject({ ...counts, state: ProjectState.DELETED, version: before.version });
  const rows = Object.values(neighbour).reduce((sum, count) => sum + count, 0);
  expect(after.deletion?.deletedRowCount).toBe(BigInt(rows - 1));
  expect(after.deletion?.finishedAt).toBeDefined();
});

test("batches of one row get there too, each counted, and a purge that is done is done", async () => {
  const projectId = projectIdOf("slowly");
  await deletedProject("slowly");
  const counts: bigint[] = [];
  for (;;) {
    const [row] = await run()(purgeProject(projectId, 1, clock()));
    if (!row) throw new Error("another one ended it");
    counts.push(row.deletedRowCount);
    const { deletion } = await getProject(service.projects, "slowly");
    expect(deletion?.deletedRowCount).toBe(row.deletedRowCount);
    if (row.done) break;
  }
  expect(new Set(counts).size).toBe(Number(counts.at(-1)) + (counts[0] === 0n ? 1 : 0));
  expect(await filledTables(sql, "slowly")).toEqual(["projects"]);
  expect(await run()(purgeProject(projectId, 1, clock()))).toEqual([]);
});

test("two instances purge together, and one that is stopped leaves the rest to the other", async () => {
  const keys = Array.from({ length: 5 }, (_, index) => `shared-${index}`);
  for (const key of keys) await deletedProject(key);
  let batches = 0;
  await Promise.all([
    purgeProjects({ run: run(0) }, clock, log, () => {
      batches += 1;
      return batches > 3;
    }),
    purgeProjects({ run: run(1) }, clock, log, neverStopped),
  ]);
  for (const key of keys) expect(await filledTables(sql, key)).toEqual(["projects"]);
});

test("one that can't be purged keeps no other from its end, and is tried again", async () => {
  await deletedProject("hindered");
  await deletedProject("unhindered");
  const holder = openSql(database);
  await holder.begin(async (tx) => {
    await tx`select from projects where key = 'hindered' for update`;
    await expect(purgeProjects({ run: run() }, clock, log, neverStopped)).rejects.toThrow("lock timeout");
  });
  await holder.end();
  expect(await filledTables(sql, "unhindered")).toEqual(["projects"]);
  expect((await filledTables(sql, "hindered")).length).toBeGreaterThan(9);
  await purgeProjects({ run: run() }, clock, log, neverStopped);
  expect(await filledTables(sql, "hindered")).toEqual(["projects"]);
});

test("a purge gets to its end while another transaction still sees the rows", async () => {
  const projectKey = "watched";
  await deletedProject(projectKey);
  const projectId = projectIdOf(projectKey);
  await sql`
    insert into changes (project_id, sequence, write_id, resource_type, resource_id, actions, at)
    select ${projectId}, n, gen_random_uuid(), 'customer', gen_random_uuid(), '[]', now()
    from generate_series(1001, 6000) as n`;
  const watcher = openSql(database);
  await watcher.begin("isolation level repeatable read", async (tx) => {
    await tx`select count(*) from changes`;
    await purgeProjects({ run: run() }, clock, log, neverStopped);
  });
  await watcher.end();
  expect(await filledTables(sql, projectKey)).toEqual(["projects"]);
});

test("what is remembered of the deletion itself stays until it is forgotten like any other call", async () => {
  const projectKey = "remembered";
  const requestId = randomUUID();
  const deletion = { projectKey, expectedVersion: 1n, requestId };
  await fillProject(service, sql, projectKey);
  const answer = await service.projects.deleteProject(deletion);
  await purgeProjects({ run: run() }, clock, log, neverStopped);
  expect(await countRows(sql, projectKey)).toMatchObject({ projects: 1, request_memory: 1 });
  expect(await service.projects.deleteProject(deletion)).toEqual(answer);
  await sleep(2);
  await sweepRequests({ run: run() }, new Date(), neverStopped);
  expect(await filledTables(sql, projectKey)).toEqual(["projects"]);
});
