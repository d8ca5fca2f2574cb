import { parseArgs } from "node:util";
import { type CaseOptions, caseArgs, chosen, toCaseOptions } from "../options.ts";
import { ASKED_FOR_NAMES, type ContestantName, contestantNames } from "./contestants.ts";
import { SPREAD } from "./seed.ts";
import { type WorkloadName, workloadNames } from "./workloads.ts";

export type GroupBenchOptions = CaseOptions<WorkloadName> & {
  readonly quick: boolean;
  /** Ours is always among them. */
  readonly contestants: readonly ContestantName[];
  /** How many groups there are, for one set of databases after the other. */
  readonly rows: readonly number[];
  /** Over how many projects calls are spread. */
  readonly projects: readonly number[];
  /** Of those written by hand with pg; undefined: the best of some. */
  readonly poolSize: number | undefined;
  readonly startUps: number;
  readonly openLoopMs: number;
  /** How many Gets a window beside a neighbour has at least, of whoever answers the most. */
  readonly neighbourCalls: number;
  readonly soak: SoakOptions;
  /** Whether RESULTS.md, its JSON and its plots are written. */
  readonly results: boolean;
  /** Where a CPU profile of ours is written. */
  readonly profileDir: string | undefined;
};

export type SoakOptions = {
  readonly windows: number;
  readonly windowMs: number;
  /** After how many calls memory is compared. */
  readonly firstCalls: number;
  readonly lastCalls: number;
};

export const USAGE = `usage: npm run bench -- [--quick] [--only WORKLOAD,...] [--loads 1x1,1x16,4x64] [--contestants NAME,...]
  [--rows 1000,1000000] [--projects 1,${SPREAD}] [--pool CONNECTIONS] [--results] [--json FILE] [--profile FOLDER]
workloads: ${workloadNames.join(", ")}
contestants: ${contestantNames.join(", ")}`;

/** No two callers may share a group. */
const MAX_CALLERS = 400;
const MAX_ROWS = 5_000_000;

/** @throws Error that says what is wrong. */
export function parseOptions(args: readonly string[]): GroupBenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...caseArgs,
      contestants: { type: "string" },
      rows: { type: "string" },
      projects: { type: "string", default: `1,${SPREAD}` },
      pool: { type: "string" },
      results: { type: "boolean", default: false },
      profile: { type: "string" },
    },
  });
  const { quick } = values;
  const asked =
    values.contestants === undefined
      ? contestantNames.filter((name) => !ASKED_FOR_NAMES.includes(name))
      : chosen("--contestants", values.contestants, contestantNames);
  const rows = values.rows ?? (quick ? "1000" : "1000,1000000");
  return {
    ...toCaseOptions(values, workloadNames, { defaultLoads: "1x1,1x16,4x64", maxCallers: MAX_CALLERS }),
    quick,
    contestants: contestantNames.filter((name) => name === "ours" || asked.includes(name)),
    rows: rows.split(",").map((text) => count("--rows", text, 1000, MAX_ROWS)),
    projects: chosen("--projects", values.projects, ["1", `${SPREAD}`]).map(Number),
    poolSize: values.pool === undefined ? undefined : count("--pool", values.pool, 1, 80),
    startUps: quick ? 2 : 5,
    openLoopMs: quick ? 1000 : 10_000,
    neighbourCalls: quick ? 0 : CALLS_TO_A_COLLECTION,
    soak: quick ? QUICK_SOAK : SOAK,
    results: values.results,
    profileDir: values.profile,
  };
}

/** About as many until Node collects all garbage, which holds up those that come meanwhile. */
const CALLS_TO_A_COLLECTION = 100_000;

const SOAK = { windows: 6, windowMs: 10_000, firstCalls: 100_000, lastCalls: 1_000_000 };
const QUICK_SOAK = { windows: 3, windowMs: 1000, firstCalls: 5000, lastCalls: 25_000 };

function count(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new Error(`${option}: "${text}" is not a whole number from ${least} to ${most}`);
  }
  return value;
}
