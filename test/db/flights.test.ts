import { randomUUID, randomUUIDv7 } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commitGroups, commitMemberships } from "../../src/customer-groups/store.ts";
import type { CommitOutcome } from "../../src/db/commit-function.ts";
import type { Sql } from "../../src/db/connection.ts";
import { openDatabase } from "../../src/db/database.ts";
import { openLanes } from "../../src/db/lanes.ts";
import { openWriteLane } from "../../src/db/write-lane.ts";
import { projectIdOf } from "../../src/projects/project-id.ts";
import { required } from "../../src/refs.ts";
import { openSql } from "../support/consistency.ts";
import {
  deadline,
  type FlightProjects,
  KEYS,
  NOT_PLAIN,
  openFlightProjects,
  outcomesOf,
  projectIds,
  updateOf,
} from "./flight-projects.ts";
import { groupCreation } from "./writes.ts";

// Writes of several projects that one statement carries.

const [one, two, three] = projectIds;
const LANES = { statementTimeoutMs: 20_000, maxWaitMs: 1000, maxWaiting: 500 };

let projects: FlightProjects;

beforeAll(async () => {
  projects = await openFlightProjects();
});
afterAll(() => projects.stop());

/** Runs `work` while another transaction has done what `hold` does. */
async function during<Result>(
  hold: (tx: Sql) => PromiseLike<unknown>,
  work: (letGo: () => Promise<void>) => Promise<Result>,
): Promise<Result> {
  const holder = openSql(projects.database);
  const [held, done] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const holding = holder.begin(async (tx) => {
    await hold(tx as unknown as Sql);
    held.resolve();
    await done.promise;
    await tx`rollback`;
  });
  await held.promise;
  const letGo = async () => {
    done.resolve();
    await holding;
  };
  try {
    return await work(letGo);
  } finally {
    await letGo();
    await holder.end();
  }
}

/** Not as a writer would, so that the function of whoever wants the name in `one` waits in the middle. */
function takeName(name: string) {
  return (tx: Sql) => tx`
    insert into customer_groups (
      project_id, id, version, created_at, last_modified_at, name, market_ids, attachments, byte_size
    ) values (${one}, ${randomUUID()}, 1, now(), now(), ${name}, '[]', '[]', 1)`;
}

test("writes of several projects are committed by one statement, and each gets its own outcome", async () => {
  const writes = projectIds.flatMap((projectId) => [projectId, projectId]).map(() => groupCreation());
  const commits = writes.map((write, index) => projects.commit(projectIds[index % KEYS.length] ?? "", write));
  expect(await outcomesOf(commits)).toEqual(writes.map(() => "ok"));
  expect(await projects.madeBy(writes)).toEqual({ transactions: 1, changes: writes.length });
  await projects.expectAllConsistent();
});

test("the writes of projects that have one that isn't plain are committed by another", async () => {
  const writes = Array.from({ length: 3 * KEYS.length }, () => groupCreation());
  const commits = writes.map((write, index) => projects.commit(projectIds[index % KEYS.length] ?? "", write));
  const twins = [two, three].map((projectId, index) =>
    projects.commit(projectId, groupCreation({ name: writes[index + 1]?.name })),
  );
  expect(await outcomesOf(commits)).toEqual(writes.map(() => "ok"));
  expect(await Promise.all(twins)).toMatchObject(
    [1, 2].map((index) => ({ outcome: "duplicate", conflictingId: writes[index]?.id })),
  );
  expect(await projects.madeBy(writes)).toEqual({ transactions: 2, changes: writes.length });
  await projects.expectAllConsistent();
});

test("where no projects share a statement, each has its own", async () => {
  const lanes = openLanes(projects.database, { ...LANES, connections: 2 });
  const writeLane = openWriteLane(lanes, { projectsTogether: 1, flights: 2, gatherMs: 0 });
  const writes = projectIds.map(() => groupCreation());
  const commits = writes.map((write, index) => projects.commit(projectIds[index] ?? "", write, writeLane));
  expect(await outcomesOf(commits)).toEqual(writes.map(() => "ok"));
  expect(await projects.madeBy(writes)).toEqual({ transactions: KEYS.length, changes: KEYS.length });
  await lanes.close();
});

describe("a project that somebody else has locked holds up no others", () => {
  test.each([
    ["that are plain too", {}],
    ["that aren't plain", NOT_PLAIN],
  ])("%s", (_, changed) =>
    during(
      (tx) => tx`select from projects where project_id = ${two} for update`,
      async (letGo) => {
        let isAnswered = false;
        const waiting = [1, 2, 3, 4, 5, 6, 7, 8].map(() => projects.commit(two, groupCreation()));
        void Promise.race(waiting).then(() => {
          isAnswered = true;
        });
        const free = projectIds.filter((projectId) => projectId !== two);
        for (let round = 0; round < 3; round += 1) {
          const writes = free.map(() => groupCreation(changed));
          const commits = free.map((projectId, index) => projects.commit(projectId, required(writes[index])));
          expect(await outcomesOf(commits)).toEqual(free.map(() => "ok"));
          // Had they waited for so long that it was given up, each would have been sent alone.
          expect(await projects.madeBy(writes)).toEqual({ transactions: 1, changes: free.length });
        }
        expect(isAnswered).toBe(false);
        await letGo();
        expect(await outcomesOf(waiting)).toEqual(waiting.map(() => "ok"));
        await projects.expectAllConsistent();
      },
    ),
  );
});

test("writes to a project that isn't there are told so, and the others' are made", async () => {
  const nowhere = projectIdOf("nowhere");
  const commits = [one, nowhere, nowhere, two].map((projectId) =>
    projects.commit(projectId, groupCreation()),
  );
  expect(await outcomesOf(commits)).toEqual(["ok", "project_not_found", "project_not_found", "ok"]);
});

test("writes of two commit functions go one after the other", async () => {
  const membership = {
    kind: "add",
    write_id: randomUUIDv7(),
    at: new Date(),
    id: randomUUID(),
    customer_ids: [],
  };
  const commits = [
    projects.commit(one, groupCreation()),
    projects.db.writes.commit(commitMemberships, two, membership, deadline),
    projects.commit(three, groupCreation()),
  ];
  expect(await outcomesOf(commits)).toEqual(["ok", "not_found", "ok"]);
});

test("many writes of one project wait for it, and see what was committed meanwhile", async () => {
  const groups = Array.from({ length: 9 }, () => groupCreation());
  await Promise.all(groups.map((group) => projects.commit(one, group)));
  const writer = openSql(projects.database);
  let commits: readonly Promise<CommitOutcome>[] = [];
  await writer.begin(async (tx) => {
    const before = JSON.stringify([updateOf(required(groups[0]), {})]);
    await commitGroups(one, before, false)(tx as unknown as Sql);
    commits = groups.map((group) => projects.commit(one, updateOf(group, { reference: "late" })));
    expect(await untilOneWaits()).toContain("commit_customer_group_flight_v2");
  });
  await writer.end();
  expect(await outcomesOf(commits)).toEqual(["version_mismatch", ...Array.from({ length: 8 }, () => "ok")]);
  await projects.expectAllConsistent();
});

test("what was committed after a flight began is seen by those of its projects that come later", async () => {
  const group = groupCreation();
  await projects.commit(two, group);
  const update = (reference: string) => updateOf(group, { reference });
  const name = randomUUID();
  const outcomes = await during(takeName(name), async (letGo) => {
    const flight = [projects.commit(one, groupCreation({ name })), projects.commit(two, update("late"))];
    await untilOneWaits();
    const [early] = await commitGroups(two, JSON.stringify([update("early")]), false)(projects.sql);
    expect(early).toMatchObject({ outcome: "ok" });
    await letGo();
    return Promise.all(flight);
  });
  expect(outcomes).toMatchObject([{ outcome: "ok" }, { outcome: "version_mismatch", currentVersion: 2n }]);
  await projects.expectAllConsistent();
});

/** What it is that waits for a lock. */
async function untilOneWaits(): Promise<string> {
  for (;;) {
    const [row] = await projects.sql<{ query: string }[]>`
      select query from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    if (row) return row.query;
    await nextTurn();
  }
}

describe("beside a flight that takes long, many writes", () => {
  test.each([
    ["go together once it is back", 60_000, 0],
    ["wait no longer than they are to", 20, 16],
  ])("%s", async (_, gatherMs, madeMeanwhile) => {
    const lanes = openLanes(projects.database, { ...LANES, connections: 3 });
    const writeLane = openWriteLane(lanes, { projectsTogether: 64, flights: 2, gatherMs });
    const taken = randomUUID();
    const many = Array.from({ length: 16 }, () => groupCreation());
    await during(takeName(taken), async (letGo) => {
      const first = many.map((_write, index) =>
        projects.commit(one, groupCreation(index === 0 ? { name: taken } : {}), writeLane),
      );
      await untilOneWaits();
      const gathered: Promise<CommitOutcome>[] = [];
      for (const write of many) {
        gathered.push(projects.commit(two, write, writeLane));
        await nextTurn();
      }
      if (madeMeanwhile > 0) await Promise.all(gathered);
      expect((await projects.madeBy(many))?.changes).toBe(madeMeanwhile);
      await letGo();
      expect(await outcomesOf([...first, ...gathered])).toEqual([...many, ...many].map(() => "ok"));
      if (madeMeanwhile === 0) expect(await projects.madeBy(many)).toEqual({ transactions: 1, changes: 16 });
    });
    await lanes.close();
    await projects.expectAllConsistent();
  });
});

test("two instances that write to the same projects lose none and double none", async () => {
  const second = openDatabase(projects.database, { queryConnections: 1, writeConnections: 3 });
  const groups = await Promise.all(
    projectIds.map(async (projectId) => {
      const group = groupCreation();
      await projects.commit(projectId, group);
      return { projectId, group };
    }),
  );
  let made = 0;
  const callers = Array.from({ length: 40 }, async (_, caller) => {
    const { writes } = caller % 2 ? second : projects.db;
    let [known, versions] = [1n, 0];
    while (versions < 5) {
      const { projectId, group } = groups[(caller + versions) % groups.length] ?? {
        projectId: one,
        group: {},
      };
      const outcome = await projects.commit(
        projectId,
        { ...group, kind: "update", write_id: randomUUIDv7(), expected_version: `${known}` },
        writes,
      );
      if (outcome.outcome === "version_mismatch") known = outcome.currentVersion;
      else {
        expect(outcome.outcome).toBe("ok");
        [known, versions, made] = [known + 1n, versions + 1, made + 1];
      }
    }
  });
  await Promise.all(callers);
  const ids = groups.map(({ group }) => group.id);
  const [row] = await projects.sql`
    select sum(version)::integer as versions from customer_groups where id = any(${ids}::uuid[])`;
  expect(row).toEqual({ versions: made + groups.length });
  await second.close();
  await projects.expectAllConsistent();
});

test("of two instances that make many updates of the same groups at once, one makes each", async () => {
  const second = openDatabase(projects.database, { queryConnections: 1, writeConnections: 3 });
  const groups = Array.from({ length: 10 }, () => groupCreation());
  expect(await outcomesOf(groups.map((group) => projects.commit(one, group)))).not.toContain("duplicate");
  const sequences = new Set<bigint | null>();
  for (let version = 1; version <= 20; version += 1) {
    const update = (lane = projects.db.writes) =>
      groups.map((group) => projects.commit(one, updateOf(group, { expected_version: `${version}` }), lane));
    const [ours, theirs] = await Promise.all([Promise.all(update()), Promise.all(update(second.writes))]);
    for (const [index, own] of ours.entries()) {
      const both = [own, required(theirs[index])];
      expect(both.map(({ outcome }) => outcome).toSorted()).toEqual(["ok", "version_mismatch"]);
      for (const outcome of both) if (outcome.outcome === "ok") sequences.add(outcome.sequence);
    }
  }
  expect(sequences.size).toBe(200);
  await second.close();
  await projects.expectAllConsistent();
});
