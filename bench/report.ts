import { type CaseResult, type Pair, pairedRatios, type Window } from "./measure.ts";
import { medianOf, spreadOf } from "./statistics.ts";

/** The cases as a table for people: medians of the windows of both, and the ratio of their calls per second. */
export function caseTable<Name extends string>(
  cases: readonly CaseResult<Name, string>[],
  pair: Pair<Name>,
): string[] {
  const header = [...HEADER, pair.join(" : ")];
  const rows = [header, ...cases.map((one) => caseRow(one, pair))];
  const widths = header.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => row.map((cell, column) => align(cell, widths[column] ?? 0, column)).join("  "));
}

/** The cases for machines: every window, and the ratios of the table. */
export function caseJson<Name extends string>(cases: readonly CaseResult<Name, string>[], pair: Pair<Name>) {
  return cases.map((one) => ({
    workload: one.workload,
    callers: one.callers,
    ratio: spreadOf(pairedRatios(one, pair)),
    windows: one.windows,
  }));
}

/** Says which cases were measured at more than the servers take on at once; empty of none. */
export function retryText(cases: readonly CaseResult<string, string>[]): string {
  const overloaded = cases.flatMap(({ workload, callers, windows }) => {
    const retries = Object.values(windows)
      .flat()
      .map((window) => window.retries);
    const sum = retries.reduce((total, count) => total + count, 0);
    return sum === 0 ? [] : [`${workload} (${callers}) ${sum}`];
  });
  return overloaded.length === 0
    ? ""
    : `Answered UNAVAILABLE and tried again 50 ms later, times: ${overloaded.join(", ")}\n`;
}

export function fixed(value: number, digits: number): string {
  return value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

const HEADER = ["workload", "callers", "calls/s", "p50 ms", "p99 ms", "server CPU", "PostgreSQL CPU"];

function caseRow<Name extends string>(result: CaseResult<Name, string>, pair: Pair<Name>): string[] {
  const { median, least, most } = spreadOf(pairedRatios(result, pair));
  const both = (read: (window: Window) => number | undefined, digits: number) =>
    pair
      .map((name) => {
        const value = medianOf(result.windows[name].map((window) => read(window) ?? Number.NaN));
        return Number.isNaN(value) ? "-" : fixed(value, digits);
      })
      .join(" / ");
  return [
    result.workload,
    `${result.callers}`,
    both(({ callsPerSecond }) => callsPerSecond, 0),
    both(({ p50 }) => p50, 2),
    both(({ p99 }) => p99, 2),
    both(({ serverCpuUs }) => serverCpuUs, 0),
    both(({ postgresCpuUs }) => postgresCpuUs, 0),
    `${fixed(median, 2)} (${fixed(least, 2)} to ${fixed(most, 2)})`,
  ];
}

function align(cell: string, width: number, column: number): string {
  return column === 0 ? cell.padEnd(width) : cell.padStart(width);
}
