import type { DescMessage, DescMethodUnary, MessageShape } from "@bufbuild/protobuf";
import { create } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import type { Env } from "../../src/config.ts";

/** How one kind of caller reaches the service. */
export type Way = {
  readonly name: string;
  /** How requests travel. JSON can't say all that binary can. */
  readonly encoding: "binary" | "json";
  /** Whether a call is so dear that the long tables are left to other ways, and to parity.test.ts. */
  readonly isSlow?: boolean;
  /** Whether Gets and BatchGet put their request into the URL. */
  readonly usesGet?: boolean;
  /** Settings that the service needs for this way. */
  readonly env?: Env;
  open(baseUrl: string): OpenWay | Promise<OpenWay>;
};

export type OpenWay = { readonly transport: Transport; close?(): void | Promise<void> };

export type UnaryCall = <I extends DescMessage, O extends DescMessage>(call: {
  readonly method: DescMethodUnary<I, O>;
  readonly request: MessageShape<I>;
  readonly header: Headers;
  readonly timeoutMs: number | undefined;
}) => Promise<MessageShape<O>>;

/** A transport that makes its calls by `call`, which throws a ConnectError when one is refused. */
export function transportOf(call: UnaryCall): Transport {
  return {
    async unary(method, _signal, timeoutMs, header, input) {
      const request = create(method.input, input);
      const message = await call({ method, request, header: new Headers(header), timeoutMs });
      return {
        stream: false,
        service: method.parent,
        method,
        header: new Headers(),
        trailer: new Headers(),
        message,
      };
    },
    stream() {
      throw new Error("unreachable: the services have unary calls only");
    },
  };
}
