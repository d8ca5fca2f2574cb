import { parseArgs } from "node:util";

export type QueryBenchOptions = {
  /** How many customers there are. */
  readonly size: number;
  readonly windows: number;
  readonly windowMs: number;
  readonly jsonFile: string | undefined;
};

export const USAGE = "usage: npm run bench:queries -- [--size CUSTOMERS] [--quick] [--json FILE]";

const [MIN_SIZE, MAX_SIZE] = [10_000, 5_000_000];

/** @throws Error that says what is wrong. */
export function parseOptions(args: readonly string[]): QueryBenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      size: { type: "string", default: "1000000" },
      quick: { type: "boolean", default: false },
      json: { type: "string" },
    },
  });
  const size = Number(values.size);
  if (!Number.isInteger(size) || size < MIN_SIZE || size > MAX_SIZE) {
    throw new Error(`--size: "${values.size}" is not a whole number from ${MIN_SIZE} to ${MAX_SIZE}`);
  }
  return { size, ...(values.quick ? QUICK : FULL), jsonFile: values.json };
}

const FULL = { windows: 5, windowMs: 1500 };
const QUICK = { windows: 3, windowMs: 500 };
