import { type DescMethodUnary, fromBinary, type Message, toBinary } from "@bufbuild/protobuf";
import { BinaryReader } from "@bufbuild/protobuf/wire";
import { type Any, AnySchema } from "@bufbuild/protobuf/wkt";
import { type Code, ConnectError } from "@connectrpc/connect";
import * as grpc from "@grpc/grpc-js";
import { CustomerGroupService } from "../../../gen/clientele/v1/customer_group_service_pb.ts";
import { transportOf, type UnaryCall, type Way } from "../way.ts";

/** The stock client of gRPC for Node, with a client class made from the service's descriptor. */
export function grpcJsWay(name = "@grpc/grpc-js", options: grpc.ClientOptions = {}): Way {
  return {
    name,
    encoding: "binary",
    open(baseUrl) {
      const client = new GroupClient(new URL(baseUrl).host, grpc.credentials.createInsecure(), options);
      return { transport: transportOf(unaryCall(client)), close: () => client.close() };
    },
  };
}

const methods = CustomerGroupService.methods as readonly DescMethodUnary[];
const GroupClient = grpc.makeGenericClientConstructor(
  Object.fromEntries(methods.map((method) => [method.localName, definition(method)])),
  CustomerGroupService.typeName,
);

function definition(method: DescMethodUnary): grpc.MethodDefinition<Message, Message> {
  return {
    path: `/${method.parent.typeName}/${method.name}`,
    requestStream: false,
    responseStream: false,
    requestSerialize: (message) => Buffer.from(toBinary(method.input, message)),
    requestDeserialize: (bytes) => fromBinary(method.input, bytes),
    responseSerialize: (message) => Buffer.from(toBinary(method.output, message)),
    responseDeserialize: (bytes) => fromBinary(method.output, bytes),
  };
}

type Method = (
  request: Message,
  metadata: grpc.Metadata,
  options: grpc.CallOptions,
  done: (error: grpc.ServiceError | null, answer?: Message) => void,
) => void;

function unaryCall(client: InstanceType<typeof GroupClient>): UnaryCall {
  return ({ method, request, header, timeoutMs }) => {
    const metadata = new grpc.Metadata();
    for (const [name, value] of header) metadata.set(name, value);
    const options = timeoutMs === undefined ? {} : { deadline: Date.now() + timeoutMs };
    const call = (client[method.localName] as unknown as Method).bind(client);
    return new Promise((resolve, reject) => {
      call(request, metadata, options, (error, answer) => {
        if (error) reject(toConnectError(error));
        else resolve(answer as never);
      });
    });
  };
}

function toConnectError({ code, details, metadata }: grpc.ServiceError): ConnectError {
  const error = new ConnectError(details, code as number as Code);
  const [bytes] = metadata.get("grpc-status-details-bin");
  if (bytes === undefined) return error;
  const status = readStatus(bytes as Buffer);
  if (status.code !== code || status.message !== details) {
    throw new Error(`two stories: ${code} ${details}; ${status.code} ${status.message}`);
  }
  error.details = status.details.map(({ typeUrl, value }) => ({
    type: typeUrl.replace("type.googleapis.com/", ""),
    value,
  }));
  return error;
}

/** Reads a google.rpc.Status: code = 1, message = 2, details = 3. */
function readStatus(bytes: Uint8Array) {
  const reader = new BinaryReader(bytes);
  let code = 0;
  let message = "";
  const details: Any[] = [];
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (field === 1) code = reader.int32();
    else if (field === 2) message = reader.string();
    else if (field === 3) details.push(fromBinary(AnySchema, reader.bytes()));
    else reader.skip(wireType);
  }
  return { code, message, details };
}
