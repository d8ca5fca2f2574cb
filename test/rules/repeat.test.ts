import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { type Repetition, repeat } from "../../src/repeat.ts";
import type { LogLine } from "../support/service.ts";

const FAR = 1_000_000;

let repetition: Repetition | undefined;
afterEach(() => repetition?.stop());

/** Starts work that lasts until `finish`, and tells what becomes of it. */
function start(intervalMs: number) {
  const logged: LogLine[] = [];
  const write = (level: LogLine["level"]) => (fields: object, message: string) => {
    logged.push({ level, fields, message });
  };
  let runs = 0;
  let atOnce = 0;
  let mostAtOnce = 0;
  let current = Promise.withResolvers<void>();
  let isStopped = () => false;
  const work = async (isTold: () => boolean) => {
    isStopped = isTold;
    runs += 1;
    atOnce += 1;
    mostAtOnce = Math.max(mostAtOnce, atOnce);
    current = Promise.withResolvers();
    try {
      await current.promise;
    } finally {
      atOnce -= 1;
    }
  };
  const log = { info: write("info"), warn: write("warn"), error: write("error") };
  repetition = repeat(work, intervalMs, "it failed", log);
  const settled = () => sleep(20);
  return {
    ...repetition,
    logged,
    runs: () => runs,
    mostAtOnce: () => mostAtOnce,
    isStopped: () => isStopped(),
    async finish() {
      current.resolve();
      await settled();
    },
    async fail(error: Error) {
      current.reject(error);
      await settled();
    },
  };
}

test("work is done at once, and again after the interval", async () => {
  const { runs, finish } = start(10);
  expect(runs()).toBe(1);
  for (let run = 1; run <= 3; run += 1) {
    await finish();
    await expect.poll(runs).toBeGreaterThan(run);
  }
});

test("work is done one at a time, however long it takes", async () => {
  const { runs, mostAtOnce, hurry } = start(1);
  hurry();
  await sleep(30);
  expect([runs(), mostAtOnce()]).toEqual([1, 1]);
});

test("a hurry while nothing is under way starts it", async () => {
  const { runs, finish, hurry } = start(FAR);
  await finish();
  hurry();
  expect(runs()).toBe(2);
  await finish();
  expect(runs()).toBe(2);
});

test("hurries while it is under way have it done once more at the end, however many", async () => {
  const { runs, finish, hurry, mostAtOnce } = start(FAR);
  for (let times = 0; times < 3; times += 1) hurry();
  expect(runs()).toBe(1);
  await finish();
  expect(runs()).toBe(2);
  await finish();
  expect([runs(), mostAtOnce()]).toEqual([2, 1]);
});

test("a stop is told to work that is under way, and nothing is begun after it", async () => {
  const { runs, finish, hurry, stop, isStopped } = start(1);
  hurry();
  expect(isStopped()).toBe(false);
  stop();
  expect(isStopped()).toBe(true);
  await finish();
  hurry();
  await sleep(20);
  expect(runs()).toBe(1);
});

test("what fails is logged without its message, and tried again", async () => {
  const { runs, fail, logged } = start(10);
  await fail(new Error("quotes data"));
  expect(logged).toEqual([
    { level: "warn", fields: expect.objectContaining({ error: "Error" }), message: "it failed" },
  ]);
  expect(JSON.stringify(logged)).not.toContain("quotes data");
  await expect.poll(runs).toBe(2);
});

test("what fails because it was stopped is not logged", async () => {
  const { fail, logged, stop } = start(FAR);
  stop();
  await fail(new Error("its connection ended"));
  expect(logged).toEqual([]);
});
