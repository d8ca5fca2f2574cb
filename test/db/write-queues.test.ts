import { expect, test } from "vitest";
import { commitGroups, commitMemberships } from "../../src/customer-groups/store.ts";
import { PendingWrite } from "../../src/db/pending-write.ts";
import type { Write } from "../../src/db/write.ts";
import { openWriteQueues, type WriteQueues } from "../../src/db/write-queues.ts";
import { Ending } from "../../src/ending.ts";
import { groupCreation } from "./writes.ts";

function add(
  queues: WriteQueues,
  projectId: string,
  count: number,
  write: Write = {},
  commit = commitGroups,
): void {
  const deadline = { timeoutMs: 1000, over: new Ending() };
  for (let number = 0; number < count; number += 1) {
    const added = queues.add(
      projectId,
      new PendingWrite(commit, write, deadline, { resolve: () => {}, reject: () => {} }),
    );
    if (!added) throw new Error("no room");
  }
}

function take(queues: WriteQueues, maxProjects = 64) {
  const batches = queues.takeBatches(maxProjects);
  return {
    batches,
    sizes: Object.fromEntries(batches.map(({ projectId, writes }) => [projectId, writes.length])),
  };
}

/** A write whose JSON is so long. */
function ofSize(characters: number): Write {
  return { text: "x".repeat(characters - JSON.stringify({ text: "" }).length) };
}

const MIB = 1024 * 1024;

test("one with many writes leaves their share to others, and takes what they leave", () => {
  const queues = openWriteQueues();
  add(queues, "many", 2000);
  for (const projectId of ["few", "one", "some"]) add(queues, projectId, projectId === "some" ? 60 : 3);
  expect(take(queues).sizes).toEqual({ many: 144, few: 3, one: 3, some: 50 });
});

test("projects take turns, and have one batch under way", () => {
  const queues = openWriteQueues();
  for (const projectId of ["a", "b", "c"]) add(queues, projectId, 300);
  const first = take(queues, 2);
  expect(first.sizes).toEqual({ a: 100, b: 100 });
  expect(take(queues, 2).sizes).toEqual({ c: 200 });
  expect(take(queues).batches).toEqual([]);
  for (const batch of first.batches) queues.finish(batch);
  add(queues, "d", 1);
  expect(take(queues, 2).sizes).toEqual({ a: 100, b: 100 });
  expect(take(queues, 2).sizes).toEqual({ d: 1 });
});

test("of few writes, each of as many projects has one", () => {
  const queues = openWriteQueues();
  add(queues, "many", 20);
  for (const projectId of ["a", "b", "c", "d"]) add(queues, projectId, 1);
  const sizes = (maxWrites: number) =>
    queues.takeBatches(64, maxWrites).map(({ projectId, writes }) => [projectId, writes.length]);
  expect(sizes(3)).toEqual([
    ["many", 1],
    ["a", 1],
    ["b", 1],
  ]);
  expect(sizes(3)).toEqual([
    ["c", 1],
    ["d", 1],
  ]);
});

test("ready are those of projects of which nothing is under way", () => {
  const queues = openWriteQueues();
  add(queues, "a", 5);
  add(queues, "b", 2);
  expect(queues.countReady()).toBe(7);
  const [first, second] = queues.takeBatches(2, 4);
  expect(queues.countReady()).toBe(0);
  add(queues, "a", 1);
  add(queues, "c", 1);
  expect(queues.countReady()).toBe(1);
  if (second) queues.finish(second);
  expect(queues.countReady()).toBe(1);
  if (first) queues.finish(first);
  expect(queues.countReady()).toBe(5);
  queues.takeBatches(2);
  if (first) queues.takeBehind(first);
  expect(queues.countReady()).toBe(0);
});

test("a statement has 4 MiB of writes, of whom one that is larger goes when it is its turn", () => {
  const queues = openWriteQueues();
  add(queues, "large", 3, ofSize(3 * MIB));
  add(queues, "small", 9, ofSize(MIB / 2));
  const first = take(queues);
  expect(first.sizes).toEqual({ large: 1, small: 2 });
  expect(take(queues).batches).toEqual([]);
  for (const batch of first.batches.toReversed()) queues.finish(batch);
  expect(take(queues).sizes).toEqual({ small: 7 });
  expect(take(queues).sizes).toEqual({ large: 1 });
});

test("a plain write is as large as its columns are", () => {
  const queues = openWriteQueues();
  add(queues, "other", 1);
  // Each of these quotes is two characters in JSON, and four in a column.
  const plain = groupCreation({ metadata: { text: '"'.repeat(0.4 * MIB) } });
  add(queues, "plain", 9, plain);
  expect(() => add(queues, "plain", 1, plain)).toThrow("no room");
  expect(take(queues).sizes).toEqual({ other: 1, plain: 2 });
});

test("writes of another commit function keep their turn", () => {
  const queues = openWriteQueues();
  add(queues, "a", 2);
  add(queues, "a", 2, {}, commitMemberships);
  add(queues, "b", 1, {}, commitMemberships);
  add(queues, "c", 1);
  const first = take(queues);
  expect(first.sizes).toEqual({ a: 2, c: 1 });
  for (const batch of first.batches) queues.finish(batch);
  expect(take(queues).sizes).toEqual({ b: 1, a: 2 });
  expect(queues.isAnyWaiting()).toBe(false);
});

test("a project has room for 2000 writes, and for no more than its part of what all may hold", () => {
  const queues = openWriteQueues();
  add(queues, "many", 2000);
  expect(() => add(queues, "many", 1)).toThrow("no room");
  add(queues, "large", 16, ofSize(MIB));
  expect(() => add(queues, "large", 1)).toThrow("no room");
  const { batches } = take(queues, 1);
  for (const batch of batches) queues.finish(batch);
  add(queues, "many", 200);
  expect(() => add(queues, "many", 1)).toThrow("no room");
});
