import { randomUUIDv7 } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CommitOutcome } from "../../src/db/commit-function.ts";
import { projectColumns } from "../../src/projects/commit.ts";
import { projectIdOf } from "../../src/projects/project-id.ts";
import { purgeProject } from "../../src/projects/purge.ts";
import { DEFAULT_LIMITS } from "../../src/projects/state.ts";
import { commitProjects } from "../../src/projects/store.ts";
import { openSql } from "../support/consistency.ts";
import { createDatabase } from "../support/database.ts";

// What becomes of writes to a project whose answers were lost: they are sent again, to be looked up.

let database: Awaited<ReturnType<typeof createDatabase>>;
let sql: ReturnType<typeof openSql>;

beforeAll(async () => {
  database = await createDatabase();
  sql = openSql(database);
});
afterAll(async () => {
  await sql.end();
  await database.drop();
});

function write(kind: string, key: string, expectedVersion = 0) {
  return {
    kind,
    write_id: randomUUIDv7(),
    at: new Date(),
    actor: null,
    actions: [],
    expected_version: `${expectedVersion}`,
    key,
    mode: "test",
    ...projectColumns({ ...DEFAULT_LIMITS, name: `${key} ${expectedVersion}` }),
  };
}

async function commit(key: string, writes: readonly object[], recheck = false): Promise<readonly string[]> {
  const outcomes: readonly CommitOutcome[] = await commitProjects(
    projectIdOf(key),
    JSON.stringify(writes),
    recheck,
  )(sql);
  return outcomes.map(({ outcome }) => outcome);
}

async function stateOf(key: string) {
  const [row] = await sql`
    select version, name, state, last_sequence,
      (select count(*) from changes c where c.project_id = p.project_id) as changes
    from projects p
    where key = ${key}`;
  return row;
}

describe("a write that is sent again", () => {
  test.each([
    ["creation", [write("create", "created")], "created", { version: 1n, lastSequence: 1n, changes: 1n }],
    [
      "update",
      [write("create", "updated"), write("update", "updated", 1)],
      "updated",
      { version: 2n, lastSequence: 2n, changes: 2n, name: "updated 1" },
    ],
    [
      "deletion",
      [write("create", "deleted"), write("delete", "deleted", 1)],
      "deleted",
      { version: 2n, lastSequence: 1n, state: "deleting" },
    ],
  ])("is done once: a %s", async (_, writes, key, state) => {
    expect(await commit(key, writes)).toEqual(writes.map(() => "ok"));
    const last = writes.slice(-1);
    for (let again = 0; again < 2; again += 1) expect(await commit(key, last, true)).toEqual(["ok"]);
    expect(await stateOf(key)).toMatchObject(state);
  });

  test.each(["create", "update", "delete"])("is done, if it was not: %s", async (kind) => {
    const key = `late-${kind}`;
    if (kind !== "create") await commit(key, [write("create", key)]);
    expect(await commit(key, [write(kind, key, kind === "create" ? 0 : 1)], true)).toEqual(["ok"]);
    expect(await stateOf(key)).toMatchObject({ state: kind === "delete" ? "deleting" : "active" });
  });

  test("is known to be a deletion when all is gone", async () => {
    const deletion = write("delete", "gone", 1);
    await commit("gone", [write("create", "gone"), deletion]);
    for (let isDone = false; !isDone; ) {
      const [row] = await purgeProject(projectIdOf("gone"), 10, new Date())(sql);
      isDone = row?.done ?? true;
    }
    expect(await stateOf("gone")).toMatchObject({ state: "deleted", changes: 0n });
    expect(await commit("gone", [deletion], true)).toEqual(["ok"]);
    expect(await commit("gone", [write("delete", "gone", 2)], true)).toEqual(["project_not_found"]);
  });
});

test("writes of one batch meet what those before them left", async () => {
  const key = "batch";
  const writes = [
    write("update", key, 1),
    write("create", key),
    write("create", key),
    write("update", key, 1),
    write("update", key, 1),
    write("delete", key, 2),
    write("update", key, 3),
    write("create", key),
  ];
  const outcomes = ["project_not_found", "ok", "duplicate", "ok", "version_mismatch", "ok"];
  expect(await commit(key, writes)).toEqual([...outcomes, "project_not_found", "duplicate"]);
});
