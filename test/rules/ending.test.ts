import { expect, test } from "vitest";
import { Ending } from "../../src/ending.ts";

test("tells all listeners the first reason, once", () => {
  const ending = new Ending();
  const told: string[] = [];
  ending.whenEnded(({ message }) => told.push(`one: ${message}`));
  ending.whenEnded(({ message }) => told.push(`two: ${message}`));
  expect(ending.reason).toBeUndefined();
  ending.end(new Error("first"));
  ending.end(new Error("second"));
  expect(told).toEqual(["one: first", "two: first"]);
  expect(ending.reason?.message).toBe("first");
});

test("tells who listens too late at once, and who was forgotten nothing", () => {
  const ending = new Ending();
  const told: string[] = [];
  const forgotten = () => told.push("forgotten");
  ending.whenEnded(forgotten);
  ending.forget(forgotten);
  ending.forget(() => {});
  ending.end(new Error("over"));
  ending.whenEnded(({ message }) => told.push(message));
  expect(told).toEqual(["over"]);
});

test("aborts the signals that were asked for before its end and after", () => {
  const [before, after] = [new Ending(), new Ending()];
  const { signal } = before;
  const reason = new Error("over");
  expect(signal.aborted).toBe(false);
  before.end(reason);
  after.end(reason);
  expect([signal.reason, before.signal.reason, after.signal.reason]).toEqual([reason, reason, reason]);
});
