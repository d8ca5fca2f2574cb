import { fixed } from "../report.ts";
import { medianOf, spreadOf } from "../statistics.ts";
import type { CallersWindow } from "./callers.ts";
import type { FairShareOptions } from "./options.ts";

export const caseNames = ["alone", "unlimited", "limited", "limited, impatient"] as const;
export type CaseName = (typeof caseNames)[number];

/** What the two projects did at the same time; the flood is not there when the other is alone. */
export type CaseWindow = { readonly quiet: CallersWindow; readonly flood: CallersWindow | undefined };

export type FairShareResult = {
  readonly environment: Readonly<Record<string, unknown>>;
  readonly options: FairShareOptions;
  /** Those with the same index were measured one after the other. */
  readonly windows: Readonly<Record<CaseName, readonly CaseWindow[]>>;
};

/** For people: one line a case, medians of its windows. */
export function toText({ options, windows }: FairShareResult): string {
  const { floodCallers, concurrentCalls, callsPerSecond } = options;
  const rows = [HEADER, ...caseNames.map((name) => row(name, windows))];
  const widths = HEADER.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  return [
    "",
    `A project with 4 callers, while another one has ${floodCallers}; limited: to ${concurrentCalls} concurrent calls and ${callsPerSecond} calls/s.`,
    "",
    ...rows.map((cells) =>
      cells
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join("  "),
    ),
    "",
  ].join("\n");
}

export function toJsonText(result: FairShareResult): string {
  const ratios = Object.fromEntries(
    caseNames.map((name) => [name, spreadOf(ratiosOf(name, result.windows))]),
  );
  return `${JSON.stringify({ ...result, ratios }, undefined, 2)}\n`;
}

const HEADER = ["the flood", "calls/s", "p50 ms", "p99 ms", "of alone", "flood calls/s", "flood refused/s"];

function row(name: CaseName, windows: FairShareResult["windows"]): string[] {
  const quiet = (read: (window: CallersWindow) => number) =>
    medianOf(windows[name].map((window) => read(window.quiet)));
  const flood = (read: (window: CallersWindow) => number) => {
    const values = windows[name].flatMap((window) => (window.flood ? [read(window.flood)] : []));
    return values.length === 0 ? "-" : fixed(medianOf(values), 0);
  };
  const { median, least, most } = spreadOf(ratiosOf(name, windows));
  return [
    name === "alone" ? "none" : name,
    fixed(
      quiet(({ callsPerSecond }) => callsPerSecond),
      0,
    ),
    fixed(
      quiet(({ p50 }) => p50),
      2,
    ),
    fixed(
      quiet(({ p99 }) => p99),
      2,
    ),
    `${fixed(median, 2)} (${fixed(least, 2)} to ${fixed(most, 2)})`,
    flood(({ callsPerSecond }) => callsPerSecond),
    flood(({ refusedPerSecond }) => refusedPerSecond),
  ];
}

/** What the quiet project did, in proportion to what it did alone in the window beside. */
function ratiosOf(name: CaseName, windows: FairShareResult["windows"]): number[] {
  return windows[name].map(
    ({ quiet }, index) => quiet.callsPerSecond / (windows.alone[index]?.quiet.callsPerSecond ?? Number.NaN),
  );
}
