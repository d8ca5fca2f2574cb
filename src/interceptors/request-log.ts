import { Code, ConnectError, type Interceptor } from "@connectrpc/connect";
import { Failure } from "../failure.ts";
import type { Log } from "../log.ts";
import { promised } from "../promised.ts";

/**
 * Logs one line for each unary call: its method, its code, its reason, its time. Nothing of what the
 * call said, for that may be personal.
 */
export function requestLog(log: Log, which: "all" | "failed"): Interceptor {
  return (next) => (request) => {
    if (request.stream) return next(request);
    const begin = performance.now();
    const answered = promised(() => next(request));
    return which === "all" ? answered.then(onAnswer, onError) : answered.catch(onError);

    function onAnswer<Response>(response: Response): Response {
      log.info(line("OK"), request.method.name);
      return response;
    }

    function onError(error: unknown): never {
      const { code } = ConnectError.from(error);
      const reason = error instanceof Failure ? { reason: error.reason } : {};
      // A flood of calls that cost next to nothing is told in sum, by whoever refuses them.
      if (which === "failed" && reason.reason === "RATE_LIMITED") throw error;
      log.info({ ...line(Code[code]), ...reason }, request.method.name);
      throw error;
    }

    function line(code: string | undefined) {
      const ms = Math.round((performance.now() - begin) * 10) / 10;
      return { service: request.service.typeName, code, ms };
    }
  };
}
