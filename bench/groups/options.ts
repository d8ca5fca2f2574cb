import { parseArgs } from "node:util";
import { type CaseOptions, caseArgs, toCaseOptions } from "../options.ts";
import { type WorkloadName, workloadNames } from "./workloads.ts";

export type GroupBenchOptions = CaseOptions<WorkloadName> & {
  readonly startUps: number;
  /** Where a CPU profile of ours is written. */
  readonly profileDir: string | undefined;
};

export const USAGE = `usage: npm run bench -- [--quick] [--only WORKLOAD,...] [--callers N,...] [--json FILE] [--profile FOLDER]
workloads: ${workloadNames.join(", ")}`;

/** Four connections of the 100 streams that a connection may have. */
const MAX_CALLERS = 400;

/** @throws Error that says what is wrong. */
export function parseOptions(args: readonly string[]): GroupBenchOptions {
  const { values } = parseArgs({ args: [...args], options: { ...caseArgs, profile: { type: "string" } } });
  return {
    ...toCaseOptions(values, workloadNames, { defaultCallers: [1, 8, 64], maxCallers: MAX_CALLERS }),
    startUps: values.quick ? 3 : 5,
    profileDir: values.profile,
  };
}
