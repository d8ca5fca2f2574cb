import type { ServerHttp2Stream } from "node:http2";
import type { TLSSocket } from "node:tls";
import type { DescMethod } from "@bufbuild/protobuf";
import type { Caller } from "../../call.ts";
import type { Authenticate } from "../authenticate.ts";
import type { ServerLimits } from "../limits.ts";
import { ignore, replyEarly } from "./reply.ts";

/** Asks who calls, before anything of the body is taken. Most callers are known, and wait for nothing. */
export function admit(
  stream: ServerHttp2Stream,
  rawHeaders: readonly string[],
  method: DescMethod,
  authenticate: Authenticate,
  { lingerMs }: ServerLimits,
  serve: (caller: Caller) => void,
): void {
  const head = {
    rawHeaders,
    get socket() {
      return stream.session?.socket as TLSSocket | undefined;
    },
  };
  let caller: Caller | Promise<Caller>;
  try {
    caller = authenticate(head, method);
  } catch (error) {
    replyEarly(stream, error, lingerMs);
    return;
  }
  if (!(caller instanceof Promise)) {
    serve(caller);
    return;
  }
  stream.on("error", ignore);
  caller.then(
    (known) => {
      if (!stream.destroyed) serve(known);
    },
    (error: unknown) => replyEarly(stream, error, lingerMs),
  );
}
