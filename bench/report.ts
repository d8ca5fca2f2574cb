import { type ContestantName, contestantNames } from "./contestants/contestant.ts";
import { type CaseResult, pairedRatios, type Window } from "./measure.ts";
import { MEMORY_CALLS } from "./memory.ts";
import type { BenchOptions } from "./options.ts";
import { medianOf, spreadOf } from "./statistics.ts";

/** Everything that a run measured, and what the figures depend on. */
export type BenchResult = {
  readonly environment: Readonly<Record<string, unknown>>;
  readonly options: BenchOptions;
  readonly cases: readonly CaseResult[];
  /** Milliseconds of each start of ours. */
  readonly startUps: readonly number[];
  readonly rssBytes: Readonly<Partial<Record<ContestantName, number>>>;
};

/** For people: one line a case, medians of its windows, and what else was measured. */
export function toText({ cases, startUps, rssBytes }: BenchResult): string {
  const rows = [HEADER, ...cases.map(caseRow)];
  const widths = HEADER.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row.map((cell, column) => align(cell, widths[column] ?? 0, column)).join("  "),
  );
  const start = spreadOf(startUps);
  const memory = contestantNames.map((name) => `${name} ${megabytes(rssBytes[name])}`).join(", ");
  return [
    "",
    `Medians of the windows; each pair is ours / hand-written. CPU in microseconds a call.`,
    "",
    ...lines,
    "",
    `Start to first answered Get, data there already: ${ms(start.median)} (${ms(start.least)} to ${ms(start.most)})`,
    `Memory after ${MEMORY_CALLS.toLocaleString("en")} Gets: ${memory}`,
    "",
  ].join("\n");
}

/** For machines: every window, and the same medians and ratios as the text. */
export function toJsonText(result: BenchResult): string {
  const cases = result.cases.map((one) => ({
    workload: one.workload,
    callers: one.callers,
    ratio: spreadOf(pairedRatios(one)),
    windows: one.windows,
  }));
  return `${JSON.stringify({ ...result, cases }, undefined, 2)}\n`;
}

const HEADER = [
  "workload",
  "callers",
  "calls/s",
  "p50 ms",
  "p99 ms",
  "server CPU",
  "PostgreSQL CPU",
  "ours : hand-written",
];

function caseRow(result: CaseResult): string[] {
  const { median, least, most } = spreadOf(pairedRatios(result));
  const pair = (read: (window: Window) => number | undefined, digits: number) =>
    contestantNames
      .map((name) => {
        const value = medianOf(result.windows[name].map((window) => read(window) ?? Number.NaN));
        return Number.isNaN(value) ? "-" : fixed(value, digits);
      })
      .join(" / ");
  return [
    result.workload,
    `${result.callers}`,
    pair(({ callsPerSecond }) => callsPerSecond, 0),
    pair(({ p50 }) => p50, 2),
    pair(({ p99 }) => p99, 2),
    pair(({ serverCpuUs }) => serverCpuUs, 0),
    pair(({ postgresCpuUs }) => postgresCpuUs, 0),
    `${fixed(median, 2)} (${fixed(least, 2)} to ${fixed(most, 2)})`,
  ];
}

function align(cell: string, width: number, column: number): string {
  return column === 0 ? cell.padEnd(width) : cell.padStart(width);
}

function fixed(value: number, digits: number): string {
  return value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function ms(value: number): string {
  return `${fixed(value, 0)} ms`;
}

function megabytes(bytes: number | undefined): string {
  return bytes === undefined ? "-" : `${fixed(bytes / 1e6, 0)} MB`;
}
