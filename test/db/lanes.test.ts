import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Connection } from "../../src/db/connection.ts";
import { type Lanes, type LanesOptions, openLanes } from "../../src/db/lanes.ts";
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
  return { letGo: resolve, held: lanes.withConnection(() => promise) };
}

const ask = ({ run }: Connection) => run((sql) => sql<object[]>`select 1`);
const overloaded = { code: "Unavailable", reason: "OVERLOADED" };

test("who waits longer than he may is refused, and the connection is there for the next", async () => {
  const lanes = open({ maxWaitMs: 20 });
  const { letGo, held } = hold(lanes);
  expect(await failureOf(lanes.withConnection(ask))).toMatchObject(overloaded);
  letGo();
  await held;
  expect(await lanes.withConnection(ask)).toHaveLength(1);
});

test("who comes when too many wait is refused at once, and those that wait are served", async () => {
  const lanes = open({ maxWaiting: 2 });
  const { letGo, held } = hold(lanes);
  const waiting = [lanes.withConnection(ask), lanes.withConnection(ask)];
  expect(await failureOf(lanes.withConnection(ask))).toMatchObject(overloaded);
  letGo();
  await held;
  expect(await Promise.all(waiting)).toHaveLength(2);
});

test("those that wait are served in the order they came", async () => {
  const lanes = open();
  const { letGo, held } = hold(lanes);
  const served: number[] = [];
  const waiting = Array.from({ length: 20 }, (_, index) =>
    lanes.withConnection(async (connection) => {
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
  for (let time = 0; time < 3; time += 1) await expect(lanes.withConnection(work)).rejects.toThrow();
  expect(await lanes.withConnection(ask)).toHaveLength(1);
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
  await Promise.all(Array.from({ length: 60 }, () => lanes.withConnection(work)));
  expect({ most, used: borrowed.size }).toEqual({ most: 1, used: 3 });
});

test("a connection let go as a wait ends is lost to nobody", async () => {
  const lanes = open({ maxWaitMs: 5 });
  for (let round = 0; round < 50; round += 1) {
    const { letGo, held } = hold(lanes);
    const waiting = Promise.allSettled([lanes.withConnection(ask), lanes.withConnection(ask)]);
    await sleep(round % 2 ? 4 : 6);
    letGo();
    await Promise.all([held, waiting]);
  }
  expect(await lanes.withConnection(ask)).toHaveLength(1);
});

test("who waits when all is closed is refused", async () => {
  const lanes = open();
  const { letGo, held } = hold(lanes);
  const refused = failureOf(lanes.withConnection(ask));
  const closed = lanes.close();
  expect(await refused).toMatchObject(overloaded);
  letGo();
  await Promise.all([held, closed]);
});
