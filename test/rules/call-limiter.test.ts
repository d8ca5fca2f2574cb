import { describe, expect, test } from "vitest";
import { type CallLimits, createCallLimiter } from "../../src/projects/call-limiter.ts";

const NONE: CallLimits = { concurrentCalls: 0, callsPerSecond: 0 };

/** A limiter whose time the test tells. */
function open(limits: Partial<CallLimits>) {
  const told: [projectKey: string, limitName: string, count: number][] = [];
  let at = 0;
  let current = { ...NONE, ...limits };
  const limiter = createCallLimiter({
    limitsOf: () => current,
    now: () => at,
    onRefused: (projectKey, { limitName }, count) => told.push([projectKey, limitName, count]),
  });
  return {
    ...limiter,
    told,
    pass(ms: number) {
      at += ms;
    },
    set(changed: Partial<CallLimits>) {
      current = { ...current, ...changed };
    },
    /** How many of so many calls, one right after the other, are taken. */
    take(calls: number, projectKey = "p"): number {
      return Array.from({ length: calls }, () => limiter.begin(projectKey)).filter((refusal) => !refusal)
        .length;
    },
    /** Takes calls that end at once. */
    call(calls: number, projectKey = "p"): number {
      const taken = this.take(calls, projectKey);
      for (let one = 0; one < taken; one += 1) limiter.end(projectKey);
      return taken;
    },
  };
}

describe("of calls under way", () => {
  test("as many are taken as the limit says, and one more when one has ended", () => {
    const limiter = open({ concurrentCalls: 3 });
    expect(limiter.take(10)).toBe(3);
    expect(limiter.begin("p")).toEqual({
      limitName: "concurrent_calls",
      limit: 3,
      retryMs: expect.closeTo(100 + 7 * 10),
      isFlood: false,
    });
    limiter.end("p");
    expect(limiter.take(10)).toBe(1);
  });

  test("those of another project are not counted", () => {
    const limiter = open({ concurrentCalls: 3 });
    expect([limiter.take(5, "a"), limiter.take(5, "b")]).toEqual([3, 3]);
  });

  test("a limit that changes holds for what is under way already", () => {
    const limiter = open({});
    expect(limiter.take(10)).toBe(10);
    limiter.set({ concurrentCalls: 8 });
    for (let ended = 0; ended < 2; ended += 1) {
      limiter.end("p");
      expect(limiter.take(1)).toBe(0);
    }
    limiter.end("p");
    expect(limiter.take(2)).toBe(1);
    limiter.set({ concurrentCalls: 0 });
    expect(limiter.take(100)).toBe(100);
  });
});

describe("of calls in a second", () => {
  test.each([1, 3, 7, 100, 333])("%i are taken at once, and then as time passes", (limit) => {
    const limiter = open({ callsPerSecond: limit });
    expect(limiter.call(2 * limit)).toBe(limit);
    const spread = Math.max(100, 1000 / limit) + limit * Math.max(10, 1000 / limit);
    expect(limiter.begin("p")?.retryMs).toBeCloseTo(spread);
    for (let second = 0; second < 3; second += 1) {
      limiter.pass(1000);
      expect(limiter.call(2 * limit)).toBe(limit);
    }
    limiter.pass(60_000);
    expect(limiter.call(2 * limit)).toBe(limit);
  });

  test("as many are taken as the limit says, however they are spread", () => {
    const limiter = open({ callsPerSecond: 10 });
    let taken = 0;
    for (let ms = 0; ms < 60_000; ms += 7) {
      taken += limiter.call(1);
      limiter.pass(7);
    }
    expect(taken).toBeGreaterThanOrEqual(10 + 10 * 60 - 2);
    expect(taken).toBeLessThanOrEqual(10 + 10 * 60);
  });

  test("whoever waits as long as he is told is taken", () => {
    const limiter = open({ callsPerSecond: 3 });
    for (let round = 0; round < 100; round += 1) {
      const refusal = limiter.begin("p");
      if (refusal) limiter.pass(refusal.retryMs);
      else limiter.end("p");
      if (refusal) expect(limiter.call(1)).toBe(1);
    }
  });

  test("one that is refused, for too many are under way, is not counted", () => {
    const limiter = open({ concurrentCalls: 1, callsPerSecond: 3 });
    expect(limiter.take(10)).toBe(1);
    limiter.end("p");
    expect(limiter.call(1) + limiter.call(1)).toBe(2);
    expect(limiter.begin("p")?.limitName).toBe("calls_per_second");
  });
});

test("those who are refused are told to come one after another, and who are too many for that are a flood", () => {
  const limiter = open({ callsPerSecond: 10 });
  limiter.call(10);
  const refusals = Array.from({ length: 200 }, () => limiter.begin("p"));
  expect(refusals.slice(0, 3).map((refusal) => refusal?.retryMs)).toEqual([100, 200, 300]);
  expect(refusals.findIndex((refusal) => refusal?.isFlood)).toBe(5);
  expect(refusals.at(-1)).toMatchObject({ retryMs: 10_000, isFlood: true });
  limiter.pass(10_000);
  limiter.call(10);
  expect(limiter.begin("p")).toMatchObject({ retryMs: 100, isFlood: false });
});

describe("memory", () => {
  test("nothing is kept of a project that has no calls under way", () => {
    const limiter = open({ concurrentCalls: 1 });
    for (let n = 0; n < 100; n += 1) limiter.call(1, `p${n}`);
    expect(limiter.size()).toBe(0);
  });

  test("what calls in a second have left behind is dropped, when many have", () => {
    const limiter = open({ callsPerSecond: 100 });
    for (let n = 0; n < 100_000; n += 1) {
      limiter.call(1, `p${n}`);
      limiter.pass(1);
    }
    expect(limiter.size()).toBeLessThanOrEqual(1000);
  });

  test("many projects that come at once are dropped later, and no limit is forgotten meanwhile", () => {
    const limiter = open({ callsPerSecond: 1 });
    expect(limiter.call(2, "first")).toBe(1);
    for (let n = 0; n < 20_000; n += 1) limiter.call(1, `p${n}`);
    expect(limiter.call(1, "first")).toBe(0);
    limiter.pass(20_000);
    for (let n = 0; n < 20_001; n += 1) limiter.call(1, `q${n}`);
    expect(limiter.size()).toBeLessThanOrEqual(41_000);
    limiter.pass(20_000);
    for (let n = 0; n < 41_000; n += 1) {
      limiter.call(1, `r${n}`);
      limiter.pass(1);
    }
    expect(limiter.size()).toBeLessThanOrEqual(3000);
  });
});

test("a flood is told at its beginning, and in sum every ten seconds", () => {
  const limiter = open({ concurrentCalls: 1 });
  limiter.take(1);
  for (let ms = 0; ms < 25_000; ms += 100) {
    limiter.take(1);
    limiter.pass(100);
  }
  expect(limiter.told).toEqual([
    ["p", "concurrent_calls", 1],
    ["p", "concurrent_calls", 100],
    ["p", "concurrent_calls", 100],
  ]);
});
