import { Code, ConnectError, type Interceptor } from "@connectrpc/connect";
import { parseTimeout as parseConnectTimeout } from "@connectrpc/connect/protocol-connect";
import { parseTimeout as parseGrpcTimeout } from "@connectrpc/connect/protocol-grpc";
import { deadlineKey, MAX_TIMEOUT_MS } from "../call.ts";
import { failure } from "../errors.ts";

/** Of a call that sets no deadline. */
export const DEFAULT_TIMEOUT_MS = 5000;

/** Answers every unary call by its deadline, whatever its handler does. */
export function deadline(): Interceptor {
  return (next) => (request) => {
    if (request.stream) return next(request);
    const timeoutMs = timeoutOf(request.header);
    const over = new AbortController();
    // A reason, since the one that is made without is dear.
    const end = () => over.abort(ENDED);
    const timer = setTimeout(end, timeoutMs);
    request.signal.addEventListener("abort", end, { once: true });
    request.contextValues.set(deadlineKey, { timeoutMs, signal: over.signal });

    return new Promise((resolve, reject) => {
      // A write that is under way knows more of its fate than this: it is given a turn to say so.
      over.signal.addEventListener("abort", () =>
        setImmediate(() => reject(whyEnded(request.signal, timeoutMs))),
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

const ENDED = new ConnectError("the call has ended", Code.Canceled);

/** The time is over, unless the call's own signal says that something else came first. */
function whyEnded({ aborted, reason }: AbortSignal, timeoutMs: number): ConnectError {
  if (!aborted) return failure.deadlineExceeded(timeoutMs);
  const error = ConnectError.from(reason, Code.Canceled);
  if (error.code === Code.DeadlineExceeded) return failure.deadlineExceeded(timeoutMs);
  return error.code === Code.Unavailable ? failure.stopping() : error;
}

function timeoutOf(header: Headers): number {
  const { timeoutMs } = header.has("grpc-timeout")
    ? parseGrpcTimeout(header.get("grpc-timeout"), Number.POSITIVE_INFINITY)
    : parseConnectTimeout(header.get("connect-timeout-ms"), Number.POSITIVE_INFINITY);
  return Math.min(timeoutMs ?? DEFAULT_TIMEOUT_MS, MAX_TIMEOUT_MS);
}
