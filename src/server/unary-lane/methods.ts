import {
  type DescMessage,
  type DescMethodUnary,
  type DescService,
  isMessage,
  type Message,
  type MessageInitShape,
} from "@bufbuild/protobuf";
import {
  Code,
  ConnectError,
  createServiceImplSpec,
  type Interceptor,
  type ServiceImpl,
  type UnaryResponse,
} from "@connectrpc/connect";
import { createMethodSerializationLookup } from "@connectrpc/connect/protocol";
import { encoderOf } from "../../encoding/encoder.ts";
import { promised } from "../../promised.ts";
import type { Authenticate } from "../authenticate.ts";
import type { ServerLimits } from "../limits.ts";
import type { UnaryCall } from "./call.ts";
import { PREFIX_BYTES } from "./prefix.ts";

/** A unary method, ready to be run. */
export type UnaryMethod = {
  readonly desc: DescMethodUnary;
  /** Absent where nobody is asked. */
  readonly authenticate: Authenticate | undefined;
  /** @throws ConnectError when the bytes are no such message. */
  parse(bytes: Uint8Array): Message;
  /** Runs the interceptors and the handler. */
  run(call: UnaryCall): Promise<UnaryResponse>;
  /** The frame of an answer. @throws ConnectError when the message is too large. */
  frame(message: Message): Buffer;
};

/** The unary methods of a service, by request path. */
export function unaryMethods<Service extends DescService>(
  service: Service,
  implementation: Partial<ServiceImpl<Service>>,
  interceptors: readonly Interceptor[],
  authenticate: Authenticate | undefined,
  limits: ServerLimits,
): [path: string, method: UnaryMethod][] {
  return Object.values(createServiceImplSpec(service, implementation).methods).flatMap((spec) => {
    if (spec.kind !== "unary") return [];
    const { method: desc, impl } = spec;
    const { parse, frame } = serialization(desc, limits);
    const handle: Run = (call) =>
      promised(() => impl(call.message, call)).then((answer) => new UnaryAnswer(call, answer));
    const run = intercepted(handle, interceptors);
    return [[`/${service.typeName}/${desc.name}`, { desc, authenticate, parse, run, frame }]];
  });
}

/** What interceptors see of an answer. */
class UnaryAnswer implements UnaryResponse {
  readonly stream = false;
  readonly method: DescMethodUnary;
  readonly message: Message;
  readonly #call: UnaryCall;

  constructor(call: UnaryCall, answer: MessageInitShape<DescMessage>) {
    const { method } = call;
    this.#call = call;
    this.method = method;
    // The encoder takes what `create` would fill up as it is.
    this.message = isMessage(answer, method.output)
      ? answer
      : { ...answer, $typeName: method.output.typeName };
  }

  get service() {
    return this.method.parent;
  }

  get header(): Headers {
    return this.#call.responseHeader;
  }

  get trailer(): Headers {
    return this.#call.responseTrailer;
  }
}

type Run = (call: UnaryCall) => Promise<UnaryResponse>;

/** The first interceptor is outermost, as in Connect. */
function intercepted(handle: Run, interceptors: readonly Interceptor[]): Run {
  return interceptors.reduceRight(
    (next, interceptor) => interceptor(next as Parameters<Interceptor>[0]) as Run,
    handle,
  );
}

function serialization(desc: DescMethodUnary, { readMaxBytes, writeMaxBytes }: ServerLimits) {
  const lookup = createMethodSerializationLookup(desc, { readUnknownFields: false }, undefined, {
    readMaxBytes,
    writeMaxBytes,
  });
  const { encode } = encoderOf(desc.output);
  return {
    parse: lookup.getI(true).parse,
    frame(message: Message): Buffer {
      const frame = encode(message, PREFIX_BYTES);
      const size = frame.length - PREFIX_BYTES;
      if (size > writeMaxBytes) throw tooLarge(size, writeMaxBytes);
      frame[0] = 0;
      frame.writeUInt32BE(size, 1);
      return frame;
    },
  };
}

/** In Connect's words. */
function tooLarge(size: number, most: number): ConnectError {
  return new ConnectError(
    `message size ${size} is larger than configured writeMaxBytes ${most}`,
    Code.ResourceExhausted,
  );
}
