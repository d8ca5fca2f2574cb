import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import type { TLSSocket } from "node:tls";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Caller } from "../../call.ts";
import type { Due, Expiry } from "../../expiry.ts";
import type { LinkedList } from "../../linked-list.ts";
import type { CallHead } from "../authenticate.ts";
import { type Body, receiveBody } from "./body.ts";
import { UnaryCall } from "./call.ts";
import type { UnaryMethod } from "./methods.ts";
import { ignore, type Replies } from "./replies.ts";

/** What all exchanges share. */
export type ExchangeOptions = {
  readonly replies: Replies;
  /** Those whose body is not there yet. */
  readonly incomplete: Expiry<Exchange>;
  /** The calls that are being answered. */
  readonly running: LinkedList<UnaryCall>;
  /** Ends the calls that a shutdown does not wait for any longer, and those that come behind it. */
  readonly endCalls: AbortSignal;
  readonly readMaxBytes: number;
};

/**
 * One call on its stream: its caller is asked for, its body comes in, its answer goes out. It lets go of each
 * thing that isn't needed any more: a stream outlives several collections of young objects, with all that
 * hangs on it.
 */
export class Exchange implements CallHead {
  rawHeaders: readonly string[];
  readonly #stream: ServerHttp2Stream;
  #headers: IncomingHttpHeaders | undefined;
  readonly #method: UnaryMethod;
  readonly #options: ExchangeOptions;
  #caller: Caller | undefined;
  #isOver = false;
  #body: Body | undefined;
  #call: UnaryCall | undefined;
  /** What the caller is waited for: the body, or to take the answer. */
  #due: Due | undefined;

  constructor(
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    rawHeaders: readonly string[],
    method: UnaryMethod,
    options: ExchangeOptions,
  ) {
    this.rawHeaders = rawHeaders;
    this.#stream = stream;
    this.#headers = headers;
    this.#method = method;
    this.#options = options;
  }

  get socket(): TLSSocket | undefined {
    return this.#stream.session?.socket as TLSSocket | undefined;
  }

  /** Asks who calls, before anything of the body is taken. Most callers are known, and wait for nothing. */
  begin(): void {
    const { authenticate, desc } = this.#method;
    if (!authenticate) {
      this.#receive();
      return;
    }
    try {
      const caller = authenticate(this, desc);
      if (caller instanceof Promise) this.#wait(caller);
      else this.#receive(caller);
    } catch (error) {
      this.refuse(error);
    }
  }

  #wait(caller: Promise<Caller>): void {
    this.#stream.on("error", ignore);
    caller.then(
      (known) => {
        if (!this.#isOver) this.#receive(known);
      },
      (error: unknown) => this.refuse(error),
    );
  }

  #receive(caller?: Caller): void {
    this.#caller = caller;
    this.rawHeaders = NONE;
    this.#due = this.#options.incomplete.add(this);
    this.#body = receiveBody(this.#stream, this.#options.readMaxBytes, this);
  }

  onMessage(bytes: Uint8Array): void {
    this.#waitFor(undefined);
    void this.#answer(bytes);
  }

  onFault(error: ConnectError): void {
    this.#waitFor(this.#options.replies.error(this.#stream, error));
  }

  /** Refuses the call before its body is there. */
  refuse(error: unknown): void {
    this.#body?.stop();
    this.#waitFor(this.#options.replies.early(this.#stream, error));
  }

  /** The stream is closed. */
  closed(): void {
    this.#isOver = true;
    this.#waitFor(undefined);
    this.#body?.stop();
    // A reason is dear to make: none for a call that has its answer.
    this.#call?.ending.end(new ConnectError("the caller has gone", Code.Canceled));
    this.#letGo();
  }

  async #answer(bytes: Uint8Array): Promise<void> {
    const { replies, running, endCalls } = this.#options;
    let call: UnaryCall | undefined;
    try {
      const message = this.#method.parse(bytes);
      call = new UnaryCall(this.#method.desc, message, this.#headers ?? {}, this.#caller);
      this.#letGo();
      this.#call = call;
      running.add(call);
      if (endCalls.aborted) call.ending.end(endCalls.reason);
      const answer = await this.#method.run(call);
      this.#waitFor(replies.message(this.#stream, this.#method.frame(answer.message), call));
    } catch (error) {
      this.#waitFor(replies.error(this.#stream, error, call));
    } finally {
      if (call) running.remove(call);
      this.#call = undefined;
    }
  }

  #waitFor(due: Due | undefined): void {
    this.#due?.done();
    this.#due = due;
  }

  #letGo(): void {
    this.#headers = undefined;
    this.#caller = undefined;
    this.#body = undefined;
    this.#call = undefined;
  }
}

const NONE: readonly string[] = [];
