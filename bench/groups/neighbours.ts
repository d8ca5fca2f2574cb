import { setTimeout as sleep } from "node:timers/promises";
import { type LoadShape, loadText } from "../call.ts";
import { type CaseResult, type RoundOptions, type Rounds, takeTurns } from "../case.ts";
import { type Comparison, compare, medianIn } from "../compare.ts";
import type { Contestant } from "../contestants/contestant.ts";
import type { BenchDatabase } from "../database.ts";
import { callFor, type Load } from "../load-process.ts";
import { measurePart } from "../measure.ts";
import type { ContestantName } from "./contestants.ts";
import { type NeighbourName, neighbourNames, startNeighbour } from "./neighbour.ts";
import type { GroupBenchOptions } from "./options.ts";
import type { WorkloadName } from "./workloads.ts";

/** Gets by id that begin at their time, alone and while a neighbour keeps the server busy. Latencies count from then. */
export type NeighboursResult = Rounds<NeighbourName> & {
  readonly name: ContestantName;
  readonly load: LoadShape;
  /** Half of what Gets by id reached with this load. */
  readonly halfOf: LoadShape;
  readonly askedPerSecond: number;
  /** What the neighbour got done, in each window. */
  readonly neighbourPerSecond: Readonly<Record<NeighbourName, readonly number[]>>;
};

type Field = {
  readonly load: Load;
  /** Calls at the same time as `load`; it knows the same targets. */
  readonly neighbourLoad: Load;
  readonly database: BenchDatabase;
};

type NeighbourOptions = RoundOptions & Pick<GroupBenchOptions, "windowMs" | "neighbourCalls">;

/** @param cases of the one project that is called; without Gets by id among them there is no rate to ask for. */
export async function measureNeighbours(
  field: Field,
  contestants: readonly Contestant<ContestantName>[],
  cases: readonly CaseResult<ContestantName, WorkloadName>[],
  shape: LoadShape,
  options: NeighbourOptions,
): Promise<NeighboursResult[]> {
  const gets = cases.filter(({ workload }) => workload === "get-by-id");
  const reached = gets.find(({ load }) => loadText(load) === MODERATE) ?? gets.at(-1);
  if (!reached) return [];
  const rates = contestants
    .filter(({ name }) => NAMES.includes(name))
    .map((contestant) => {
      const most = medianIn(reached, contestant.name, ({ callsPerSecond }) => callsPerSecond);
      return { contestant, askedPerSecond: Math.max(1, Math.round(most / 2)) };
    });
  const windowMs = windowFor(Math.max(...rates.map(({ askedPerSecond }) => askedPerSecond)), options);
  const results: NeighboursResult[] = [];
  for (const { contestant, askedPerSecond } of rates) {
    const rate = { load: shape, halfOf: reached.load, askedPerSecond };
    results.push(await measureBeside(field, contestant, rate, { ...options, windowMs }));
  }
  return results;
}

/** In milliseconds. */
function windowFor(askedPerSecond: number, { windowMs, neighbourCalls }: NeighbourOptions): number {
  return Math.max(windowMs * WINDOWS_LONGER, Math.ceil((neighbourCalls / askedPerSecond) * 1000));
}

async function measureBeside(
  { load, neighbourLoad, database }: Field,
  contestant: Contestant<ContestantName>,
  rate: Pick<NeighboursResult, "load" | "halfOf" | "askedPerSecond">,
  options: RoundOptions & { readonly windowMs: number },
): Promise<NeighboursResult> {
  const { name } = contestant;
  const { windows: windowsWanted, windowMs } = options;
  const gets = { ...GETS, load: rate.load, ms: windowMs, callsPerSecond: rate.askedPerSecond };
  const neighbourPerSecond = emptyLists();
  const takers = neighbourNames.map((neighbour) => ({ name: neighbour }));
  const windows = await takeTurns(takers, { ...options, parts: 1 }, async (taker) => {
    const end = await startNeighbour(taker.name, neighbourLoad, contestant, windowMs + AROUND_MS);
    await sleep(AHEAD_MS);
    const window = await measurePart(database, contestant, () => callFor(load, name, gets));
    neighbourPerSecond[taker.name].push(await end());
    return window;
  });
  return { ...rate, name, windowsWanted, windows, neighbourPerSecond };
}

/** How much longer the slowest in a hundred took than alone; undefined where it isn't known. */
export function p99ToAlone(result: Rounds<NeighbourName>, neighbour: NeighbourName): Comparison | undefined {
  return compare(result, neighbour, "alone", ({ p99 }) => p99);
}

const NAMES: readonly ContestantName[] = ["ours", "grpc-pg"];
const GETS = { workload: "get-by-id", calls: Number.MAX_SAFE_INTEGER } as const;
/** In a short window a single stall of the machine makes more than one call in a hundred late. */
const WINDOWS_LONGER = 3;
/** What one connection reaches without tens of calls waiting for each other. */
const MODERATE = "1x16";
/** A neighbour is there before the first Get, and after the last. */
const AHEAD_MS = 100;
const AROUND_MS = 300;

function emptyLists(): Record<NeighbourName, number[]> {
  return { alone: [], "pages of 500": [], "a slow client": [], argon2id: [] };
}
