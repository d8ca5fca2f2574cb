import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Connection } from "../../src/db/connection.ts";
import { type Lanes, type LanesOptions, openLanes } from "../../src/db/lanes.ts";
import { Ending } from "../../src/ending.ts";
import { createEmptyDatabase } from "../support/database.ts";
import { failureOf } from "../support/failures.ts";

let database: Awaited<ReturnType<typeof createEmptyDatabase>>;
const opened: Lanes[] = [];

beforeAll(async () => {
  database = await createEmptyDatabase();
});
afterAll(async () => {
  await Promise.all(opened.map((lanes) => lanes.close()));
  await database.drop();
});

function open(options: Partial<LanesOptions> = {}): Lanes {
  const lanes = openLanes(database, {
    connections: 1,
    statementTimeoutMs: 5000,
    maxWaitMs: 30_000,
    maxWaiting: 100,
    ...options,
  });
  opened.push(lanes);
  return lanes;
}

/** Takes a connection and keeps it until it is let go. */
function hold(lanes: Lanes) {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { letGo: resolve, held: lanes.withConnection(PROJECT, () => promise) };
}

const PROJECT = "project";
const ask = ({ run }: Connection) => run((sql) => sql<object[]>`select 1`);
const overloaded = { code: "Unavailable", reason: "OVERLOADED" };

test("who waits longer than he may is refused, and the connection is there for the next", async () => {
  const lanes = open({ maxWaitMs: 20 });
  const { letGo, held } = hold(lanes);
  expect(await failureOf(lanes.withConnection(PROJECT, ask))).toMatchObject(overloaded);
  letGo();
  await held;
  expect(await lanes.withConnection(PROJECT, ask)).toHaveLength(1);
});

test("who waits leaves when nobody wants it any more, and another one may wait in that place", async () => {
  const lanes = open({ maxWaiting: 1 });
  const { letGo, held } = hold(lanes);
  const over = new Ending();
  const reason = new Error("gone");
  const left = lanes.withConnection(PROJECT, ask, over);
  over.end(reason);
  await expect(left).rejects.toBe(reason);
  await expect(lanes.withConnection(PROJECT, ask, over)).rejects.toBe(reason);
  const waiting = lanes.withConnection(PROJECT, ask, new Ending());
  letGo();
  await held;
  expect(await waiting).toHaveLength(1);
});

test("an end comes too late for who has a connection, or was refused one", async () => {
  const lanes = open({ maxWaitMs: 20 });
  const over = new Ending();
  const { letGo, held } = hold(lanes);
  expect(await failureOf(lanes.withConnection(PROJECT, ask, over))).toMatchObject(overloaded);
  const served = lanes.withConnection(
    PROJECT,
    ({ run }) => run((sql) => sql<object[]>`select pg_sleep(0.02)`),
    over,
  );
  letGo();
  await held;
  over.end(new Error("gone"));
  expect(await served).toHaveLength(1);
  expect(await lanes.withConnection(PROJECT, ask)).toHaveLength(1);
});

test("who waited for too long only because the process stood still is served", async () => {
  const lanes = open({ maxWaitMs: 100 });
  await lanes.open();
  const slow = lanes.withConnection(PROJECT, ({ run }) => run((sql) => sql<object[]>`select pg_sleep(0.02)`));
  const waiting = lanes.withConnection(PROJECT, ask);
  await sleep(5);
  // From here the timers come first.
  await nextTurn();
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
  await slow;
  expect(await waiting).toHaveLength(1);
});

test("who comes when too many wait is refused at once, and those that wait are served", async () => {
  const lanes = open({ maxWaiting: 2 });
  const { letGo, held } = hold(lanes);
  const waiting = [lanes.withConnection(PROJECT, ask), lanes.withConnection(PROJECT, ask)];
  expect(await failureOf(lanes.withConnection(PROJECT, ask))).toMatchObject(overloaded);
  letGo();
  await held;
  expect(await Promise.all(waiting)).toHaveLength(2);
});

test("those that wait are served in the order they came", async () => {
  const lanes = open();
  const { letGo, held } = hold(lanes);
  const served: number[] = [];
  const waiting = Array.from({ length: 20 }, (_, index) =>
    lanes.withConnection(PROJECT, async (connection) => {
      served.push(index);
      await ask(connection);
    }),
  );
  letGo();
  await Promise.all([held, ...waiting]);
  expect(served).toEqual(Array.from({ length: 20 }, (_, index) => index));
});

test.each([
  ["a statement that fails", ({ run }: Connection) => run((sql) => sql<object[]>`select 1 / 0`)],
  ["work that fails before a statement", () => Promise.reject(new Error("no statement"))],
  [
    "work that throws",
    () => {
      throw new Error("thrown");
    },
  ],
])("the connection is given back after %s", async (_, work) => {
  const lanes = open();
  for (let time = 0; time < 3; time += 1) await expect(lanes.withConnection(PROJECT, work)).rejects.toThrow();
  expect(await lanes.withConnection(PROJECT, ask)).toHaveLength(1);
});

test("each connection has one borrower at a time, and all are used", async () => {
  const lanes = open({ connections: 3 });
  const borrowed = new Map<Connection, number>();
  let most = 0;
  const work = async (connection: Connection) => {
    borrowed.set(connection, (borrowed.get(connection) ?? 0) + 1);
    most = Math.max(most, ...borrowed.values());
    await ask(connection);
    borrowed.set(connection, (borrowed.get(connection) ?? 0) - 1);
  };
  await Promise.all(Array.from({ length: 60 }, () => lanes.withConnection(PROJECT, work)));
  expect({ most, used: borrowed.size }).toEqual({ most: 1, used: 3 });
});

test("a connection let go as a wait ends is lost to nobody", async () => {
  const lanes = open({ maxWaitMs: 5 });
  for (let round = 0; round < 50; round += 1) {
    const { letGo, held } = hold(lanes);
    const waiting = Promise.allSettled([
      lanes.withConnection(PROJECT, ask),
      lanes.withConnection(PROJECT, ask),
    ]);
    await sleep(round % 2 ? 4 : 6);
    letGo();
    await Promise.all([held, waiting]);
  }
  expect(await lanes.withConnection(PROJECT, ask)).toHaveLength(1);
});

test("who waits when all is closed is refused", async () => {
  const lanes = open();
  const { letGo, held } = hold(lanes);
  const refused = failureOf(lanes.withConnection(PROJECT, ask));
  const closed = lanes.close();
  expect(await refused).toMatchObject(overloaded);
  letGo();
  await Promise.all([held, closed]);
});

describe("projects that wait", () => {
  /** Waits for a connection, and notes whose turn it was. */
  function waitFor(lanes: Lanes, projectId: string, served: string[]) {
    return lanes.withConnection(projectId, async (connection) => {
      served.push(projectId);
      await ask(connection);
    });
  }

  test("take turns, however many wait for one of them", async () => {
    const lanes = open();
    const { letGo, held } = hold(lanes);
    const served: string[] = [];
    const waiting = ["many", "many", "many", "many", "few", "many", "few", "one"];
    const done = waiting.map((projectId) => waitFor(lanes, projectId, served));
    letGo();
    await Promise.all([held, ...done]);
    expect(served).toEqual(["many", "few", "one", "many", "few", "many", "many", "many"]);
  });

  test("leave room to one that has less, when too many wait", async () => {
    const lanes = open({ maxWaiting: 4 });
    const { letGo, held } = hold(lanes);
    const served: string[] = [];
    const many = Array.from({ length: 4 }, () => waitFor(lanes, "many", served));
    const few = waitFor(lanes, "few", served);
    expect(await failureOf(many[3] ?? held)).toMatchObject(overloaded);
    expect(await failureOf(waitFor(lanes, "many", served))).toMatchObject(overloaded);
    letGo();
    await Promise.all([held, few, ...many.slice(0, 3)]);
    expect(served).toEqual(["many", "few", "many", "many"]);
  });

  test("are not refused for one that has no more than they", async () => {
    const lanes = open({ maxWaiting: 2 });
    const { letGo, held } = hold(lanes);
    const waiting = [waitFor(lanes, "a", []), waitFor(lanes, "b", [])];
    expect(await failureOf(waitFor(lanes, "b", []))).toMatchObject(overloaded);
    letGo();
    await Promise.all([held, ...waiting]);
  });

  test("find a connection that the slow statements of another leave to them", async () => {
    const lanes = open({ connections: 3, ofOneProject: 2 });
    const slow = [hold(lanes), hold(lanes)];
    const served: string[] = [];
    const third = waitFor(lanes, PROJECT, served);
    await waitFor(lanes, "other", served);
    await waitFor(lanes, "other", served);
    expect(served).toEqual(["other", "other"]);
    slow[0]?.letGo();
    await third;
    expect(served).toEqual(["other", "other", PROJECT]);
    slow[1]?.letGo();
    await Promise.all(slow.map(({ held }) => held));
  });
});
