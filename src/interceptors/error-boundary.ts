import { ConnectError, type Interceptor } from "@connectrpc/connect";
import { describeError } from "../describe-error.ts";
import { failure } from "../errors.ts";
import type { Log } from "../log.ts";
import { promised } from "../promised.ts";

/**
 * Turns whatever nobody foresaw into INTERNAL with an id, and logs it once under that id. Messages of
 * errors may quote data, so only what an error is and where it came from is logged.
 */
export function errorBoundary(log: Log): Interceptor {
  return (next) => (request) =>
    promised(() => next(request)).catch((error: unknown) => {
      if (error instanceof ConnectError) throw error;
      const errorId = crypto.randomUUID();
      log.error({ errorId, ...describeError(error) }, `${request.method.name} failed`);
      throw failure.internal(errorId);
    });
}
