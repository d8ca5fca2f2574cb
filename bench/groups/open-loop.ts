import { type LoadShape, loadText } from "../call.ts";
import type { CaseResult } from "../case.ts";
import { medianIn } from "../compare.ts";
import type { Contestant } from "../contestants/contestant.ts";
import type { BenchDatabase } from "../database.ts";
import { callFor, type Load } from "../load-process.ts";
import { measureOnce, type Window } from "../measure.ts";
import type { ContestantName } from "./contestants.ts";
import type { WorkloadName } from "./workloads.ts";

/** Calls that begin at their time, at half of what one reached with this load. Latencies count from then. */
export type OpenLoopResult = {
  readonly workload: WorkloadName;
  readonly name: ContestantName;
  readonly load: LoadShape;
  /** Asked for. */
  readonly askedPerSecond: number;
  readonly window: Window;
};

const WORKLOADS: readonly WorkloadName[] = ["get-by-id", "update", "mix"];
const NAMES: readonly ContestantName[] = ["ours", "grpc-pg"];

/** @param cases of the one project that is called: those of other loads are passed over. */
export async function measureOpenLoops(
  load: Load,
  contestants: readonly Contestant<ContestantName>[],
  database: BenchDatabase,
  cases: readonly CaseResult<ContestantName, WorkloadName>[],
  shape: LoadShape,
  ms: number,
): Promise<OpenLoopResult[]> {
  const results: OpenLoopResult[] = [];
  for (const one of cases) {
    if (!WORKLOADS.includes(one.workload) || loadText(one.load) !== loadText(shape)) continue;
    for (const contestant of contestants.filter(({ name }) => NAMES.includes(name))) {
      const { name } = contestant;
      const most = medianIn(one, name, ({ callsPerSecond }) => callsPerSecond);
      const { workload } = one;
      const askedPerSecond = Math.max(1, Math.round(most / 2));
      const order = { workload, load: shape, ms, calls: MAX_CALLS, callsPerSecond: askedPerSecond };
      const window = await measureOnce(database, contestant, () => callFor(load, name, order));
      results.push({ workload, name, load: shape, askedPerSecond, window });
    }
  }
  return results;
}

const MAX_CALLS = Number.MAX_SAFE_INTEGER;
