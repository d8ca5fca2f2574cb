import { loadText } from "../call.ts";
import type { CaseResult } from "../case.ts";
import { compare } from "../compare.ts";
import { caseJson, caseTable, fixed, type Pair, retryText } from "../report.ts";
import { type CustomerBenchOptions, SMALL_SIZE } from "./options.ts";
import type { WorkloadName } from "./workloads.ts";

export const sizeNames = ["small", "large"] as const satisfies Pair<string>;
export type SizeName = (typeof sizeNames)[number];

/** Everything that a run measured, and what the figures depend on. */
export type CustomerBenchResult = {
  readonly environment: Readonly<Record<string, unknown>>;
  readonly options: CustomerBenchOptions;
  /** How long the seed command took to fill each of the databases. */
  readonly seedSeconds: Readonly<Record<SizeName, number>>;
  readonly cases: readonly CaseResult<SizeName, WorkloadName>[];
};

/** The most that a call may be faster among 1,000 customers than among very many. */
const TARGET = 1.3;

/** For people: one line a case, medians of its windows, and what else was measured. */
export function toText({ options: { size }, seedSeconds, cases }: CustomerBenchResult): string {
  const perSecond = fixed(size / seedSeconds.large, 0);
  const slow = cases.filter((one) => !((compare(one, ...sizeNames)?.median ?? Number.NaN) <= TARGET));
  const names = slow.map(({ workload, load }) => `${workload} (${loadText(load)})`).join(", ");
  return [
    "",
    `Medians of the windows; each pair is small / large: ${fixed(SMALL_SIZE, 0)} and ${fixed(size, 0)} customers. CPU in microseconds a call.`,
    "",
    ...caseTable(cases, sizeNames),
    "",
    `small : large is at most ${TARGET} in ${cases.length - slow.length} of ${cases.length} cases${slow.length > 0 ? `, not in: ${names}` : ""}`,
    `Seeding ${fixed(size, 0)} customers took ${fixed(seedSeconds.large, 1)} s: ${perSecond} a second`,
    retryText(cases),
  ].join("\n");
}

/** For machines: every window, and the same medians and ratios as the text. */
export function toJsonText(result: CustomerBenchResult): string {
  return `${JSON.stringify({ ...result, cases: caseJson(result.cases, sizeNames) }, undefined, 2)}\n`;
}
