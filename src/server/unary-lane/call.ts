import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import type { DescMethodUnary, Message } from "@bufbuild/protobuf";
import {
  Code,
  ConnectError,
  type ContextValues,
  createContextValues,
  type HandlerContext,
  type UnaryRequest,
} from "@connectrpc/connect";
import { parseTimeout } from "@connectrpc/connect/protocol-grpc";
import { RequestHeaders } from "./request-headers.ts";

/**
 * One unary call, as interceptors see it (`UnaryRequest`) and as handlers do (`HandlerContext`). Headers,
 * signal and values are made when they are first asked for: most calls ask for few of them.
 *
 * An interceptor passes on the request that it was given; a copy of it would lack what is made on demand.
 */
export class UnaryCall implements HandlerContext, UnaryRequest {
  readonly stream = false;
  readonly requestMethod = "POST";
  readonly protocolName = "grpc";
  readonly method: DescMethodUnary;
  readonly message: Message;
  readonly #stream: ServerHttp2Stream;
  readonly #headers: IncomingHttpHeaders;
  readonly #shutdown: AbortSignal;
  readonly #arrivedAt = Date.now();
  #requestHeader: Headers | undefined;
  #responseHeader: Headers | undefined;
  #responseTrailer: Headers | undefined;
  #values: ContextValues | undefined;
  #abort: AbortController | undefined;

  constructor(
    method: DescMethodUnary,
    message: Message,
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    shutdown: AbortSignal,
  ) {
    this.method = method;
    this.message = message;
    this.#stream = stream;
    this.#headers = headers;
    this.#shutdown = shutdown;
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

  get values(): ContextValues {
    this.#values ??= createContextValues();
    return this.#values;
  }

  get contextValues(): ContextValues {
    return this.values;
  }

  /** Aborted when the caller has gone, or the server ends its last calls. */
  get signal(): AbortSignal {
    if (this.#abort) return this.#abort.signal;
    const abort = new AbortController();
    this.#abort = abort;
    // A reason, since the one that is made without is dear.
    const gone = () => abort.abort(new ConnectError("the caller has gone", Code.Canceled));
    const ended = () => abort.abort(this.#shutdown.reason);
    if (this.#stream.aborted) gone();
    else if (this.#shutdown.aborted) ended();
    else {
      this.#shutdown.addEventListener("abort", ended);
      this.#stream.once("aborted", gone);
      this.#stream.once("close", () => this.#shutdown.removeEventListener("abort", ended));
    }
    return abort.signal;
  }

  timeoutMs(): number | undefined {
    const { timeoutMs } = parseTimeout(this.requestHeader.get("grpc-timeout"), Number.POSITIVE_INFINITY);
    return timeoutMs === undefined ? undefined : this.#arrivedAt + timeoutMs - Date.now();
  }
}
