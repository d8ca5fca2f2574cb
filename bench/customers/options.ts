import { parseArgs } from "node:util";
import { type CaseOptions, caseArgs, toCaseOptions } from "../options.ts";
import { type WorkloadName, workloadNames } from "./workloads.ts";

/** The database that the large one is compared with holds so many customers. */
export const SMALL_SIZE = 1000;

export type CustomerBenchOptions = CaseOptions<WorkloadName> & {
  /** How many customers the large database holds. */
  readonly size: number;
};

export const USAGE = `usage: npm run bench:customers -- [--size CUSTOMERS] [--quick] [--only WORKLOAD,...] [--loads 1x1,4x16] [--json FILE]
workloads: ${workloadNames.join(", ")}`;

/** Each has ten of the small database's customers to itself. */
const MAX_CALLERS = 80;
const MAX_SIZE = 5_000_000;

/** @throws Error that says what is wrong. */
export function parseOptions(args: readonly string[]): CustomerBenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: { ...caseArgs, size: { type: "string", default: "1000000" } },
  });
  const size = Number(values.size);
  if (!Number.isInteger(size) || size < SMALL_SIZE || size > MAX_SIZE) {
    throw new Error(`--size: "${values.size}" is not a whole number from ${SMALL_SIZE} to ${MAX_SIZE}`);
  }
  return {
    ...toCaseOptions(values, workloadNames, { defaultLoads: "1x1,4x16", maxCallers: MAX_CALLERS }),
    size,
  };
}
