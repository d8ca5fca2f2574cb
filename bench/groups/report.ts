import { loadText } from "../call.ts";
import { compare } from "../compare.ts";
import { alignedTable, fixed, retryText } from "../report.ts";
import { spreadOf } from "../statistics.ts";
import type { GroupCaseResult } from "./field.ts";
import type { Further } from "./further.ts";
import { neighbourNames } from "./neighbour.ts";
import { type NeighboursResult, p99ToAlone } from "./neighbours.ts";
import type { GroupBenchOptions } from "./options.ts";
import { caseText } from "./plan.ts";
import type { PoolChoice } from "./pool-size.ts";
import {
  CASE_HEADER,
  caseRows,
  NEIGHBOUR_HEADER,
  namesIn,
  neighbourRows,
  OPEN_LOOP_HEADER,
  openLoopRows,
} from "./rows.ts";
import { judge } from "./targets.ts";

/** Everything that a run measured, and what the figures depend on. */
export type GroupBenchResult = Further & {
  readonly environment: Readonly<Record<string, unknown>>;
  readonly options: GroupBenchOptions;
  /** Of grpc-pg. */
  readonly pool: PoolChoice;
  readonly cases: readonly GroupCaseResult[];
  /** Milliseconds of each start of ours. */
  readonly startUps: readonly number[];
};

/** For people: a table for each case, what else was measured, and the targets. */
export function toText(result: GroupBenchResult): string {
  const { cases, openLoops, neighbours, options } = result;
  const targets = judge(result).map(({ what, bound, measured, verdict }) => [verdict, what, bound, measured]);
  return [
    "",
    "Medians of the clean windows; of all, and inconclusive, where too few are. CPU in microseconds a call.",
    ...cases.flatMap((one) => ["", caseText(one), ...alignedTable([CASE_HEADER, ...caseRows(one)], 1)]),
    "",
    `An open loop at half of what each reached (${openLoops[0] ? loadText(openLoops[0].load) : "none"}); latencies from the intended start`,
    ...alignedTable([OPEN_LOOP_HEADER, ...openLoopRows(openLoops)], 2),
    "",
    neighboursText(neighbours),
    ...alignedTable([NEIGHBOUR_HEADER, ...neighbourRows(neighbours)], 2),
    "",
    ...factLines(result),
    retryText(cases),
    ...alignedTable([["target", "", "is to be", "is"], ...targets], 4),
    options.quick ? "\nA quick run shows that the bench works, and decides nothing." : "",
    "",
  ].join("\n");
}

/** What Gets beside neighbours were asked at. */
export function neighboursText([first]: readonly NeighboursResult[]): string {
  const { load, halfOf } = first ?? {};
  const how = load && halfOf ? `half of what ${loadText(halfOf)} reached, over ${loadText(load)}` : "none";
  return `Gets by id in an open loop (${how}), while a neighbour keeps the server busy; latencies from the intended start`;
}

/** What was measured besides the cases, one sentence each. */
export function factLines({ startUps, pool, soak, h2load }: GroupBenchResult): string[] {
  const start = spreadOf(startUps);
  const tried = pool.trials.map(
    ({ size, callsPerSecond }) =>
      `${size}: ${Object.entries(callsPerSecond)
        .map(([workload, value]) => `${workload} ${fixed(value, 0)}/s`)
        .join(", ")}`,
  );
  const counted = Object.entries(h2load ?? {}).map(([name, value]) => `${name} ${fixed(value, 0)}`);
  const megabytes = (bytes: number) => `${fixed(bytes / 1e6, 0)} MB`;
  return [
    `Start to first answered Get, data there already: ${fixed(start.median, 0)} ms (${fixed(start.least, 0)} to ${fixed(start.most, 0)})`,
    `Pool of grpc-pg: ${pool.size} connections${tried.length > 0 ? ` (${tried.join("; ")})` : ""}`,
    soak
      ? `Soak, calls/s window by window: ${soak.measured.map(({ callsPerSecond }) => fixed(callsPerSecond, 0)).join(", ")}`
      : "No soak",
    soak
      ? `Memory of ours after ${fixed(soak.firstCalls, 0)} calls: ${megabytes(soak.firstRssBytes)}, after ${fixed(soak.lastCalls, 0)}: ${megabytes(soak.lastRssBytes)}`
      : "",
    `h2load, calls/s: ${h2load ? counted.join(", ") : "not found"}`,
  ];
}

/** For machines: every window, and the same ratios as the text. */
export function toJsonText(result: GroupBenchResult): string {
  const cases = result.cases.map((one) => ({
    ...one,
    oursToIt: Object.fromEntries(namesIn(one).map((name) => [name, compare(one, "ours", name)])),
  }));
  const neighbours = result.neighbours.map((one) => ({
    ...one,
    p99ToAlone: Object.fromEntries(neighbourNames.map((name) => [name, p99ToAlone(one, name)])),
  }));
  return `${JSON.stringify({ ...result, cases, neighbours, targets: judge(result) }, undefined, 2)}\n`;
}
