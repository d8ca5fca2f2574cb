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

/** One window, and what it took of the machine. */
export async function measureOnce(
  database: BenchDatabase,
  { name, usage }: Contestant<string>,
  run: () => Promise<LoadWindow>,
): Promise<Window> {
  const roots = [process.pid, ...(database.postmaster === undefined ? [] : [database.postmaster])];
  const postgresBefore = await database.cpuUsByProcess(name);
  const before = await usage();
  const machineBefore = readMachineCpu(roots);
  const beganAt = performance.now();
  const window = await run();
  const us = (performance.now() - beganAt) * 1000;
  const machineAfter = readMachineCpu(roots);
  const after = await usage();
  const postgresAfter = await database.cpuUsByProcess(name);
  return {
    ...window,
    callsPerSecond: window.calls / window.seconds,
    serverCpuUs: (after.cpuUs - before.cpuUs) / window.calls,
    postgresCpuUs: cpuSpent(postgresBefore, postgresAfter, window.calls),
    rssBytes: after.rssBytes,
    foreignCores: foreignCores(machineBefore, machineAfter, us),
  };
}

function foreignCores(
  before: MachineCpu | undefined,
  after: MachineCpu | undefined,
  us: number,
): number | undefined {
  if (!before || !after) return undefined;
  return Math.max(0, (after.busyUs - before.busyUs - (after.ownUs - before.ownUs)) / us);
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
