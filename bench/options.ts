import { parseArgs } from "node:util";
import { isWorkloadName, type WorkloadName, workloadNames } from "./workloads.ts";

export type BenchOptions = {
  readonly windows: number;
  readonly windowMs: number;
  readonly warmUpMs: number;
  readonly startUps: number;
  readonly workloads: readonly WorkloadName[];
  readonly callers: readonly number[];
  /** Where everything that was measured is written, as JSON. */
  readonly jsonFile: string | undefined;
  /** Where a CPU profile of ours is written. */
  readonly profileDir: string | undefined;
};

export const USAGE = `usage: npm run bench -- [--quick] [--only WORKLOAD,...] [--callers N,...] [--json FILE] [--profile FOLDER]
workloads: ${workloadNames.join(", ")}`;

/** @throws Error that says what is wrong. */
export function parseOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: "boolean", default: false },
      only: { type: "string", default: workloadNames.join() },
      callers: { type: "string", default: "1,8,64" },
      json: { type: "string" },
      profile: { type: "string" },
    },
  });
  return {
    ...(values.quick ? QUICK : FULL),
    workloads: values.only.split(",").map(workloadName),
    callers: values.callers.split(",").map(callerCount),
    jsonFile: values.json,
    profileDir: values.profile,
  };
}

const FULL = { windows: 5, windowMs: 1500, warmUpMs: 1500, startUps: 5 };
const QUICK = { windows: 3, windowMs: 700, warmUpMs: 500, startUps: 3 };

function workloadName(text: string): WorkloadName {
  if (!isWorkloadName(text)) throw new Error(`--only: no workload is called "${text}"`);
  return text;
}

function callerCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > MAX_CALLERS) {
    throw new Error(`--callers: "${text}" is not a whole number from 1 to ${MAX_CALLERS}`);
  }
  return count;
}

/** Four connections of the 100 streams that a connection may have. */
const MAX_CALLERS = 400;
