import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { type CallOptions, Code, ConnectError, createClient, type Transport } from "@connectrpc/connect";
import {
  compressionGzip,
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from "@connectrpc/connect-node";
import { describe, expect, it } from "vitest";
import { CustomerGroupService } from "../../gen/clientele/v1/customer_group_service_pb.ts";
import { ErrorInfoSchema } from "../../gen/google/rpc/error_details_pb.ts";
import { deadline } from "../../src/interceptors/deadline.ts";
import { groupByKey, startServer } from "./fixture.ts";

const ways: readonly [name: string, open: (baseUrl: string) => Transport, unaryLane: boolean][] = [
  ["gRPC", (baseUrl) => createGrpcTransport({ baseUrl }), true],
  ["gRPC without the unary lane", (baseUrl) => createGrpcTransport({ baseUrl }), false],
  [
    "compressed gRPC",
    (baseUrl) => createGrpcTransport({ baseUrl, sendCompression: compressionGzip, compressMinBytes: 0 }),
    true,
  ],
  ["gRPC-Web", (baseUrl) => createGrpcWebTransport({ baseUrl, httpVersion: "1.1" }), true],
  ["Connect", (baseUrl) => createConnectTransport({ baseUrl, httpVersion: "1.1" }), true],
];

describe.each(ways)("over %s", (_, open, unaryLane) => {
  it.each([
    ["Connect's", { "connect-timeout-ms": "3000000000" }],
    ["gRPC's", { "grpc-timeout": "2592000S" }],
  ])(
    "a deadline of more than 24 days in %s header is no deadline of a millisecond",
    async (_name, headers) => {
      const { origin } = await startServer(
        { unaryLane, interceptors: [deadline()] },
        {
          async getCustomerGroup() {
            await sleep(50);
            return { customerGroup: { name: "gold" } };
          },
        },
      );
      const client = createClient(CustomerGroupService, open(origin));
      const options: CallOptions = { headers };
      expect((await client.getCustomerGroup(groupByKey("gold"), options)).customerGroup?.name).toBe("gold");
    },
  );

  it("a call that a shutdown cuts off is UNAVAILABLE", async () => {
    const begun = Promise.withResolvers<void>();
    const { origin, drain } = await startServer(
      { unaryLane, interceptors: [deadline()], drainMs: 50 },
      {
        async getCustomerGroup(_request, context) {
          begun.resolve();
          await once(context.signal, "abort");
          return await new Promise<never>(() => {});
        },
      },
    );
    const call = createClient(CustomerGroupService, open(origin)).getCustomerGroup(groupByKey("any"));
    await begun.promise;
    const [error] = await Promise.all([call.then(String, ConnectError.from), drain()]);
    if (!(error instanceof ConnectError)) return expect.unreachable("expected the call to fail");
    expect(Code[error.code]).toBe("Unavailable");
    expect(error.findDetails(ErrorInfoSchema)[0]).toMatchObject({ reason: "OVERLOADED" });
  });
});
