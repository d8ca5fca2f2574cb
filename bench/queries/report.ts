import { fixed } from "../report.ts";
import { spreadOf } from "../statistics.ts";
import { type LineResult, wayNames } from "./measure-line.ts";
import type { QueryBenchOptions } from "./options.ts";

/** Everything that a run measured, and what the figures depend on. */
export type QueryBenchResult = {
  readonly environment: Readonly<Record<string, unknown>>;
  readonly options: QueryBenchOptions;
  readonly lines: readonly LineResult[];
};

/** For people: one row a line, milliseconds, and in proportion to the first page of all. */
export function toText({ options: { size }, lines }: QueryBenchResult): string {
  const [baseline] = lines;
  const base = spreadOf(baseline?.windows["page 1"] ?? []).median;
  const header = ["customers", ...wayNames, "indexes"];
  const rows = lines.map(({ name, windows, indexes }) => [
    name,
    ...wayNames.map((way) => {
      const { median, least, most } = spreadOf(windows[way]);
      if (windows[way].length === 0) return "-";
      return `${fixed(median, 1)} (${fixed(least, 1)} to ${fixed(most, 1)}) x${fixed(median / base, 1)}`;
    }),
    indexes.filter((index) => index.startsWith("customer")).join(", "),
  ]);
  const widths = header.map((_, column) =>
    Math.max(...[header, ...rows].map((row) => row[column]?.length ?? 0)),
  );
  const table = [header, ...rows].map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return [
    "",
    `One caller among ${fixed(size, 0)} customers: milliseconds, the median of the windows' medians (least to most), and in proportion to the first page of all`,
    "",
    ...table,
    "",
    "",
  ].join("\n");
}

/** For machines: every window. */
export function toJsonText(result: QueryBenchResult): string {
  return `${JSON.stringify(result, undefined, 2)}\n`;
}
