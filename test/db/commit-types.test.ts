import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commitCustomTypes } from "../../src/custom-types/store.ts";
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
import { changesOf, customColumns, following, groupCreation, textFields, typeCreation } from "./writes.ts";

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
  return db.writes.commit(commitCustomTypes, projectId, write, deadline);
}

/** Runs a commit function itself on one batch. */
async function commitTypes(writes: readonly object[], recheck = false): Promise<readonly CommitOutcome[]> {
  return connection.run(commitCustomTypes(projectId, JSON.stringify(writes), recheck));
}
async function commitGroupBatch(writes: readonly object[], recheck = false) {
  const outcomes = await connection.run(commitGroups(projectId, JSON.stringify(writes), recheck));
  return outcomes.map(({ outcome }) => outcome);
}

describe("a type that PostgreSQL refuses takes no others of its batch down:", () => {
  test.each<readonly [string, object, string]>([
    ["a key that is null", { key: null }, "23502"],
    ["a time that is none", { at: "yesterday at noon or so" }, "22007"],
    ["definitions that are null", { field_definitions: null }, "23502"],
    ["text that jsonb can't hold", { name: { en: "a\0b" } }, "22P05"],
    ["signatures that are a list", { field_signatures: [] }, "22023"],
  ])("%s", async (_, broken, state) => {
    // The first is on its way alone while the others gather into the next batch.
    const good = Array.from({ length: 20 }, () => typeCreation());
    const commits = good.map(commit);
    const refused = commit(typeCreation(broken)).catch((error: unknown) => error);
    const behind = Array.from({ length: 20 }, () => typeCreation());
    commits.push(...behind.map(commit));

    const error = await refused;
    expect({ fault: driverFault(error), state: sqlState(error) }).toEqual({ fault: "refused", state });
    for (const outcome of await Promise.all(commits)) expect(outcome.outcome).toBe("ok");
    expect(await changesOf(sql, projectId, [...good, ...behind])).toBe(40);
    await expectConsistent(sql, PROJECT);
  });
});

test("types and groups of one project are written in the order that they come in", async () => {
  const type = typeCreation(textFields("tier"));
  const group = groupCreation(customColumns(type.id, 1n, { tier: "gold" }));
  const second = following(type, "1", textFields("tier", "rank"));
  const late = groupCreation(customColumns(type.id, 1n, { tier: "gold" }));
  const outcomes = await Promise.all([
    commit(type),
    db.writes.commit(commitGroups, projectId, group, deadline),
    commit(second),
    db.writes.commit(commitGroups, projectId, late, deadline),
  ]);
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(["ok", "ok", "ok", "type_changed"]);
  await expectConsistent(sql, PROJECT);
});

describe("a batch of types of which nobody knows whether it was committed", () => {
  test("is found when it was, and made when it wasn't", async () => {
    const writes = [typeCreation(), typeCreation()];
    const first = await commitTypes(writes, true);
    const again = await commitTypes(writes, true);
    expect(again.map(({ outcome }) => outcome)).toEqual(["ok", "ok"]);
    expect(again).toEqual(first);
    expect(await changesOf(sql, projectId, writes)).toBe(2);
    await expectConsistent(sql, PROJECT);
  });

  test("is found though the type has changed since, or is gone", async () => {
    const write = typeCreation();
    await commitTypes([write]);
    const update = following(write, "1", { name: { en: "changed" } });
    await commitTypes([update]);
    expect((await commitTypes([write], true)).map(({ outcome }) => outcome)).toEqual(["ok"]);
    const deletion = following(write, "2", { kind: "delete" });
    await commitTypes([deletion]);
    const all = [write, update, deletion];
    expect((await commitTypes(all, true)).map(({ outcome }) => outcome)).toEqual(["ok", "ok", "ok"]);
    expect(await changesOf(sql, projectId, all)).toBe(3);
    await expectConsistent(sql, PROJECT);
  });

  test("removes its fields once", async () => {
    const type = typeCreation(textFields("tier", "rank"));
    await commitTypes([type]);
    await commitGroupBatch([groupCreation(customColumns(type.id, 1n, { tier: "gold" }))]);
    const removal = following(type, "1", { ...textFields("rank"), removed_fields: ["tier"] });
    await commitTypes([removal]);
    expect((await commitTypes([removal], true)).map(({ outcome }) => outcome)).toEqual(["ok"]);
    const removals =
      await sql`select field_name from custom_field_removals where custom_type_id = ${type.id}`;
    expect(removals).toEqual([{ fieldName: "tier" }]);
    await expectConsistent(sql, PROJECT);
  });
});

test("outcomes of a batch are decided one after the other, each on what the one before left", async () => {
  const one = typeCreation(textFields("tier"));
  const numbers = { field_definitions: [{ name: "tier", type: { kind: "number" } }] };
  const conflicting = { ...numbers, field_signatures: { tier: "number" } };
  const own = { resource_types: ["address"] };
  const outcomes = await commitTypes([
    typeCreation({ key: one.key, id: one.id, ...textFields("tier"), resource_types: ["customer"] }),
    typeCreation({ key: one.key }),
    typeCreation({ ...conflicting, resource_types: ["customer", "address"] }),
    typeCreation({ ...conflicting, ...own }),
    following(one, "2", {}),
    following(typeCreation(), "1", {}),
    following(one, "1", { kind: "delete" }),
    typeCreation({ ...conflicting, resource_types: ["customer"] }),
  ]);
  expect(outcomes).toMatchObject([
    { outcome: "ok" },
    { outcome: "duplicate", field: "key", conflictingId: one.id },
    { outcome: "definition_conflict", field: "tier", conflictingId: one.id },
    { outcome: "ok" },
    { outcome: "version_mismatch", currentVersion: 1n },
    { outcome: "not_found" },
    { outcome: "ok" },
    { outcome: "ok" },
  ]);
  await expectConsistent(sql, PROJECT);
});

test("deletes of a type in use count its groups", async () => {
  const type = typeCreation();
  await commitTypes([type]);
  await commitGroupBatch([1, 2, 3].map(() => groupCreation(customColumns(type.id, 1n, {}))));
  expect(await commitTypes([following(type, "1", { kind: "delete" })])).toMatchObject([
    { outcome: "referenced", field: "customer-group", currentValue: 3 },
  ]);
  await expectConsistent(sql, PROJECT);
});

test("writes to a project that is no more are told so, each", async () => {
  const nowhere = JSON.stringify([typeCreation(), typeCreation()]);
  const outcomes = await connection.run(commitCustomTypes(projectIdOf("nowhere"), nowhere, false));
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(["project_not_found", "project_not_found"]);
});
