import { afterAll, beforeAll, expect, test } from "vitest";
import { type Lanes, openLanes } from "../../src/db/lanes.ts";
import { createLongReads } from "../../src/db/long-reads.ts";
import { openReads, type QueryOptions } from "../../src/db/reads.ts";
import { Ending } from "../../src/ending.ts";
import { createEmptyDatabase } from "../support/database.ts";

/** An event loop whose time passes by hand. */
function loop() {
  let active = 0;
  let idle = 0;
  let waits = 0;
  const later: (() => void)[] = [];
  const longReads = createLongReads(
    () => ({ active, idle }),
    () => {
      waits += 1;
      return new Promise<void>((resolve) => later.push(resolve));
    },
  );
  function addTime(busyMs: number, idleMs: number): void {
    active += busyMs;
    idle += idleMs;
  }
  return {
    waits: () => waits,
    addTime,
    /** 20 ms go by, of which it was busy so long, with so many short calls; who waited for them goes on. */
    async pass(busyMs: number, calls: number): Promise<void> {
      addTime(busyMs, 20 - busyMs);
      for (let call = 0; call < calls; call += 1) longReads.noteCall();
      for (const goOn of later.splice(0)) goOn();
      await settled();
    },
    /** A call comes for a long read. Tells whether that may go. */
    async come(): Promise<() => boolean> {
      let went = false;
      longReads.noteCall();
      void longReads.turn().then(() => {
        went = true;
      });
      await settled();
      return () => went;
    },
  };
}

/** All promises that can go on have gone on. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

test.each([
  ["has time to spare", 11, 100],
  ["is busy, but not with short calls", 20, 9],
])("where the event loop %s, long reads go at once", async (_, busyMs, calls) => {
  const { pass, come, waits } = loop();
  await pass(busyMs, calls);
  const went = await Promise.all([come(), come(), come()]);
  expect(went.map((has) => has())).toEqual([true, true, true]);
  expect(waits()).toBe(0);
});

test("where it stays busy with short calls, a long read goes after five looks, and so does the next one", async () => {
  const { pass, come } = loop();
  await pass(12, 10);
  for (const _ of ["one", "the next"]) {
    const went = await come();
    for (let look = 1; look <= 4; look += 1) {
      await pass(12, 10);
      expect(went()).toBe(false);
    }
    await pass(12, 10);
    expect(went()).toBe(true);
  }
});

test("one that waits goes as soon as there is time, and others wait for what it leaves of it", async () => {
  const { pass, come } = loop();
  await pass(20, 100);
  const first = await come();
  const second = await come();
  await pass(20, 100);
  await pass(2, 100);
  expect([first(), second()]).toEqual([true, false]);
  const third = await come();
  expect(third()).toBe(false);
  await pass(2, 100);
  expect([second(), third()]).toEqual([true, false]);
  await pass(2, 100);
  expect(third()).toBe(true);
});

test("one that comes when there is time goes ahead of those who wait, and they wait for what it leaves of it", async () => {
  const { pass, come, addTime } = loop();
  await pass(20, 100);
  const first = await come();
  addTime(2, 18);
  const second = await come();
  const third = await come();
  expect([first(), second(), third()]).toEqual([false, true, false]);
  await pass(2, 0);
  expect([first(), third()]).toEqual([true, false]);
});

test("what was long before says nothing of now", async () => {
  const { pass, come, addTime } = loop();
  addTime(0, 60_000);
  await pass(20, 64);
  await pass(20, 64);
  expect((await come())()).toBe(false);
  addTime(60_000, 0);
  expect((await come())()).toBe(true);
});

test("late timers let nobody wait for five steps", async () => {
  const { pass, come, addTime } = loop();
  await pass(20, 100);
  const went = await come();
  for (const _ of ["one", "two"]) {
    addTime(30, 0);
    await pass(20, 100);
  }
  expect(went()).toBe(true);
});

test("more than 500 don't wait", async () => {
  const { pass, come } = loop();
  await pass(20, 100);
  const went = await Promise.all(Array.from({ length: 510 }, come));
  expect(went.filter((has) => has())).toHaveLength(10);
});

let lanes: Lanes;
let drop: () => Promise<void>;

const CONNECTIONS = 2;

beforeAll(async () => {
  const database = await createEmptyDatabase();
  drop = database.drop;
  lanes = openLanes(database, {
    connections: CONNECTIONS,
    statementTimeoutMs: 5000,
    maxWaitMs: 5000,
    maxWaiting: 100,
  });
});
afterAll(async () => {
  await lanes.close();
  await drop();
});

test("a read is held back that says it is long, and no other", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const reads = openReads(lanes, lanes, 5000, { turn: () => promise });
  const answered: string[] = [];
  const ask = async (name: string, isLong: boolean) => {
    await reads.query("project", (sql) => sql<object[]>`select 1 as n`, { isLong });
    answered.push(name);
  };
  const long = ask("long", true);
  await ask("short", false);
  await reads.get("project", (sql) => sql<object[]>`select 1 as n`);
  expect(answered).toEqual(["short"]);
  resolve();
  await long;
  expect(answered).toEqual(["short", "long"]);
});

test("a read whose caller goes while it is held back, or waits for a connection, isn't made", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const reads = openReads(lanes, lanes, 5000, { turn: () => promise });
  const letGo = holdAll();
  const over = new Ending();
  const made: string[] = [];
  const ask = (name: string, options: QueryOptions) =>
    reads.query(
      "project",
      (sql) => {
        made.push(name);
        return sql<object[]>`select 1 as n`;
      },
      options,
    );
  const gone = [ask("held back", { isLong: true, over }), ask("waits", { over })];
  const other = ask("other", { over: new Ending() });
  over.end(new Error("gone"));
  resolve();
  letGo();
  const settled = await Promise.allSettled(gone);
  expect(settled).toEqual(gone.map(() => ({ status: "rejected", reason: over.reason })));
  expect(await other).toEqual([{ n: 1 }]);
  expect(made).toEqual(["other"]);
});

/** Takes all connections and keeps them until they are let go. */
function holdAll(): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  for (let connection = 0; connection < CONNECTIONS; connection += 1)
    void lanes.withConnection("others", () => promise);
  return resolve;
}
