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
import postgres from "postgres";
import { CustomerGroupService } from "../../gen/clientele/v1/customer_group_service_pb.ts";
import { parseDatabaseUrl } from "../../src/db/address.ts";
import { handWrittenHandlers } from "./hand-written-handlers.ts";
import { handWrittenStore } from "./hand-written-store.ts";

// What one would write by hand: @grpc/grpc-js, postgres.js with a pool of ten, a transaction around each
// write. It neither checks requests nor knows deadlines, retries, request ids or typed errors.

const { host, port, user, password, database } = parseDatabaseUrl(process.env.DATABASE_URL ?? "");
const sql = postgres({
  host,
  port,
  user,
  ...(password === undefined ? {} : { password }),
  database,
  max: 10,
  types: { bigint: postgres.BigInt },
  transform: { column: { from: postgres.toCamel } },
});

const handlers = handWrittenHandlers(await handWrittenStore(sql));
const { getCustomerGroup, queryCustomerGroups, createCustomerGroup, updateCustomerGroup } =
  CustomerGroupService.method;
const server = new Server();
serveUnary(getCustomerGroup, handlers.getCustomerGroup);
serveUnary(queryCustomerGroups, handlers.queryCustomerGroups);
serveUnary(createCustomerGroup, handlers.createCustomerGroup);
serveUnary(updateCustomerGroup, handlers.updateCustomerGroup);
await promisify(server.bindAsync.bind(server))(
  `127.0.0.1:${process.env.PORT}`,
  ServerCredentials.createInsecure(),
);

process.once("SIGTERM", () => {
  server.forceShutdown();
  void sql.end({ timeout: 1 });
});

type Method<Input extends DescMessage, Output extends DescMessage> = {
  readonly name: string;
  readonly input: Input;
  readonly output: Output;
};

function serveUnary<Input extends DescMessage, Output extends DescMessage>(
  { name, input, output }: Method<Input, Output>,
  handle: (request: MessageShape<Input>) => Promise<MessageShape<Output>>,
): void {
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
  const implementation = ({ request }: ServerUnaryCall<Request, Response>, reply: sendUnaryData<Response>) =>
    handle(request).then(
      (response) => reply(null, response),
      (error: unknown) => reply(asStatus(error)),
    );
  server.addService(Object.fromEntries([[name, definition]]), Object.fromEntries([[name, implementation]]));
}

function asStatus(error: unknown): Partial<StatusObject> {
  if (error instanceof postgres.PostgresError && error.code === UNIQUE_VIOLATION) {
    return { code: status.ALREADY_EXISTS, details: "taken" };
  }
  if (error instanceof Error && "code" in error && typeof error.code === "number") {
    return { code: error.code, details: error.message };
  }
  console.error(error);
  return { code: status.INTERNAL, details: "internal error" };
}

const UNIQUE_VIOLATION = "23505";
