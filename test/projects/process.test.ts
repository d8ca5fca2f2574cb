import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ProjectState } from "../../gen/clientele/v1/project_pb.ts";
import type { Sql } from "../../src/db/connection.ts";
import { projectIdOf } from "../../src/projects/project-id.ts";
import { getProject, projectDraft } from "../conformance/projects.ts";
import { openSql } from "../support/consistency.ts";
import { createDatabase, type TestDatabase, urlOf } from "../support/database.ts";
import { exitOf, startMain } from "../support/process.ts";
import { projectClient } from "../support/projects.ts";
import { countRows, filledTables } from "./full-project.ts";

const CHANGES = 60_000;
const projectKey = "large";
const projectId = projectIdOf(projectKey);

let database: TestDatabase;
let sql: Sql;

beforeAll(async () => {
  database = await createDatabase();
  sql = openSql(database);
});
afterAll(async () => {
  await sql.end();
  await database.drop();
});

test("a service that is killed in the middle of a deletion goes on with it when it starts again", async () => {
  const killed = await start();
  const projects = projectClient(killed.baseUrl);
  await projects.createProject({ projectKey, draft: projectDraft() });
  await sql`
    insert into changes (project_id, sequence, write_id, resource_type, resource_id, actions, at)
    select ${projectId}, n, gen_random_uuid(), 'customer', gen_random_uuid(), '[]', now()
    from generate_series(2, ${CHANGES}::integer) as n`;
  await projects.deleteProject({ projectKey, expectedVersion: 1n });
  await until(async () => (await deletedRows()) > 0);
  killed.child.kill("SIGKILL");
  await exitOf(killed.child);
  const deleted = await deletedRows();
  expect(deleted).toBeLessThan(CHANGES);
  expect(await countRows(sql, projectKey)).toMatchObject({ changes: CHANGES - deleted });

  const again = await start();
  await until(async () => {
    const { state } = await getProject(projectClient(again.baseUrl), projectKey);
    return state === ProjectState.DELETED;
  });
  expect(await filledTables(sql, projectKey)).toEqual(["projects"]);
  expect(await deletedRows()).toBe(CHANGES);
  again.child.kill("SIGTERM");
  expect(await exitOf(again.child)).toBe(0);
  expect(again.child.output()).toContain("a project is deleted");
});

test("a start that is to make a project whose key is used up says so, and serves the others", async () => {
  const service = await start(`demo,${projectKey}`);
  const projects = projectClient(service.baseUrl);
  expect((await getProject(projects, projectKey)).state).toBe(ProjectState.DELETED);
  expect((await getProject(projects, "demo")).state).toBe(ProjectState.ACTIVE);
  expect(service.child.output()).toContain(`project ${projectKey} was deleted`);
  service.child.kill("SIGTERM");
  await exitOf(service.child);
});

function start(projects = "demo") {
  return startMain({ DATABASE_URL: urlOf(database), CLIENTELE_PROJECTS: projects });
}

async function deletedRows(): Promise<number> {
  const [row] = await sql<{ deletedRowCount: bigint }[]>`
    select deleted_row_count from projects where project_id = ${projectId}`;
  return Number(row?.deletedRowCount);
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 3000; attempt += 1) {
    if (await isSo()) return;
    await sleep(10);
  }
  throw new Error("it was not so within 30 s");
}
