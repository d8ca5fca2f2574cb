import type { LoadShape } from "./call.ts";
import type { Contestant } from "./contestants/contestant.ts";
import type { BenchDatabase } from "./database.ts";
import type { LoadWindow } from "./load.ts";
import { callFor, type Load } from "./load-process.ts";
import type { CaseOptions } from "./options.ts";
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

export type BenchCase<Workload extends string> = {
  readonly workload: Workload;
  readonly load: LoadShape;
  /** Which of the targets of a contestant is called; absent: the one with its name. */
  readonly target?: (name: string) => string;
};

/** The windows of one case, by contestant; those with the same index were measured side by side. */
export type CaseResult<Name extends string, Workload extends string> = {
  readonly workload: Workload;
  readonly load: LoadShape;
  /** How many of each are to be without others' CPU. */
  readonly windowsWanted: number;
  /** Of those who took part. */
  readonly windows: Readonly<Partial<Record<Name, readonly Window[]>>>;
  /** Calls for each transaction of PostgreSQL's, about; of those who have a database. */
  readonly callsPerTransaction: Readonly<Partial<Record<Name, number>>>;
};

/** The contestants take turns, and take turns in being first. While there are too few clean windows, they go on for a while. */
export async function measureCase<Name extends string, Workload extends string>(
  load: Load,
  contestants: readonly Contestant<Name>[],
  database: BenchDatabase,
  { workload, load: shape, target = (name) => name }: BenchCase<Workload>,
  { windows, extraRounds, windowMs }: Pick<CaseOptions<Workload>, "windows" | "extraRounds" | "windowMs">,
): Promise<CaseResult<Name, Workload>> {
  const measured = new Map<Name, Window[]>(contestants.map(({ name }) => [name, []]));
  const transactions = () => Promise.all(contestants.map(({ name }) => database.countTransactions(name)));
  const before = await transactions();
  const isEnough = () => [...measured.values()].every((all) => all.filter(isClean).length >= windows);
  for (let round = 0; round < windows + (isEnough() ? 0 : extraRounds); round += 1) {
    for (let turn = 0; turn < contestants.length; turn += 1) {
      const contestant = contestants[(round + turn) % contestants.length];
      if (!contestant) throw new Error("unreachable: turns are fewer than contestants");
      const window = await measureOnce(database, contestant, () => {
        const order = { workload, load: shape, ms: windowMs, calls: ALL };
        return contestant.callItself?.(order) ?? callFor(load, target(contestant.name), order);
      });
      measured.get(contestant.name)?.push(window);
    }
  }
  const after = await transactions();
  const callsPerTransaction = contestants.flatMap(({ name }, index) => {
    const calls = measured.get(name)?.reduce((sum, window) => sum + window.calls, 0) ?? 0;
    const count = (after[index] ?? 0) - (before[index] ?? 0);
    return count === 0 ? [] : [[name, calls / count] as const];
  });
  return {
    workload,
    load: shape,
    windowsWanted: windows,
    windows: Object.fromEntries(measured) as Partial<Record<Name, Window[]>>,
    callsPerTransaction: Object.fromEntries(callsPerTransaction) as Partial<Record<Name, number>>,
  };
}

/** Whether nobody else took a notable part of the machine meanwhile. */
export function isClean({ foreignCores = 0 }: Window): boolean {
  return foreignCores <= MAX_FOREIGN_CORES;
}

/** No bound on the number of calls. */
const ALL = Number.MAX_SAFE_INTEGER;
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
