import { sqlState } from "./db/driver-errors.ts";

/** What may be logged of an unforeseen error: what it is and where it came from. Its message may quote data. */
export function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { error: typeof error };
  const frames = error.stack?.split("\n").filter((line) => /^\s+at /.test(line));
  return { error: error.name, sqlState: sqlState(error), stack: frames?.map((frame) => frame.trim()) };
}
