import { parseArgs } from "node:util";

export type FairShareOptions = {
  readonly windows: number;
  readonly windowMs: number;
  readonly warmUpMs: number;
  readonly floodCallers: number;
  /** What the flooding project is limited to. */
  readonly concurrentCalls: number;
  readonly callsPerSecond: number;
  readonly jsonFile: string | undefined;
};

/** Of each of the two projects. */
export const GROUP_COUNT = 1000;

export const USAGE =
  "usage: npm run bench:fair-share -- [--quick] [--flood CALLERS] [--concurrent-calls N] [--calls-per-second N] [--json FILE]";

/** @throws Error that says what is wrong. */
export function parseOptions(args: readonly string[]): FairShareOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: "boolean", default: false },
      flood: { type: "string", default: "64" },
      "concurrent-calls": { type: "string", default: "4" },
      "calls-per-second": { type: "string", default: "20" },
      json: { type: "string" },
    },
  });
  return {
    ...(values.quick
      ? { windows: 3, windowMs: 1500, warmUpMs: 1000 }
      : { windows: 7, windowMs: 4000, warmUpMs: 3000 }),
    floodCallers: count("--flood", values.flood, 400),
    concurrentCalls: count("--concurrent-calls", values["concurrent-calls"], 100_000),
    callsPerSecond: count("--calls-per-second", values["calls-per-second"], 1_000_000),
    jsonFile: values.json,
  };
}

function count(option: string, text: string, most: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > most) {
    throw new Error(`${option}: "${text}" is not a whole number from 1 to ${most}`);
  }
  return value;
}
