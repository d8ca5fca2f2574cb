import type { ServerHttp2Stream } from "node:http2";
import type { TLSSocket } from "node:tls";
import type { DescMethod } from "@bufbuild/protobuf";
import type { Caller } from "../../call.ts";
import type { Authenticate } from "../authenticate.ts";
import type { Exchange } from "./exchange.ts";
import { ignore } from "./replies.ts";

/** Asks who calls, before anything of the body is taken. Most callers are known, and wait for nothing. */
export function admit(
  stream: ServerHttp2Stream,
  rawHeaders: readonly string[],
  method: DescMethod,
  authenticate: Authenticate,
  exchange: Exchange,
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
    exchange.refuse(error);
    return;
  }
  if (!(caller instanceof Promise)) {
    exchange.receive(caller);
    return;
  }
  stream.on("error", ignore);
  caller.then(
    (known) => {
      if (!stream.destroyed) exchange.receive(known);
    },
    (error: unknown) => exchange.refuse(error),
  );
}
