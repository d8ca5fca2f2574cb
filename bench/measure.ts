import { type Child, startChild } from "./child.ts";
import { type Contestant, type ContestantName, contestantNames } from "./contestants/contestant.ts";
import type { BenchDatabase } from "./database.ts";
import type { LoadOrder, LoadReply, LoadWindow } from "./load.ts";
import type { BenchOptions } from "./options.ts";
import type { WorkloadName } from "./workloads.ts";

/** What one contestant did in one window. CPU times are per call. */
export type Window = LoadWindow & {
  readonly callsPerSecond: number;
  readonly serverCpuUs: number;
  /** Undefined where it can't be seen. */
  readonly postgresCpuUs: number | undefined;
};

export type BenchCase = { readonly workload: WorkloadName; readonly callers: number };
/** The windows of one case; those with the same index were measured side by side. */
export type CaseResult = BenchCase & {
  readonly windows: Readonly<Record<ContestantName, readonly Window[]>>;
};

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
export async function warmUp(load: Load, contestants: readonly Contestant[], options: BenchOptions) {
  for (const { name } of contestants) {
    for (const workload of options.workloads) {
      const callers = Math.max(...options.callers);
      await load.order({ do: "window", target: name, workload, callers, ms: options.warmUpMs, calls: ALL });
    }
  }
}

/** The contestants take turns, and take turns in being first. */
export async function measureCase(
  load: Load,
  contestants: readonly Contestant[],
  database: BenchDatabase,
  bench: BenchCase,
  { windows, windowMs }: BenchOptions,
): Promise<CaseResult> {
  const measured: Record<ContestantName, Window[]> = { ours: [], "hand-written": [] };
  for (let round = 0; round < windows; round += 1) {
    for (const contestant of round % 2 === 0 ? contestants : contestants.toReversed()) {
      measured[contestant.name].push(await measureWindow(load, contestant, database, bench, windowMs));
    }
  }
  return { ...bench, windows: measured };
}

/** Calls per second of ours, divided by those of the other: one ratio for each pair of windows. */
export function pairedRatios({ windows }: CaseResult): number[] {
  const [ours, other] = contestantNames;
  return windows[ours].map(
    ({ callsPerSecond }, index) => callsPerSecond / (windows[other][index]?.callsPerSecond ?? Number.NaN),
  );
}

/** No bound on the number of calls. */
const ALL = Number.MAX_SAFE_INTEGER;

async function measureWindow(
  load: Load,
  { name, usage }: Contestant,
  database: BenchDatabase,
  bench: BenchCase,
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
