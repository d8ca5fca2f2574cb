import { type ContestantName, contestantNames } from "../contestants/contestant.ts";
import type { CaseResult } from "../measure.ts";
import { caseJson, caseTable, fixed, retryText } from "../report.ts";
import { spreadOf } from "../statistics.ts";
import { MEMORY_CALLS } from "./memory.ts";
import type { GroupBenchOptions } from "./options.ts";
import type { WorkloadName } from "./workloads.ts";

/** Everything that a run measured, and what the figures depend on. */
export type GroupBenchResult = {
  readonly environment: Readonly<Record<string, unknown>>;
  readonly options: GroupBenchOptions;
  readonly cases: readonly CaseResult<ContestantName, WorkloadName>[];
  /** Milliseconds of each start of ours. */
  readonly startUps: readonly number[];
  readonly rssBytes: Readonly<Partial<Record<ContestantName, number>>>;
};

/** For people: one line a case, medians of its windows, and what else was measured. */
export function toText({ cases, startUps, rssBytes }: GroupBenchResult): string {
  const start = spreadOf(startUps);
  const memory = contestantNames.map((name) => `${name} ${megabytes(rssBytes[name])}`).join(", ");
  return [
    "",
    `Medians of the windows; each pair is ours / hand-written. CPU in microseconds a call.`,
    "",
    ...caseTable(cases, contestantNames),
    "",
    `Start to first answered Get, data there already: ${ms(start.median)} (${ms(start.least)} to ${ms(start.most)})`,
    `Memory after ${MEMORY_CALLS.toLocaleString("en")} Gets: ${memory}`,
    retryText(cases),
  ].join("\n");
}

/** For machines: every window, and the same medians and ratios as the text. */
export function toJsonText(result: GroupBenchResult): string {
  const cases = caseJson(result.cases, contestantNames);
  return `${JSON.stringify({ ...result, cases }, undefined, 2)}\n`;
}

function ms(value: number): string {
  return `${fixed(value, 0)} ms`;
}

function megabytes(bytes: number | undefined): string {
  return bytes === undefined ? "-" : `${fixed(bytes / 1e6, 0)} MB`;
}
