import { type DescMethodUnary, type DescService, isMessage, type Message } from "@bufbuild/protobuf";
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
  run(call: UnaryCall): Promise<Message>;
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
    const handle = async (call: UnaryCall): Promise<UnaryResponse> => {
      const answer = await impl(call.message, call);
      return {
        stream: false,
        service,
        method: desc,
        // The encoder takes what `create` would fill up as it is.
        message: isMessage(answer, desc.output) ? answer : { $typeName: desc.output.typeName, ...answer },
        get header() {
          return call.responseHeader;
        },
        get trailer() {
          return call.responseTrailer;
        },
      };
    };
    const chain = intercepted(handle, interceptors);
    const run = async (call: UnaryCall) => (await chain(call)).message;
    return [[`/${service.typeName}/${desc.name}`, { desc, authenticate, parse, run, frame }]];
  });
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
