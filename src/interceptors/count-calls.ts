import type { Interceptor } from "@connectrpc/connect";

/** Tells of each call that is let in. */
export function countCalls(note: () => void): Interceptor {
  return (next) => (request) => {
    note();
    return next(request);
  };
}
