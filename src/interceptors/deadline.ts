import { Code, ConnectError, type Interceptor, type UnaryRequest } from "@connectrpc/connect";
import { parseTimeout as parseConnectTimeout } from "@connectrpc/connect/protocol-connect";
import { parseTimeout as parseGrpcTimeout } from "@connectrpc/connect/protocol-grpc";
import { deadlineKey, endingKey, MAX_TIMEOUT_MS } from "../call.ts";
import { Ending } from "../ending.ts";
import { failure } from "../errors.ts";
import { createExpiry, type Due } from "../expiry.ts";
import { Failure } from "../failure.ts";
import { promised } from "../promised.ts";

/** Of a call that sets no deadline. */
export const DEFAULT_TIMEOUT_MS = 5000;

/**
 * Answers every unary call by its deadline, whatever its handler does; and at once when the server ends it (OVERLOADED),
 * or when its caller has gone (CANCELED, which nobody hears). `Call.deadline` tells the handler in each case.
 */
export function deadline(): Interceptor {
  const byDefault = createExpiry<Ending>(DEFAULT_TIMEOUT_MS, (over) => endLate(over, DEFAULT_TIMEOUT_MS));
  return (next) => (request) => {
    if (request.stream) return next(request);
    const timeoutMs = timeoutOf(request.header);
    const over = new Ending();
    request.contextValues.set(deadlineKey, { timeoutMs, over });
    const stopListening = listen(request, (reason) => over.end(endOf(reason, timeoutMs)));
    if (over.reason) return Promise.reject(over.reason);
    const due = timeoutMs === DEFAULT_TIMEOUT_MS ? byDefault.add(over) : endIn(timeoutMs, over);

    return new Promise((resolve, reject) => {
      const rejectOver = () => reject(over.reason);
      // A write that is under way knows more of its fate than this: it is given a turn to say so.
      over.whenEnded(() => setImmediate(rejectOver));
      const settle = () => {
        due.done();
        stopListening();
      };
      promised(() => next(request)).then(
        (response) => {
          settle();
          resolve(response);
        },
        (error: unknown) => {
          settle();
          // Who waits for the end can't tell why it came, and says "deadline".
          if (over.reason && isDeadlineExceeded(error)) rejectOver();
          else reject(error);
        },
      );
    });
  };
}

function endIn(timeoutMs: number, over: Ending): Due {
  const timer = setTimeout(endLate, timeoutMs, over, timeoutMs);
  return { done: () => clearTimeout(timer) };
}

function endLate(over: Ending, timeoutMs: number): void {
  over.end(failure.deadlineExceeded(timeoutMs));
}

/** Listens to the end of a call from without; what it returns ends that. */
function listen({ contextValues, signal }: UnaryRequest, onEnded: (reason: unknown) => void): () => void {
  const ending = contextValues.get(endingKey);
  if (ending) {
    ending.whenEnded(onEnded);
    return () => ending.forget(onEnded);
  }
  const onAbort = () => onEnded(signal.reason);
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort, { once: true });
  return () => signal.removeEventListener("abort", onAbort);
}

/** Why a call is over whose own signal was aborted: Connect's timer, a shutdown, or else the caller. */
function endOf(reason: unknown, timeoutMs: number): ConnectError {
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
