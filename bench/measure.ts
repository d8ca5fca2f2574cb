import { type Child, startChild } from "./child.ts";
import type { Contestant } from "./contestants/contestant.ts";
import type { BenchDatabase } from "./database.ts";
import type { LoadOrder, LoadReply, LoadWindow } from "./load.ts";
import type { CaseOptions } from "./options.ts";

/** What one contestant did in one window. CPU times are per call. */
export type Window = LoadWindow & {
  readonly callsPerSecond: number;
  readonly serverCpuUs: number;
  /** Undefined where it can't be seen. */
  readonly postgresCpuUs: number | undefined;
};

export type BenchCase<Workload extends string> = { readonly workload: Workload; readonly callers: number };
/** The windows of one case, by contestant; those with the same index were measured side by side. */
export type CaseResult<Name extends string, Workload extends string> = BenchCase<Workload> & {
  readonly windows: Readonly<Record<Name, readonly Window[]>>;
};
/** Two contestants: how fast the first is in proportion to the second is what a bench is about. */
export type Pair<Name extends string> = readonly [first: Name, second: Name];

export type Load = {
  order(order: LoadOrder): Promise<LoadReply & { readonly window?: LoadWindow }>;
  stop(): Promise<void>;
};

export function startLoad(): Load {
  const child: Child = startChild("bench/load.ts", {});
  return {
    async order(order) {
      const reply = await child.ask<LoadReply>(order);
      if ("error" in reply) throw new Error(`${order.target}: ${reply.error}`);
      return reply;
    },
    stop: () => child.stop(),
  };
}

/** Calls every method at the full number of callers, so that no window meets code that isn't compiled yet. */
export async function warmUp(
  load: Load,
  contestants: readonly Contestant<string>[],
  { workloads, callers, warmUpMs }: Pick<CaseOptions<string>, "workloads" | "callers" | "warmUpMs">,
): Promise<void> {
  for (const { name } of contestants) {
    for (const workload of workloads) {
      await load.order({
        do: "window",
        target: name,
        workload,
        callers: Math.max(...callers),
        ms: warmUpMs,
        calls: ALL,
      });
    }
  }
}

/** The contestants take turns, and take turns in being first. */
export async function measureCase<Name extends string, Workload extends string>(
  load: Load,
  contestants: readonly Contestant<Name>[],
  database: BenchDatabase,
  bench: BenchCase<Workload>,
  { windows, windowMs }: CaseOptions<Workload>,
): Promise<CaseResult<Name, Workload>> {
  const measured = new Map<Name, Window[]>(contestants.map(({ name }) => [name, []]));
  for (let round = 0; round < windows; round += 1) {
    for (const contestant of round % 2 === 0 ? contestants : contestants.toReversed()) {
      const window = await measureWindow(load, contestant, database, bench, windowMs);
      measured.get(contestant.name)?.push(window);
    }
  }
  return { ...bench, windows: Object.fromEntries(measured) as Record<Name, Window[]> };
}

/** Calls per second of the first, divided by those of the second: one ratio for each pair of windows. */
export function pairedRatios<Name extends string>(
  { windows }: CaseResult<Name, string>,
  [first, second]: Pair<Name>,
): number[] {
  return windows[first].map(
    ({ callsPerSecond }, index) => callsPerSecond / (windows[second][index]?.callsPerSecond ?? Number.NaN),
  );
}

/** No bound on the number of calls. */
const ALL = Number.MAX_SAFE_INTEGER;

async function measureWindow(
  load: Load,
  { name, usage }: Contestant<string>,
  database: BenchDatabase,
  bench: BenchCase<string>,
  ms: number,
): Promise<Window> {
  const postgresBefore = await database.cpuUsByProcess(name);
  const before = await usage();
  const { window } = await load.order({ do: "window", target: name, ...bench, ms, calls: ALL });
  const after = await usage();
  const postgresAfter = await database.cpuUsByProcess(name);
  if (!window) throw new Error("unreachable: a window is answered by one");
  return {
    ...window,
    callsPerSecond: window.calls / window.seconds,
    serverCpuUs: (after.cpuUs - before.cpuUs) / window.calls,
    postgresCpuUs: cpuSpent(postgresBefore, postgresAfter, window.calls),
  };
}

function cpuSpent(
  before: ReadonlyMap<number, number>,
  after: ReadonlyMap<number, number>,
  calls: number,
): number | undefined {
  if (after.size === 0) return undefined;
  let us = 0;
  for (const [pid, cpuUs] of after) us += cpuUs - (before.get(pid) ?? 0);
  return us / calls;
}
