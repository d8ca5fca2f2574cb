import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Connection, openConnection, type Rows } from "../../src/db/connection.ts";
import { projectIdOf } from "../../src/projects/project-id.ts";
import { insertProject } from "../../src/projects/store.ts";
import { sweepRequests } from "../../src/requests/sweep.ts";
import { openSql } from "../support/consistency.ts";
import { createDatabase } from "../support/database.ts";

const BEFORE = new Date("2026-01-02T00:00:00.000Z");
const OLD = new Date(BEFORE.getTime() - 1);
const PROJECTS = ["first", "second", "third"] as const;

let database: Awaited<ReturnType<typeof createDatabase>>;
let sql: ReturnType<typeof openSql>;
let connection: Connection;

beforeAll(async () => {
  database = await createDatabase();
  sql = openSql(database);
  connection = openConnection(database, 5000);
  for (const key of PROJECTS) {
    await insertProject(sql, { projectId: projectIdOf(key), key, mode: "test" }, OLD);
  }
});
beforeEach(() => sql`truncate request_memory`);
afterAll(async () => {
  await connection.close();
  await sql.end();
  await database.drop();
});

async function remember(project: string, requests: number, at: Date): Promise<void> {
  await sql`
    insert into request_memory (project_id, request_key, request_hash, resource_id, answer, at)
    select ${projectIdOf(project)}, gen_random_uuid(), '\\x00', gen_random_uuid(), '\\x00', ${at}
    from generate_series(1, ${requests}::integer)`;
}

async function remembered(): Promise<Record<string, number>> {
  const rows = await sql<{ key: string; requests: number }[]>`
    select key, count(m.request_key)::integer as requests
    from projects
    left join request_memory m using (project_id)
    group by key`;
  return Object.fromEntries(rows.map(({ key, requests }) => [key, requests]));
}

/** Sweeps, and tells how many each statement forgot. */
async function sweep(isStopped = () => false): Promise<number[]> {
  const forgotten: number[] = [];
  const run: Connection["run"] = async (statement) => {
    const rows: Rows<object> = await connection.run(statement);
    forgotten.push(rows.length);
    return rows as never;
  };
  await sweepRequests({ ...connection, run }, BEFORE, isStopped);
  const [, ...deletions] = forgotten;
  return deletions;
}

test("forgets what is old, of every project, and nothing else", async () => {
  await remember("first", 3, OLD);
  await remember("first", 2, BEFORE);
  await remember("second", 4, new Date(BEFORE.getTime() + 1));
  await remember("third", 1, new Date(0));
  await sweep();
  expect(await remembered()).toEqual({ first: 2, second: 4, third: 0 });
});

test("forgets at most 500 with one statement, until all is done", async () => {
  await remember("first", 1200, OLD);
  await remember("first", 10, BEFORE);
  await remember("second", 500, OLD);
  const forgotten = await sweep();
  expect(forgotten.toSorted((a, b) => b - a)).toEqual([500, 500, 500, 200, 0, 0]);
  expect(await remembered()).toEqual({ first: 10, second: 0, third: 0 });
});

test("ends between two statements when it's told to", async () => {
  for (const project of PROJECTS) await remember(project, 1000, OLD);
  let asked = 0;
  const forgotten = await sweep(() => {
    asked += 1;
    return asked > 2;
  });
  expect(forgotten).toEqual([500, 500]);
});

test("has nothing to do where nothing is remembered", async () => {
  expect(await sweep()).toEqual([0, 0, 0]);
});
