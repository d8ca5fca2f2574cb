import type { Contestant } from "./contestants/contestant.ts";
import type { BenchDatabase } from "./database.ts";
import type { LoadWindow } from "./load.ts";
import { type MachineCpu, readMachineCpu } from "./processes.ts";

/** What one contestant did in one window. CPU times are per call. */
export type Window = LoadWindow & {
  readonly callsPerSecond: number;
  readonly serverCpuUs: number;
  /** Undefined where it can't be seen. */
  readonly postgresCpuUs: number | undefined;
  readonly rssBytes: number;
  /** CPU that processes took which are none of the bench's, in cores; undefined where it can't be seen. */
  readonly foreignCores: number | undefined;
};

/** Whether nobody else took a notable part of the machine meanwhile. */
export function isClean({ foreignCores = 0 }: Window): boolean {
  return foreignCores <= MAX_FOREIGN_CORES;
}

const MAX_FOREIGN_CORES = 0.1;

/** What one contestant did in a part of a window, and what it took of the machine. */
export type Part = LoadWindow & {
  /** Of all its calls, as all here. */
  readonly serverCpuUs: number;
  readonly postgresCpuUs: number | undefined;
  readonly rssBytes: number;
  readonly foreignCpuUs: number | undefined;
  readonly wallUs: number;
};

/** One window without a pause. */
export async function measureOnce(
  database: BenchDatabase,
  contestant: Contestant<string>,
  run: () => Promise<LoadWindow>,
): Promise<Window> {
  return toWindow([await measurePart(database, contestant, run)]);
}

export async function measurePart(
  database: BenchDatabase,
  { name, usage }: Contestant<string>,
  run: () => Promise<LoadWindow>,
): Promise<Part> {
  const roots = [process.pid, ...(database.postmaster === undefined ? [] : [database.postmaster])];
  const postgresBefore = await database.cpuUsByProcess(name);
  const before = await usage();
  const machineBefore = readMachineCpu(roots);
  const beganAt = performance.now();
  const window = await run();
  const wallUs = (performance.now() - beganAt) * 1000;
  const machineAfter = readMachineCpu(roots);
  const after = await usage();
  const postgresAfter = await database.cpuUsByProcess(name);
  return {
    ...window,
    serverCpuUs: after.cpuUs - before.cpuUs,
    postgresCpuUs: cpuSpent(postgresBefore, postgresAfter),
    rssBytes: after.rssBytes,
    foreignCpuUs: foreignCpuUs(machineBefore, machineAfter),
    wallUs,
  };
}

/** Quantiles are the means of those of its parts, each by its calls. */
export function toWindow(parts: readonly Part[]): Window {
  const sum = (read: (part: Part) => number | undefined) =>
    parts.reduce((total, part) => total + (read(part) ?? Number.NaN), 0);
  const known = (value: number) => (Number.isNaN(value) ? undefined : value);
  const calls = sum((part) => part.calls);
  const seconds = sum((part) => part.seconds);
  const mean = (read: (part: Part) => number) => sum((part) => read(part) * part.calls) / calls;
  const foreignCores = known(sum((part) => part.foreignCpuUs) / sum(({ wallUs }) => wallUs));
  return {
    calls,
    seconds,
    p50: mean(({ p50 }) => p50),
    p99: mean(({ p99 }) => p99),
    p999: mean(({ p999 }) => p999),
    retries: sum(({ retries }) => retries),
    loadCpuUs: sum(({ loadCpuUs }) => loadCpuUs),
    callsPerSecond: calls / seconds,
    serverCpuUs: sum(({ serverCpuUs }) => serverCpuUs) / calls,
    postgresCpuUs: known(sum(({ postgresCpuUs }) => postgresCpuUs) / calls),
    rssBytes: Math.max(...parts.map(({ rssBytes }) => rssBytes)),
    foreignCores: foreignCores === undefined ? undefined : Math.max(0, foreignCores),
  };
}

function foreignCpuUs(before: MachineCpu | undefined, after: MachineCpu | undefined): number | undefined {
  if (!before || !after) return undefined;
  return after.busyUs - before.busyUs - (after.ownUs - before.ownUs);
}

function cpuSpent(
  before: ReadonlyMap<number, number>,
  after: ReadonlyMap<number, number>,
): number | undefined {
  if (after.size === 0) return undefined;
  let us = 0;
  for (const [pid, cpuUs] of after) us += cpuUs - (before.get(pid) ?? 0);
  return us;
}
