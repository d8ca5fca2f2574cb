import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { commitGroups } from "../../src/customer-groups/store.ts";
import type { Connection, Sql } from "../../src/db/connection.ts";
import { PendingWrite } from "../../src/db/pending-write.ts";
import { sendWrites } from "../../src/db/send-writes.ts";
import type { Write } from "../../src/db/write.ts";
import { Ending } from "../../src/ending.ts";
import { projectIdOf } from "../../src/projects/project-id.ts";
import { insertProject } from "../../src/projects/store.ts";
import { required } from "../../src/refs.ts";
import { expectConsistent, openSql } from "../support/consistency.ts";
import { createDatabase } from "../support/database.ts";
import { everythingOf, following, groupsOf, randomBatch } from "./random-batches.ts";
import { groupCreation, saying } from "./writes.ts";

// What becomes of writes to groups that a flight carries; flights.test.ts has how they get on it.

type Batch = { readonly projectId: string; readonly writes: readonly Write[] };

let database: Awaited<ReturnType<typeof createDatabase>>;
let sql: Sql;
let other: Sql;

beforeAll(async () => {
  database = await createDatabase();
  sql = openSql(database);
  other = openSql(database);
});
afterAll(async () => {
  await Promise.all([sql.end(), other.end()]);
  await database.drop();
});

async function createProject(key: string, groupLimit = 1000): Promise<string> {
  const projectId = projectIdOf(key);
  await insertProject(sql, { projectId, key, mode: "test" }, new Date());
  await sql`update projects set customer_group_limit = ${groupLimit} where project_id = ${projectId}`;
  return projectId;
}

function createProjects(prefix: string, count: number, groupLimit = 1000): Promise<readonly string[]> {
  return Promise.all(
    Array.from({ length: count }, (_, index) => createProject(`${prefix}${index}`, groupLimit)),
  );
}

/** What the writes of each project came to, in order; nothing of those that the flight left out. */
async function fly(
  batches: readonly Batch[],
  session = sql,
): Promise<ReadonlyMap<string, readonly object[]>> {
  const outcomes = new Map<string, object[]>();
  const pending = batches.map(({ projectId, writes }) => ({
    projectId,
    writes: writes.map((write, index) => {
      const resolve = (outcome: object) => {
        const own = outcomes.get(projectId) ?? [];
        own[index] = saying(outcome);
        outcomes.set(projectId, own);
      };
      return new PendingWrite(commitGroups, write, deadline, { resolve, reject: fail });
    }),
  }));
  const connection: Connection = {
    run: async (statement) => statement(session),
    close: async () => {},
  };
  expect(await sendWrites(pending, false, connection)).toBeUndefined();
  return outcomes;
}

/** Which functions the statements of a flight call. */
async function functionsOf(batches: readonly Batch[]): Promise<readonly (string | undefined)[]> {
  const called: (string | undefined)[] = [];
  const unsafe: Sql["unsafe"] = (text, ...rest) => {
    called.push(/commit_\w+/.exec(text)?.[0]);
    return sql.unsafe(text, ...rest);
  };
  await fly(batches, Object.assign(Object.create(sql), { unsafe }));
  return called;
}

function fail(error: unknown): never {
  throw error;
}

const deadline = { timeoutMs: 20_000, over: new Ending() };

async function commitOneByOne(projectId: string, writes: readonly object[]): Promise<readonly object[]> {
  const outcomes: object[] = [];
  for (const write of writes)
    outcomes.push(...(await commitGroups(projectId, JSON.stringify([write]), false)(sql)).map(saying));
  return outcomes;
}

test("a flight comes to the same as its writes one by one", async () => {
  const together = await createProjects("together-", 5, 40);
  const alone = await createProjects("alone-", 5, 40);
  for (let time = 0; time < 24; time += 1) {
    // The last project is deleted on the way; somebody holds another at times.
    const deleted = [together[4], alone[4]].flatMap((id) => id ?? []);
    if (time === 20)
      await sql`update projects set state = 'deleting' where project_id = any(${deleted}::uuid[])`;
    // Of what is all plain, and of projects that are there, nothing is left to commit otherwise.
    const isPlain = time % 4 === 1;
    const locked = time % 3 === 0 ? together[time % 4] : undefined;
    const batches = await Promise.all(
      together.map(async (projectId, index) => {
        const oddity = !isPlain && (time + index) % 3 === 0 ? 0.3 : 0;
        return {
          projectId,
          writes: randomBatch(await groupsOf(sql, projectId), oddity, 1 + ((time + index) % 6)),
        };
      }),
    );
    const nowhere = { projectId: projectIdOf("nowhere"), writes: [groupCreation()] };
    const others = isPlain ? [] : [nowhere];
    const outcomes = await other.begin(async (tx) => {
      if (locked) await tx`select from projects where project_id = ${locked} for no key update`;
      return fly([...batches.slice(0, 2), ...others, ...batches.slice(2)]);
    });
    expect(outcomes.get(nowhere.projectId)).toBeUndefined();
    for (const [index, { projectId, writes }] of batches.entries()) {
      const twin = await commitOneByOne(alone[index] ?? "", writes);
      if (projectId === locked) {
        expect(outcomes.get(projectId)).toBeUndefined();
        await commitOneByOne(projectId, writes);
      } else expect(outcomes.get(projectId)).toEqual(twin);
    }
  }
  for (const [index, projectId] of together.entries()) {
    expect(await everythingOf(sql, projectId)).toEqual(await everythingOf(sql, alone[index] ?? ""));
    await expectConsistent(sql, `together-${index}`);
  }
});

function kindOf(outcome: object): unknown {
  return "outcome" in outcome ? outcome.outcome : undefined;
}

test("what isn't plain in one project, and its limit, are no other's", async () => {
  const [one = "", two = "", three = ""] = await createProjects("own-", 3, 4);
  const same = Array.from({ length: 4 }, () => groupCreation({ key: randomUUID() }));
  const batches = [one, two].map((projectId) => ({ projectId, writes: same }));
  const outcomes = await fly([...batches, { projectId: three, writes: [...same, groupCreation(), ...same] }]);
  const kinds = [one, two, three].map((projectId) => outcomes.get(projectId)?.map(kindOf));
  const ok = same.map(() => "ok");
  expect(kinds).toEqual([ok, ok, [...ok, "limit_reached", ...same.map(() => "duplicate")]]);
  for (const index of [0, 1, 2]) await expectConsistent(sql, `own-${index}`);
});

test("flights over the same projects in opposite order wait for none and leave no gap", async () => {
  const projectIds = await createProjects("race-", 6);
  const third = openSql(database);
  let made = 0;
  const create = (count: number) => Array.from({ length: count }, () => groupCreation());
  const count = (outcomes: readonly object[]) => {
    const kinds = outcomes.map(kindOf);
    expect(kinds.every((kind) => kind === "ok" || kind === "version_mismatch")).toBe(true);
    made += kinds.filter((kind) => kind === "ok").length;
  };
  const writesTo = async (projectId: string, session: Sql) => {
    const groups = (await groupsOf(session, projectId)).slice(0, 3);
    return { projectId, writes: [...groups.map((group) => following(group)), ...create(1)] };
  };
  const flyOften = async (order: readonly string[], session: Sql) => {
    for (let time = 0; time < 30; time += 1) {
      const batches = await Promise.all(order.map((projectId) => writesTo(projectId, session)));
      count([...(await fly(batches, session)).values()].flat());
    }
  };
  const commitOften = async () => {
    for (let time = 0; time < 60; time += 1) {
      const { projectId, writes } = await writesTo(projectIds[time % projectIds.length] ?? "", third);
      count(await commitGroups(projectId, JSON.stringify([...writes, ...create(6)]), false)(third));
    }
  };
  await Promise.all([flyOften(projectIds, sql), flyOften(projectIds.toReversed(), other), commitOften()]);
  await third.end();
  const [row] = await sql`
    select sum(last_sequence)::integer as made from projects where project_id = any(${projectIds}::uuid[])`;
  expect(row).toEqual({ made });
  for (const index of projectIds.keys()) await expectConsistent(sql, `race-${index}`);
});

test("writes go the way that costs least", async () => {
  const [one = "", two = "", three = "", four = ""] = await createProjects("ways-", 4);
  const EACH = "commit_customer_groups_v1";
  const FLIGHT = "commit_customer_group_flight_v2";
  const creations = (count: number, changed = {}) =>
    Array.from({ length: count }, () => groupCreation(changed));
  const of = (projectId: string, writes: readonly Write[]) => ({ projectId, writes });
  const remembered = { request_key: randomUUID(), request_hash: "\\x01", answer: "\\x02" };
  const first = creations(1);
  expect(await functionsOf([of(one, first)])).toEqual(["commit_customer_group_creation_v1"]);
  const [group] = await groupsOf(sql, one);
  expect(await functionsOf([of(one, [following(required(group))])])).toEqual([
    "commit_customer_group_update_v1",
  ]);
  expect(await functionsOf([of(one, creations(1, remembered))])).toEqual([EACH]);
  expect(await functionsOf([of(one, creations(7))])).toEqual([EACH]);
  expect(await functionsOf([of(one, creations(8))])).toEqual([FLIGHT]);
  expect(await functionsOf([of(one, [...creations(8), groupCreation({ name: first[0]?.name })])])).toEqual([
    FLIGHT,
    EACH,
  ]);
  expect(await functionsOf([one, two, three].map((id) => of(id, creations(1))))).toEqual([EACH]);
  expect(await functionsOf([one, two, three, four].map((id) => of(id, creations(1))))).toEqual([FLIGHT]);
  const many = [one, two].map((id) => of(id, creations(9, { sets_custom: false })));
  expect(await functionsOf([...many, of(three, creations(3))])).toEqual([EACH]);
  expect(await functionsOf([...many, of(three, creations(8))])).toEqual([FLIGHT, EACH]);
});
