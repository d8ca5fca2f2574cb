import { promisify } from "node:util";
import { type DescMessage, fromBinary, type MessageShape, toBinary } from "@bufbuild/protobuf";
import {
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type StatusObject,
  type sendUnaryData,
  status,
} from "@grpc/grpc-js";
import { CustomerGroupService } from "../../gen/clientele/v1/customer_group_service_pb.ts";
import type { Handlers } from "./handlers.ts";

/** Serves on `PORT` with @grpc/grpc-js, until SIGTERM. */
export async function serveGrpc(handlers: Partial<Handlers>, onEnd: () => void = () => {}): Promise<void> {
  const methods = CustomerGroupService.method;
  const server = new Server();
  add(methods.getCustomerGroup, handlers.getCustomerGroup);
  add(methods.queryCustomerGroups, handlers.queryCustomerGroups);
  add(methods.createCustomerGroup, handlers.createCustomerGroup);
  add(methods.updateCustomerGroup, handlers.updateCustomerGroup);
  await promisify(server.bindAsync.bind(server))(
    `127.0.0.1:${process.env.PORT}`,
    ServerCredentials.createInsecure(),
  );
  process.once("SIGTERM", () => {
    server.forceShutdown();
    onEnd();
  });

  function add<Input extends DescMessage, Output extends DescMessage>(
    { name, input, output }: Method<Input, Output>,
    handle: ((request: MessageShape<Input>) => Promise<MessageShape<Output>>) | undefined,
  ): void {
    if (!handle) return;
    type Request = MessageShape<Input>;
    type Response = MessageShape<Output>;
    const definition = {
      path: `/${CustomerGroupService.typeName}/${name}`,
      requestStream: false,
      responseStream: false,
      requestSerialize: (message: Request) => Buffer.from(toBinary(input, message)),
      requestDeserialize: (bytes: Buffer) => fromBinary(input, bytes),
      responseSerialize: (message: Response) => Buffer.from(toBinary(output, message)),
      responseDeserialize: (bytes: Buffer) => fromBinary(output, bytes),
    } as const;
    const implementation = (
      { request }: ServerUnaryCall<Request, Response>,
      reply: sendUnaryData<Response>,
    ) =>
      handle(request).then(
        (response) => reply(null, response),
        (error: unknown) => reply(asStatus(error)),
      );
    server.addService(Object.fromEntries([[name, definition]]), Object.fromEntries([[name, implementation]]));
  }
}

type Method<Input extends DescMessage, Output extends DescMessage> = {
  readonly name: string;
  readonly input: Input;
  readonly output: Output;
};

function asStatus(error: unknown): Partial<StatusObject> {
  if (error instanceof Error && "code" in error) {
    if (error.code === UNIQUE_VIOLATION) return { code: status.ALREADY_EXISTS, details: "taken" };
    if (typeof error.code === "number") return { code: error.code, details: error.message };
  }
  console.error(error);
  return { code: status.INTERNAL, details: "internal error" };
}

const UNIQUE_VIOLATION = "23505";
