import { randomUUID, randomUUIDv7 } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commitGroups } from "../../src/customer-groups/store.ts";
import type { CommitOutcome } from "../../src/db/commit-function.ts";
import { type Connection, openConnection } from "../../src/db/connection.ts";
import { type Database, openDatabase } from "../../src/db/database.ts";
import { driverFault, sqlState } from "../../src/db/driver-errors.ts";
import type { Write } from "../../src/db/write.ts";
import { Ending } from "../../src/ending.ts";
import { projectIdOf } from "../../src/projects/project-id.ts";
import { insertProject } from "../../src/projects/store.ts";
import { expectConsistent, openSql } from "../support/consistency.ts";
import { createDatabase } from "../support/database.ts";
import { failureOf } from "../support/failures.ts";
import { changesOf, groupCreation } from "./writes.ts";

const PROJECT = "commits";
const projectId = projectIdOf(PROJECT);

let database: Awaited<ReturnType<typeof createDatabase>>;
let sql: ReturnType<typeof openSql>;
let db: Database;
let connection: Connection;

beforeAll(async () => {
  database = await createDatabase();
  sql = openSql(database);
  db = openDatabase(database, { queryConnections: 1, writeConnections: 1 });
  connection = openConnection(database, 5000);
  await insertProject(sql, { projectId, key: PROJECT, mode: "test" }, new Date());
});
afterAll(async () => {
  await Promise.all([db.close(), connection.close()]);
  await sql.end();
  await database.drop();
});

const deadline = { timeoutMs: 20_000, over: new Ending() };

function commit(write: Write): Promise<CommitOutcome> {
  return db.writes.commit(commitGroups, projectId, write, deadline);
}

/** Runs the commit function itself on one batch. */
async function commitBatch(writes: readonly object[], recheck = false): Promise<readonly CommitOutcome[]> {
  return connection.run(commitGroups(projectId, JSON.stringify(writes), recheck));
}

test("what a caller was told is not written is never written, though it waited for a connection", async () => {
  const neighbour = projectIdOf("neighbour");
  await insertProject(sql, { projectId: neighbour, key: "neighbour", mode: "test" }, new Date());
  const holder = openSql(database);
  const locked = Promise.withResolvers<void>();
  const done = Promise.withResolvers<void>();
  const holding = holder.begin(async (tx) => {
    await tx`select from projects where project_id = ${projectId} for update`;
    locked.resolve();
    await done.promise;
  });
  await locked.promise;
  const first = commit(groupCreation());
  // It has the one connection.
  await nextTurn();
  const name = randomUUID();
  const over = new Ending();
  setTimeout(() => over.end(new Error("too late")), 100);
  const late = db.writes.commit(commitGroups, neighbour, groupCreation({ name }), {
    timeoutMs: 100,
    over,
  });
  expect(await failureOf(late)).toMatchObject({ reason: "DEADLINE_EXCEEDED" });
  done.resolve();
  await holding;
  expect(await first).toMatchObject({ outcome: "ok" });
  expect(await commit(groupCreation())).toMatchObject({ outcome: "ok" });
  expect(await sql`select from customer_groups where name = ${name}`).toHaveLength(0);
  await holder.end();
});

test("what a role prefers does not change how statements see one another", async () => {
  await sql`alter database ${sql(database.database)} set default_transaction_isolation = 'serializable'`;
  const own = openConnection(database, 5000);
  const [row] = await own.run(
    (tx) => tx<{ isolation: string }[]>`
    select current_setting('transaction_isolation') as isolation`,
  );
  expect(row).toEqual({ isolation: "read committed" });
  await own.close();
  await sql`alter database ${sql(database.database)} reset default_transaction_isolation`;
});

describe("a write that PostgreSQL refuses takes no others of its batch down:", () => {
  test.each<readonly [string, object, string]>([
    ["a name that is null", { name: null }, "23502"],
    ["a time that is none", { at: "yesterday at noon or so" }, "22007"],
    ["a number that is too large", { byte_size: 2 ** 40 }, "22003"],
    ["text that PostgreSQL can't hold", { name: "a\0b" }, "22021"],
    ["a name that its index can't hold", { name: incompressible() }, "54000"],
  ])("%s", async (_, broken, state) => {
    // The first is on its way alone while the others gather into the next batch.
    const good = Array.from({ length: 20 }, () => groupCreation());
    const commits = good.map(commit);
    const refused = commit(groupCreation(broken)).catch((error: unknown) => error);
    const behind = Array.from({ length: 20 }, () => groupCreation());
    commits.push(...behind.map(commit));

    const error = await refused;
    expect({ fault: driverFault(error), state: sqlState(error) }).toEqual({ fault: "refused", state });
    for (const outcome of await Promise.all(commits)) expect(outcome.outcome).toBe("ok");
    expect(await changesOf(sql, projectId, [...good, ...behind])).toBe(40);
    await expectConsistent(sql, PROJECT);
  });
});

test("two of a batch that PostgreSQL refuses are both refused, and what is decided is decided for each", async () => {
  const [good, twin] = [groupCreation(), groupCreation()];
  const results = await Promise.allSettled([
    commit(groupCreation()),
    commit(groupCreation({ name: null })),
    commit(good),
    commit({ ...twin, name: good.name }),
    commit(groupCreation({ market_ids: null })),
    commit({ ...groupCreation(), kind: "update", expected_version: "3" }),
  ]);
  expect(results.map((result) => (result.status === "fulfilled" ? result.value.outcome : "refused"))).toEqual(
    ["ok", "refused", "ok", "duplicate", "refused", "not_found"],
  );
  await expectConsistent(sql, PROJECT);
});

test("a refused batch leaves nothing behind", async () => {
  const writes = [groupCreation(), groupCreation({ name: null })];
  await expect(commitBatch(writes)).rejects.toThrow();
  expect(await changesOf(sql, projectId, writes)).toBe(0);
  await expectConsistent(sql, PROJECT);
});

describe("a batch of which nobody knows whether it was committed", () => {
  test("is found when it was", async () => {
    const writes = [groupCreation(), groupCreation()];
    const first = await commitBatch(writes);
    const again = await commitBatch(writes, true);
    expect(again.map(({ outcome }) => outcome)).toEqual(["ok", "ok"]);
    expect(again).toEqual(first);
    expect(await changesOf(sql, projectId, writes)).toBe(2);
    await expectConsistent(sql, PROJECT);
  });

  test("is made when it wasn't", async () => {
    const writes = [groupCreation(), groupCreation()];
    expect((await commitBatch(writes, true)).map(({ outcome }) => outcome)).toEqual(["ok", "ok"]);
    expect(await changesOf(sql, projectId, writes)).toBe(2);
    await expectConsistent(sql, PROJECT);
  });

  test("is found though the group has changed since", async () => {
    const write = groupCreation();
    await commitBatch([write]);
    const changing = { ...write, write_id: randomUUIDv7(), kind: "delete", expected_version: "1" };
    await commitBatch([changing]);
    expect((await commitBatch([write], true)).map(({ outcome }) => outcome)).toEqual(["ok"]);
    await expectConsistent(sql, PROJECT);
  });
});

test("writes to a project that is no more are told so, each", async () => {
  const outcomes = await connection.run(
    commitGroups(projectIdOf("nowhere"), JSON.stringify([groupCreation(), groupCreation()]), false),
  );
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(["project_not_found", "project_not_found"]);
});

/** Longer than an entry of an index, also when compressed. */
function incompressible(): string {
  return Array.from({ length: 400 }, () => randomUUID()).join("");
}
