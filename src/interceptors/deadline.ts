import type { Interceptor } from "@connectrpc/connect";
import { parseTimeout as parseConnectTimeout } from "@connectrpc/connect/protocol-connect";
import { parseTimeout as parseGrpcTimeout } from "@connectrpc/connect/protocol-grpc";
import { deadlineKey } from "../call.ts";
import { failure } from "../errors.ts";

/** Of a call that sets no deadline. */
export const DEFAULT_TIMEOUT_MS = 5000;
/** Of any call, whatever deadline it sets. */
export const MAX_TIMEOUT_MS = 60_000;

/** Answers every unary call by its deadline, whatever its handler does. */
export function deadline(): Interceptor {
  return (next) => (request) => {
    if (request.stream) return next(request);
    const timeoutMs = timeoutOf(request.header);
    const over = new AbortController();
    const end = () => over.abort();
    const timer = setTimeout(end, timeoutMs);
    request.signal.addEventListener("abort", end, { once: true });
    request.contextValues.set(deadlineKey, { timeoutMs, signal: over.signal });

    return new Promise((resolve, reject) => {
      // A write that is under way knows more of its fate than this: it is given a turn to say so.
      over.signal.addEventListener("abort", () =>
        setImmediate(() => reject(failure.deadlineExceeded(timeoutMs))),
      );
      next(request)
        .finally(() => {
          clearTimeout(timer);
          request.signal.removeEventListener("abort", end);
        })
        .then(resolve, reject);
    });
  };
}

function timeoutOf(header: Headers): number {
  const { timeoutMs } = header.has("grpc-timeout")
    ? parseGrpcTimeout(header.get("grpc-timeout"), Number.POSITIVE_INFINITY)
    : parseConnectTimeout(header.get("connect-timeout-ms"), Number.POSITIVE_INFINITY);
  return Math.min(timeoutMs ?? DEFAULT_TIMEOUT_MS, MAX_TIMEOUT_MS);
}
