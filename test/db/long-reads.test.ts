import { afterAll, beforeAll, expect, test } from "vitest";
import { type Lanes, openLanes } from "../../src/db/lanes.ts";
import { createLongReads } from "../../src/db/long-reads.ts";
import { openReads } from "../../src/db/reads.ts";
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
  return {
    longReads,
    waits: () => waits,
    /** 20 ms go by, of which it was busy so long, with so many short calls; who waited for them goes on. */
    async pass(busyMs: number, calls: number): Promise<void> {
      active += busyMs;
      idle += 20 - busyMs;
      for (let call = 0; call < calls; call += 1) longReads.noteShortCall();
      for (const goOn of later.splice(0)) goOn();
      await settled();
    },
    /** Tells whether a long read that comes now may go. */
    async come(): Promise<() => boolean> {
      let went = false;
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

test("more than 500 don't wait", async () => {
  const { pass, come } = loop();
  await pass(20, 100);
  const went = await Promise.all(Array.from({ length: 510 }, come));
  expect(went.filter((has) => has())).toHaveLength(10);
});

let lanes: Lanes;
let drop: () => Promise<void>;

beforeAll(async () => {
  const database = await createEmptyDatabase();
  drop = database.drop;
  lanes = openLanes(database, { connections: 2, statementTimeoutMs: 5000, maxWaitMs: 5000, maxWaiting: 100 });
});
afterAll(async () => {
  await lanes.close();
  await drop();
});

test("long reads are answered while short ones keep the process busy", async () => {
  const reads = openReads(lanes, lanes, 5000);
  let isOver = false;
  let short = 0;
  const callers = Array.from({ length: 8 }, async () => {
    for (; !isOver; short += 1) await reads.get("short", (sql) => sql<{ n: number }[]>`select 1 as n`);
  });
  const long = Array.from({ length: 20 }, (_, n) =>
    reads.query("long", (sql) => sql<{ n: number }[]>`select ${n}::integer as n`, { isLong: true }),
  );
  const rows = await Promise.all(long);
  isOver = true;
  await Promise.all(callers);
  expect(rows.map(([row]) => row?.n)).toEqual(rows.map((_, n) => n));
  expect(short).toBeGreaterThan(0);
});
