import { createServer } from "node:http2";
import { create, toBinary } from "@bufbuild/protobuf";
import { GetCustomerGroupResponseSchema } from "../../gen/clientele/v1/customer_group_service_pb.ts";
import { frameOf } from "../grpc.ts";
import { groupAt } from "./memory-groups.ts";

// The least that a gRPC server on Node can cost: node:http2 that reads a request and answers the same bytes
// to all of them.

const CANNED = frameOf(
  toBinary(
    GetCustomerGroupResponseSchema,
    create(GetCustomerGroupResponseSchema, { customerGroup: groupAt(0) }),
  ),
);
const HEADERS = { ":status": 200, "content-type": "application/grpc+proto" };
const TRAILERS = { "grpc-status": "0" };

const server = createServer();
server.on("stream", (stream) => {
  stream.resume();
  stream.once("wantTrailers", () => stream.sendTrailers(TRAILERS));
  stream.once("end", () => {
    stream.respond(HEADERS, { waitForTrailers: true });
    stream.end(CANNED);
  });
});
server.listen(Number(process.env.PORT), "127.0.0.1");
process.once("SIGTERM", () => process.exit());
