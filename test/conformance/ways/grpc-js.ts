import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { BinaryReader } from "@bufbuild/protobuf/wire";
import { type Any, AnySchema } from "@bufbuild/protobuf/wkt";
import { type Code, ConnectError } from "@connectrpc/connect";
import * as grpc from "@grpc/grpc-js";
import { transportOf, type UnaryCall, type Way } from "../way.ts";

/** The stock client of gRPC for Node, told of each method by its descriptor. */
export function grpcJsWay(name = "@grpc/grpc-js", options: grpc.ClientOptions = {}): Way {
  return {
    name,
    encoding: "binary",
    open(baseUrl) {
      const client = new grpc.Client(new URL(baseUrl).host, grpc.credentials.createInsecure(), options);
      return { transport: transportOf(unaryCall(client)), close: () => client.close() };
    },
  };
}

function unaryCall(client: grpc.Client): UnaryCall {
  return ({ method, request, header, timeoutMs }) => {
    const metadata = new grpc.Metadata();
    for (const [name, value] of header) metadata.set(name, value);
    const options = timeoutMs === undefined ? {} : { deadline: Date.now() + timeoutMs };
    return new Promise((resolve, reject) => {
      client.makeUnaryRequest(
        `/${method.parent.typeName}/${method.name}`,
        (message: typeof request) => Buffer.from(toBinary(method.input, message)),
        (bytes) => fromBinary(method.output, bytes),
        request,
        metadata,
        options,
        (error, answer) => {
          if (error) reject(toConnectError(error));
          else if (answer) resolve(answer);
          else reject(new Error("unreachable: a call ends with an error or an answer"));
        },
      );
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
