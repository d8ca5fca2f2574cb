import type { IncomingHttpHeaders } from "node:http2";
import type { DescMethodUnary, Message } from "@bufbuild/protobuf";
import type { ContextValues, HandlerContext, UnaryRequest } from "@connectrpc/connect";
import { parseTimeout } from "@connectrpc/connect/protocol-grpc";
import { type Caller, callerKey, endingKey, takesBytesKey } from "../../call.ts";
import { Ending } from "../../ending.ts";
import { ListItem } from "../../linked-list.ts";
import { CallValues } from "./call-values.ts";
import { RequestHeaders } from "./request-headers.ts";

/**
 * One unary call, as interceptors see it (`UnaryRequest`) and as handlers do (`HandlerContext`). Headers
 * and signal are made when they are first asked for: most calls ask for few of them.
 *
 * An interceptor passes on the request that it was given; a copy of it would lack what is made on demand.
 */
export class UnaryCall extends ListItem<UnaryCall> implements HandlerContext, UnaryRequest {
  readonly stream = false;
  readonly requestMethod = "POST";
  readonly protocolName = "grpc";
  readonly method: DescMethodUnary;
  readonly message: Message;
  readonly values: ContextValues = new CallValues();
  /** The caller has gone, or the server ends its last calls. */
  readonly ending = new Ending();
  readonly #headers: IncomingHttpHeaders;
  readonly #arrivedAt = Date.now();
  #requestHeader: Headers | undefined;
  #responseHeader: Headers | undefined;
  #responseTrailer: Headers | undefined;

  constructor(
    method: DescMethodUnary,
    message: Message,
    headers: IncomingHttpHeaders,
    caller: Caller | undefined,
  ) {
    super();
    this.method = method;
    this.message = message;
    this.#headers = headers;
    this.values.set(endingKey, this.ending);
    this.values.set(takesBytesKey, true);
    if (caller) this.values.set(callerKey, caller);
  }

  get service() {
    return this.method.parent;
  }

  get url(): string {
    return `http://${this.#headers[":authority"]}${this.#headers[":path"]}`;
  }

  get requestHeader(): Headers {
    this.#requestHeader ??= new RequestHeaders(this.#headers);
    return this.#requestHeader;
  }

  get header(): Headers {
    return this.requestHeader;
  }

  get responseHeader(): Headers {
    this.#responseHeader ??= new Headers();
    return this.#responseHeader;
  }

  get responseTrailer(): Headers {
    this.#responseTrailer ??= new Headers();
    return this.#responseTrailer;
  }

  /** What was set, if anything. */
  get setHeader(): Headers | undefined {
    return this.#responseHeader;
  }

  /** What was set, if anything. */
  get setTrailer(): Headers | undefined {
    return this.#responseTrailer;
  }

  get contextValues(): ContextValues {
    return this.values;
  }

  get signal(): AbortSignal {
    return this.ending.signal;
  }

  timeoutMs(): number | undefined {
    const { timeoutMs } = parseTimeout(this.requestHeader.get("grpc-timeout"), Number.POSITIVE_INFINITY);
    return timeoutMs === undefined ? undefined : this.#arrivedAt + timeoutMs - Date.now();
  }
}
