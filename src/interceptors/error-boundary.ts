import { ConnectError, type Interceptor } from "@connectrpc/connect";
import { sqlState } from "../db/driver-errors.ts";
import { failure } from "../errors.ts";
import type { Log } from "../log.ts";

/**
 * Turns whatever nobody foresaw into INTERNAL with an id, and logs it once under that id. Messages of
 * errors may quote data, so only what an error is and where it came from is logged.
 */
export function errorBoundary(log: Log): Interceptor {
  return (next) => async (request) => {
    try {
      return await next(request);
    } catch (error) {
      if (error instanceof ConnectError) throw error;
      const errorId = crypto.randomUUID();
      log.error({ errorId, ...describe(error) }, `${request.method.name} failed`);
      throw failure.internal(errorId);
    }
  };
}

function describe(error: unknown) {
  if (!(error instanceof Error)) return { error: typeof error };
  const frames = error.stack?.split("\n").filter((line) => /^\s+at /.test(line));
  return { error: error.name, sqlState: sqlState(error), stack: frames?.map((frame) => frame.trim()) };
}
