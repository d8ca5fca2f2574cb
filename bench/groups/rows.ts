import { compare, isConclusive, medianIn } from "../compare.ts";
import { isClean, type Window } from "../measure.ts";
import { comparisonText, fixed } from "../report.ts";
import { type ContestantName, contestantNames } from "./contestants.ts";
import type { GroupCaseResult } from "./field.ts";
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
    const windows = result.windows[name] ?? [];
    const clean = windows.filter(isClean).length;
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
      `${clean} of ${windows.length}${isConclusive(result, name) ? "" : ", inconclusive"}`,
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

export function namesIn({ windows }: GroupCaseResult): ContestantName[] {
  return contestantNames.filter((name) => windows[name] !== undefined);
}
