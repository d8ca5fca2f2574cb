import { loadText } from "./call.ts";
import type { CaseResult } from "./case.ts";
import { type Comparison, compare, medianIn } from "./compare.ts";
import type { Window } from "./measure.ts";

/** Two contestants: how fast the first is in proportion to the second is what a bench is about. */
export type Pair<Name extends string> = readonly [first: Name, second: Name];

/** The cases as a table for people: medians of the windows of both, and the ratio of their calls per second. */
export function caseTable<Name extends string>(
  cases: readonly CaseResult<Name, string>[],
  pair: Pair<Name>,
): string[] {
  const header = [...HEADER, pair.join(" : ")];
  return alignedTable([header, ...cases.map((one) => caseRow(one, pair))], 1);
}

/** The cases for machines: every window, and the ratios of the table. */
export function caseJson<Name extends string>(cases: readonly CaseResult<Name, string>[], pair: Pair<Name>) {
  return cases.map((one) => ({ ...one, ratio: compare(one, ...pair) }));
}

/** Says which cases were measured at more than the servers take on at once; empty of none. */
export function retryText(cases: readonly CaseResult<string, string>[]): string {
  const overloaded = cases.flatMap(({ workload, load, windows }) => {
    const retries = Object.values(windows)
      .flatMap((all) => all ?? [])
      .map((window) => window.retries);
    const sum = retries.reduce((total, count) => total + count, 0);
    return sum === 0 ? [] : [`${workload} (${loadText(load)}) ${sum}`];
  });
  return overloaded.length === 0
    ? ""
    : `Answered UNAVAILABLE and tried again 50 ms later, times: ${overloaded.join(", ")}\n`;
}

/** The columns from `firstNumber` on hold numbers. */
export function alignedTable(rows: readonly (readonly string[])[], firstNumber: number): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const align = (cell: string, column: number) =>
    column < firstNumber ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  return rows.map((row) => row.map(align).join("  ").trimEnd());
}

/** A dash for what isn't known. */
export function fixed(value: number, digits: number): string {
  if (Number.isNaN(value)) return "-";
  return value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

export function comparisonText(comparison: Comparison | undefined): string {
  if (!comparison) return "inconclusive";
  const { median, least, most } = comparison;
  const text = `${fixed(median, 2)} (${fixed(least, 2)} to ${fixed(most, 2)})`;
  return comparison.isConclusive ? text : `${text}, inconclusive`;
}

const HEADER = ["workload", "load", "calls/s", "p50 ms", "p99 ms", "server CPU", "PostgreSQL CPU"];

function caseRow<Name extends string>(result: CaseResult<Name, string>, pair: Pair<Name>): string[] {
  const both = (read: (window: Window) => number | undefined, digits: number) =>
    pair.map((name) => fixed(medianIn(result, name, read), digits)).join(" / ");
  return [
    result.workload,
    loadText(result.load),
    both(({ callsPerSecond }) => callsPerSecond, 0),
    both(({ p50 }) => p50, 2),
    both(({ p99 }) => p99, 2),
    both(({ serverCpuUs }) => serverCpuUs, 0),
    both(({ postgresCpuUs }) => postgresCpuUs, 0),
    comparisonText(compare(result, ...pair)),
  ];
}
