import { Code, ConnectError } from "@connectrpc/connect";
import type { HttpRequest } from "./http.ts";

/** `wholeMs` bounds the whole body, `silenceMs` every pause in it. */
export type BodyTimeout = { readonly wholeMs: number } | { readonly silenceMs: number };

/**
 * Reads a request's body. A body that does not arrive in time, or is cut off, is a ConnectError, which
 * every protocol can answer. Leaving the loop early leaves the request open, so that it can be answered.
 */
export async function* readBody(request: HttpRequest, timeout: BodyTimeout): AsyncGenerator<Uint8Array> {
  const late = Promise.withResolvers<never>();
  late.promise.catch(() => {}); // nobody may be waiting when it is rejected
  const timer = setTimeout(
    () => late.reject(tooLate(timeout)),
    "wholeMs" in timeout ? timeout.wholeMs : timeout.silenceMs,
  );
  const chunks: AsyncIterator<Uint8Array> = request.iterator({ destroyOnReturn: false });
  let pending = false;
  try {
    while (true) {
      pending = true;
      const next = await Promise.race([chunks.next().catch(cutOff), late.promise]);
      pending = false;
      if (next.done) return;
      yield next.value;
      if ("silenceMs" in timeout) timer.refresh();
    }
  } finally {
    clearTimeout(timer);
    if (!pending) await chunks.return?.();
  }
}

function tooLate(timeout: BodyTimeout): ConnectError {
  return "wholeMs" in timeout
    ? new ConnectError(`the request body did not arrive within ${timeout.wholeMs} ms`, Code.DeadlineExceeded)
    : new ConnectError(`nothing arrived on the stream for ${timeout.silenceMs} ms`, Code.DeadlineExceeded);
}

// The driver's error would be answered and logged as a fault of ours.
function cutOff(): never {
  throw new ConnectError("the request was cut off", Code.Canceled);
}

/** Passes JSON on as it is, unless it is no UTF-8: the decoder would put U+FFFD where a byte can't be read. */
export async function* requireUtf8(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const check = (bytes?: Uint8Array) => {
    try {
      decoder.decode(bytes, { stream: bytes !== undefined });
    } catch {
      throw new ConnectError("the request body is not UTF-8", Code.InvalidArgument);
    }
  };
  for await (const chunk of body) {
    check(chunk);
    yield chunk;
  }
  check();
}
