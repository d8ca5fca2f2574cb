import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Caller } from "../../call.ts";
import type { Body } from "./body.ts";
import { receiveBody } from "./body.ts";
import { UnaryCall } from "./call.ts";
import type { Expiry } from "./expiry.ts";
import type { UnaryMethod } from "./methods.ts";
import type { Replies } from "./replies.ts";

/** What all exchanges share. */
export type ExchangeOptions = {
  readonly replies: Replies;
  /** Those whose body is not there yet. */
  readonly incomplete: Expiry<Exchange>;
  /** The calls that are being answered. */
  readonly running: Set<UnaryCall>;
  readonly readMaxBytes: number;
};

/** One call on its stream: its body comes in, its answer goes out. */
export class Exchange {
  readonly #stream: ServerHttp2Stream;
  readonly #headers: IncomingHttpHeaders;
  readonly #method: UnaryMethod;
  readonly #options: ExchangeOptions;
  #caller: Caller | undefined;
  #body: Body | undefined;
  #call: UnaryCall | undefined;

  constructor(
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    method: UnaryMethod,
    options: ExchangeOptions,
  ) {
    this.#stream = stream;
    this.#headers = headers;
    this.#method = method;
    this.#options = options;
  }

  /** Takes the body, and answers it. */
  receive(caller: Caller | undefined): void {
    this.#caller = caller;
    this.#options.incomplete.add(this);
    this.#body = receiveBody(this.#stream, this.#options.readMaxBytes, this);
  }

  onMessage(bytes: Uint8Array): void {
    this.#options.incomplete.delete(this);
    void this.#answer(bytes);
  }

  onFault(error: ConnectError): void {
    this.#options.incomplete.delete(this);
    this.#options.replies.error(this.#stream, error);
  }

  /** Refuses the call before its body is there. */
  refuse(error: unknown): void {
    this.#options.incomplete.delete(this);
    this.#body?.stop();
    this.#options.replies.early(this.#stream, error);
  }

  /** The stream is closed. */
  closed(): void {
    const { replies, incomplete, running } = this.#options;
    replies.closed(this.#stream);
    incomplete.delete(this);
    this.#body?.stop();
    // A reason is dear to make: none for a call that has its answer.
    if (this.#call && running.has(this.#call)) {
      this.#call.ending.end(new ConnectError("the caller has gone", Code.Canceled));
    }
  }

  async #answer(bytes: Uint8Array): Promise<void> {
    const { replies, running } = this.#options;
    let call: UnaryCall | undefined;
    try {
      const message = this.#method.parse(bytes);
      call = new UnaryCall(this.#method.desc, message, this.#headers, this.#caller);
      this.#call = call;
      running.add(call);
      const answer = await this.#method.run(call);
      replies.message(this.#stream, this.#method.frame(answer.message), call);
    } catch (error) {
      replies.error(this.#stream, error, call);
    } finally {
      if (call) running.delete(call);
    }
  }
}
