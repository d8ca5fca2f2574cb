import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createExpiry } from "../../src/server/unary-lane/expiry.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("lets what is not done with expire: not before its time, and at most a tenth later", () => {
  const expired: string[] = [];
  const expiry = createExpiry<string>(1000, (item) => expired.push(item));
  expiry.add("first");
  vi.advanceTimersByTime(550);
  expiry.add("second");
  const doneWith = expiry.add("done with");
  vi.advanceTimersByTime(400);
  doneWith.done();
  expect(expired).toEqual([]);
  vi.advanceTimersByTime(150);
  expect(expired).toEqual(["first"]);
  vi.advanceTimersByTime(550);
  expect(expired).toEqual(["first", "second"]);
});

test("has no timer while there is nothing to wait for, and begins again", () => {
  const expired: string[] = [];
  const expiry = createExpiry<string>(100, (item) => expired.push(item));
  expect(vi.getTimerCount()).toBe(0);
  expiry.add("one").done();
  vi.advanceTimersByTime(10);
  expect(vi.getTimerCount()).toBe(0);
  expiry.add("two");
  vi.advanceTimersByTime(110);
  expect(expired).toEqual(["two"]);
  expect(vi.getTimerCount()).toBe(0);
});

test("what is done with twice, or when it has expired, leaves the others alone", () => {
  const expired: string[] = [];
  const expiry = createExpiry<string>(100, (item) => expired.push(item));
  const first = expiry.add("first");
  vi.advanceTimersByTime(110);
  const second = expiry.add("second");
  expiry.add("third");
  first.done();
  second.done();
  second.done();
  vi.advanceTimersByTime(110);
  expect(expired).toEqual(["first", "third"]);
});
