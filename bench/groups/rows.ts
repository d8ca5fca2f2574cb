import type { Rounds } from "../case.ts";
import { compare, isConclusive, medianIn } from "../compare.ts";
import { isClean, type Window } from "../measure.ts";
import { comparisonText, fixed } from "../report.ts";
import { medianOf } from "../statistics.ts";
import { type ContestantName, contestantNames } from "./contestants.ts";
import type { GroupCaseResult } from "./field.ts";
import { neighbourNames } from "./neighbour.ts";
import { type NeighboursResult, p99ToAlone } from "./neighbours.ts";
import type { OpenLoopResult } from "./open-loop.ts";

export const CASE_HEADER = [
  "contestant",
  "calls/s",
  "p50 ms",
  "p99 ms",
  "p99.9 ms",
  "server CPU",
  "PostgreSQL CPU",
  "load CPU",
  "MB",
  "calls/transaction",
  "clean windows",
  "ours : it",
];

/** One row for each who took part: medians of the clean windows, or of all where too few are clean. */
export function caseRows(result: GroupCaseResult): string[][] {
  return namesIn(result).map((name) => {
    const median = (read: (window: Window) => number | undefined, digits: number) =>
      fixed(medianIn(result, name, read), digits);
    return [
      name,
      median(({ callsPerSecond }) => callsPerSecond, 0),
      median(({ p50 }) => p50, 2),
      median(({ p99 }) => p99, 2),
      median(({ p999 }) => p999, 2),
      median(({ serverCpuUs }) => serverCpuUs, 0),
      median(({ postgresCpuUs }) => postgresCpuUs, 0),
      median(({ loadCpuUs, calls }) => loadCpuUs / calls, 0),
      median(({ rssBytes }) => rssBytes / 1e6, 0),
      fixed(result.callsPerTransaction[name] ?? Number.NaN, 1),
      cleanText(result, name),
      name === "ours" ? "" : comparisonText(compare(result, "ours", name)),
    ];
  });
}

export const OPEN_LOOP_HEADER = [
  "workload",
  "contestant",
  "asked/s",
  "calls/s",
  "p50 ms",
  "p99 ms",
  "p99.9 ms",
];

export function openLoopRows(results: readonly OpenLoopResult[]): string[][] {
  return results.map(({ workload, name, askedPerSecond, window }) => [
    workload,
    name,
    fixed(askedPerSecond, 0),
    fixed(window.callsPerSecond, 0),
    fixed(window.p50, 2),
    fixed(window.p99, 2),
    `${fixed(window.p999, 2)}${isClean(window) ? "" : ", inconclusive"}`,
  ]);
}

export const NEIGHBOUR_HEADER = [
  "contestant",
  "Gets beside",
  "of those/s",
  "asked/s",
  "calls/s",
  "p50 ms",
  "p99 ms",
  "clean windows",
  "p99, with : alone",
];

export function neighbourRows(results: readonly NeighboursResult[]): string[][] {
  return results.flatMap((result) =>
    neighbourNames.map((neighbour) => {
      const median = (read: (window: Window) => number, digits: number) =>
        fixed(medianIn(result, neighbour, read), digits);
      return [
        result.name,
        neighbour === "alone" ? "nobody" : neighbour,
        fixed(medianOf(result.neighbourPerSecond[neighbour]), 0),
        fixed(result.askedPerSecond, 0),
        median(({ callsPerSecond }) => callsPerSecond, 0),
        median(({ p50 }) => p50, 2),
        median(({ p99 }) => p99, 2),
        cleanText(result, neighbour),
        neighbour === "alone" ? "" : comparisonText(p99ToAlone(result, neighbour)),
      ];
    }),
  );
}

function cleanText<Name extends string>(result: Rounds<Name>, name: Name): string {
  const windows = result.windows[name] ?? [];
  const clean = windows.filter(isClean).length;
  return `${clean} of ${windows.length}${isConclusive(result, name) ? "" : ", inconclusive"}`;
}

export function namesIn({ windows }: GroupCaseResult): ContestantName[] {
  return contestantNames.filter((name) => windows[name] !== undefined);
}
