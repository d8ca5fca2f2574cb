import { randomUUIDv7 } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { commitCustomTypes } from "../../src/custom-types/store.ts";
import { commitGroups } from "../../src/customer-groups/store.ts";
import { type Connection, openConnection } from "../../src/db/connection.ts";
import { projectIdOf } from "../../src/projects/project-id.ts";
import { insertProject } from "../../src/projects/store.ts";
import { expectConsistent, openSql } from "../support/consistency.ts";
import { createDatabase } from "../support/database.ts";
import { changesOf, customColumns, following, groupCreation, textFields, typeCreation } from "./writes.ts";

// Writes of groups whose type has changed since their fields were checked.

const PROJECT = "commits";
const projectId = projectIdOf(PROJECT);

let database: Awaited<ReturnType<typeof createDatabase>>;
let sql: ReturnType<typeof openSql>;
let connection: Connection;

beforeAll(async () => {
  database = await createDatabase();
  sql = openSql(database);
  connection = openConnection(database, 5000);
  await insertProject(sql, { projectId, key: PROJECT, mode: "test" }, new Date());
});
afterAll(async () => {
  await connection.close();
  await sql.end();
  await database.drop();
});

async function commitTypes(...writes: readonly object[]): Promise<void> {
  const outcomes = await connection.run(commitCustomTypes(projectId, JSON.stringify(writes), false));
  for (const { outcome } of outcomes) expect(outcome).toBe("ok");
}

/** Returns the outcomes. */
async function commitGroupBatch(writes: readonly object[], recheck = false) {
  const outcomes = await connection.run(commitGroups(projectId, JSON.stringify(writes), recheck));
  return outcomes.map(({ outcome }) => outcome);
}

test("a group is not written; one of the same batch that is of the current version is", async () => {
  const type = typeCreation(textFields("kept"));
  await commitTypes(type, following(type, "1", { name: { en: "second" } }));
  const [stale, current] = [1n, 2n].map((version) =>
    groupCreation(customColumns(type.id, version, { kept: "a" })),
  );
  const plain = groupCreation();
  expect(await commitGroupBatch([stale ?? {}, current ?? {}, plain])).toEqual(["type_changed", "ok", "ok"]);
  await expectConsistent(sql, PROJECT);
});

test("a group is not written when the type is gone", async () => {
  const type = typeCreation();
  await commitTypes(type, following(type, "1", { kind: "delete" }));
  expect(await commitGroupBatch([groupCreation(customColumns(type.id, 1n, {}))])).toEqual(["type_changed"]);
  await expectConsistent(sql, PROJECT);
});

test("a group's write hears of its own version first", async () => {
  const type = typeCreation(textFields("kept"));
  const group = groupCreation(customColumns(type.id, 1n, {}));
  await commitTypes(type);
  expect(await commitGroupBatch([group])).toEqual(["ok"]);
  await commitTypes(following(type, "1", { name: { en: "second" } }));
  const update = { ...group, kind: "update", write_id: randomUUIDv7() };
  expect(await commitGroupBatch([{ ...update, expected_version: "2" }])).toEqual(["version_mismatch"]);
  expect(await commitGroupBatch([{ ...update, expected_version: "1" }])).toEqual(["type_changed"]);
});

test("a write is found when it was made before the type changed, and its answer was lost", async () => {
  const type = typeCreation(textFields("kept"));
  const group = groupCreation(customColumns(type.id, 1n, { kept: "a" }));
  await commitTypes(type);
  expect(await commitGroupBatch([group])).toEqual(["ok"]);
  await commitTypes(following(type, "1", { name: { en: "second" } }));
  expect(await commitGroupBatch([group], true)).toEqual(["ok"]);
  expect(await changesOf(sql, projectId, [group])).toBe(1);
  await expectConsistent(sql, PROJECT);
});

test("a group keeps its fields, whatever they are, when an update sets none", async () => {
  const type = typeCreation(textFields("kept"));
  const group = groupCreation(customColumns(type.id, 1n, { kept: "a" }));
  await commitTypes(type);
  await commitGroupBatch([group]);
  await commitTypes(following(type, "1", { name: { en: "second" } }));
  const rename = { ...groupCreation(), kind: "update", id: group.id, expected_version: "1" };
  expect(await commitGroupBatch([rename])).toEqual(["ok"]);
  const [row] =
    await sql`select name, custom_type_id, custom_fields from customer_groups where id = ${group.id}`;
  expect(row).toEqual({ name: rename.name, customTypeId: type.id, customFields: { kept: "a" } });
  await expectConsistent(sql, PROJECT);
});
