import { startContestant } from "../contestants/contestant.ts";
import type { BenchDatabase } from "../database.ts";
import { callFor, fullestOf, type Load } from "../load-process.ts";
import { medianOf } from "../statistics.ts";
import type { GroupBenchOptions } from "./options.ts";
import { seededGroups } from "./seed.ts";
import type { WorkloadName } from "./workloads.ts";

/** What became of one size: calls/s of each workload, the median of a few windows. */
export type PoolTrial = { readonly size: number; readonly callsPerSecond: Readonly<Record<string, number>> };
export type PoolChoice = { readonly size: number; readonly trials: readonly PoolTrial[] };

/** Without a trial. */
const USUAL_SIZE = 8;
const SIZES = [4, 8, 16];
const WORKLOADS: readonly WorkloadName[] = ["get-by-id", "update"];
const WINDOWS = 3;
/** No bound on the number of calls. */
const ALL = Number.MAX_SAFE_INTEGER;
const TARGET = "trial";

/** Finds the pool size that is best for grpc-pg: the greatest product of what its reads and its writes reach. */
export async function choosePoolSize(
  load: Load,
  database: BenchDatabase,
  seed: string,
  options: GroupBenchOptions,
): Promise<PoolChoice> {
  if (options.poolSize !== undefined) return { size: options.poolSize, trials: [] };
  if (options.quick || !options.contestants.includes("grpc-pg")) return { size: USUAL_SIZE, trials: [] };
  const trials: PoolTrial[] = [];
  for (const size of SIZES) {
    const url = await database.copyDatabase(TARGET, seed);
    const contestant = await startContestant("grpc-pg", url, { env: { POOL_SIZE: `${size}` } });
    try {
      const groups = seededGroups(options.rows[0] ?? 0, 1);
      await load.order({ do: "prepare", target: TARGET, port: contestant.port, groups });
      trials.push({ size, callsPerSecond: await tryOut(load, options) });
    } finally {
      await contestant.stop();
      await database.dropDatabase(TARGET);
    }
  }
  const product = ({ callsPerSecond }: PoolTrial) =>
    Object.values(callsPerSecond).reduce((result, value) => result * value, 1);
  const best = trials.reduce((most, one) => (product(one) > product(most) ? one : most));
  return { size: best.size, trials };
}

async function tryOut(
  load: Load,
  { loads, warmUpCalls, windowMs }: GroupBenchOptions,
): Promise<Record<string, number>> {
  const result: Record<string, number> = {};
  for (const workload of WORKLOADS) {
    const order = { workload, load: fullestOf(loads) };
    await callFor(load, TARGET, { ...order, ms: 30_000, calls: Math.ceil(warmUpCalls / 2) });
    const reached: number[] = [];
    while (reached.length < WINDOWS) {
      const { calls, seconds } = await callFor(load, TARGET, { ...order, ms: windowMs, calls: ALL });
      reached.push(calls / seconds);
    }
    result[workload] = medianOf(reached);
  }
  return result;
}
