import { Code, ConnectError, type Interceptor } from "@connectrpc/connect";
import { parseTimeout as parseConnectTimeout } from "@connectrpc/connect/protocol-connect";
import { parseTimeout as parseGrpcTimeout } from "@connectrpc/connect/protocol-grpc";
import { deadlineKey, MAX_TIMEOUT_MS } from "../call.ts";
import { failure } from "../errors.ts";
import { Failure } from "../failure.ts";

/** Of a call that sets no deadline. */
export const DEFAULT_TIMEOUT_MS = 5000;

/**
 * Answers every unary call by its deadline, whatever its handler does; and at once when the server ends it (OVERLOADED),
 * or when its caller has gone (CANCELED, which nobody hears). The handler's signal is aborted in each case.
 */
export function deadline(): Interceptor {
  return (next) => (request) => {
    if (request.stream) return next(request);
    const timeoutMs = timeoutOf(request.header);
    const { signal } = request;
    if (signal.aborted) return Promise.reject(endOf(signal, timeoutMs));
    const over = new AbortController();
    const end = () => over.abort(endOf(signal, timeoutMs));
    const timer = setTimeout(() => over.abort(failure.deadlineExceeded(timeoutMs)), timeoutMs);
    signal.addEventListener("abort", end, { once: true });
    request.contextValues.set(deadlineKey, { timeoutMs, signal: over.signal });

    return new Promise((resolve, reject) => {
      const rejectOver = () => reject(over.signal.reason as ConnectError);
      // A write that is under way knows more of its fate than this: it is given a turn to say so.
      over.signal.addEventListener("abort", () => setImmediate(rejectOver));
      // Validation throws before there is a promise, and the timer has to be cleared then too.
      (async () => next(request))()
        .finally(() => {
          clearTimeout(timer);
          signal.removeEventListener("abort", end);
        })
        .then(resolve, (error: unknown) => {
          // Who waits for the signal can't tell why it was aborted, and says "deadline".
          if (over.signal.aborted && isDeadlineExceeded(error)) rejectOver();
          else reject(error);
        });
    });
  };
}

/** Why a call is over whose own signal was aborted: Connect's timer, a shutdown, or else the caller. */
function endOf({ reason }: AbortSignal, timeoutMs: number): ConnectError {
  const code = reason instanceof ConnectError ? reason.code : Code.Canceled;
  if (code === Code.DeadlineExceeded) return failure.deadlineExceeded(timeoutMs);
  if (code === Code.Unavailable) return failure.stopping();
  return new ConnectError("the caller has gone", Code.Canceled);
}

function isDeadlineExceeded(error: unknown): boolean {
  return error instanceof Failure && error.reason === "DEADLINE_EXCEEDED";
}

function timeoutOf(header: Headers): number {
  const { timeoutMs } = header.has("grpc-timeout")
    ? parseGrpcTimeout(header.get("grpc-timeout"), Number.POSITIVE_INFINITY)
    : parseConnectTimeout(header.get("connect-timeout-ms"), Number.POSITIVE_INFINITY);
  return Math.min(timeoutMs ?? DEFAULT_TIMEOUT_MS, MAX_TIMEOUT_MS);
}
