import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createExpiry } from "../../src/expiry.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("lets what is not done with expire, in its time", () => {
  const expired: string[] = [];
  const expiry = createExpiry<string>(1000, (item) => expired.push(item));
  const early = expiry.add("early");
  vi.advanceTimersByTime(100);
  expiry.add("first");
  vi.advanceTimersByTime(550);
  expiry.add("second");
  const doneWith = expiry.add("done with");
  early.done();
  vi.advanceTimersByTime(400);
  doneWith.done();
  expect(expired).toEqual([]);
  vi.advanceTimersByTime(49);
  expect(expired).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(expired).toEqual(["first"]);
  vi.advanceTimersByTime(549);
  expect(expired).toEqual(["first"]);
  vi.advanceTimersByTime(1);
  expect(expired).toEqual(["first", "second"]);
});

test("has one timer however much it waits for, and none for long when that is nothing", () => {
  const expired: string[] = [];
  const expiry = createExpiry<string>(100, (item) => expired.push(item));
  expect(vi.getTimerCount()).toBe(0);
  for (const item of ["one", "another"]) {
    expiry.add(item).done();
    expect(vi.getTimerCount()).toBe(1);
  }
  vi.advanceTimersByTime(100);
  expect(vi.getTimerCount()).toBe(0);
  expiry.add("two");
  vi.advanceTimersByTime(100);
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

test("what is added while another expires waits for its own time, and holds up nobody", () => {
  const expired: string[] = [];
  const expiry = createExpiry<string>(100, (item) => {
    expired.push(item);
    if (item === "first") expiry.add("again");
  });
  expiry.add("first");
  vi.advanceTimersByTime(50);
  expiry.add("second");
  vi.advanceTimersByTime(100);
  expect(expired).toEqual(["first", "second"]);
  vi.advanceTimersByTime(50);
  expect(expired).toEqual(["first", "second", "again"]);
});
