import type { TLSSocket } from "node:tls";
import type { DescMethod } from "@bufbuild/protobuf";
import { type ContextValues, createContextKey, createContextValues } from "@connectrpc/connect";
import { type Caller, callerKey } from "../call.ts";
import type { HttpRequest } from "./http.ts";

/**
 * Finds out who makes a call, before anything of its body is read.
 *
 * @throws Failure when that can't be told. A promise only where something has to be waited for.
 */
export type Authenticate = (head: CallHead, method: DescMethod) => Caller | Promise<Caller>;

/** What is there of a call before its body. */
export type CallHead = {
  /** Names and values in turn, as they were sent, repeated ones too. */
  readonly rawHeaders: readonly string[];
  /** The connection; the same object for all its calls. Without TLS it has no `authorized`. */
  readonly socket: TLSSocket | undefined;
};

export class RequestHead implements CallHead {
  readonly #request: HttpRequest;

  constructor(request: HttpRequest) {
    this.#request = request;
  }

  get rawHeaders(): readonly string[] {
    return this.#request.rawHeaders;
  }

  get socket(): TLSSocket | undefined {
    const request = this.#request;
    return ("stream" in request ? request.stream.session?.socket : request.socket) as TLSSocket | undefined;
  }
}

/** For a call that has to pass `requestGate`. */
export function valuesWith(head: CallHead): ContextValues {
  return createContextValues().set(headKey, head);
}

/** Connect's gate: it runs behind the headers, and before the body. */
export function requestGate(authenticate: Authenticate) {
  return async ({ values, method }: { readonly values: ContextValues; readonly method: DescMethod }) => {
    const head = values.get(headKey);
    if (!head) throw new Error("unreachable: the RPC responder gives every call its head");
    values.set(callerKey, await authenticate(head, method));
  };
}

const headKey = createContextKey<CallHead | undefined>(undefined);
