import { readFileSync } from "node:fs";
import { connect } from "node:net";
import {
  create,
  createFileRegistry,
  type DescMethodServerStreaming,
  type DescService,
  fromBinary,
} from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { createClient, createRouterTransport } from "@connectrpc/connect";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { grantsOf } from "../../src/auth/scopes.ts";
import { callerKey } from "../../src/call.ts";
import { authorize } from "../../src/interceptors/authorize.ts";
import { GET_GROUP, grpcHeaders, http2Exchange } from "../server/fixture.ts";
import { startServiceOn, startTestService } from "../support/service.ts";
import { told } from "./calls.ts";
import { claimsOf, sign, signingKey, startIssuer } from "./issuer.ts";

const key = await signingKey("key");
let issuer: Awaited<ReturnType<typeof startIssuer>>;
let service: Awaited<ReturnType<typeof startTestService>>;
let withoutLane: Awaited<ReturnType<typeof startServiceOn>>;
beforeAll(async () => {
  issuer = await startIssuer(key);
  service = await startTestService(issuer.env);
  withoutLane = await startServiceOn(service.address, { ...issuer.env, CLIENTELE_UNARY_LANE: "off" });
});
afterAll(async () => {
  await withoutLane.stop();
  await service.stop();
  await issuer.close();
});

describe("a caller without a token is answered before the body is there", () => {
  test.each([
    ["on the lane", true],
    ["behind the lane", false],
  ])("over gRPC, %s", async (_, isOnLane) => {
    const { baseUrl } = isOnLane ? service : withoutLane;
    const answer = await http2Exchange(baseUrl, { ...grpcHeaders(), authorization: "Bearer x.y.z" }, null);
    expect({ ...answer.headers, ...answer.trailers }).toMatchObject({
      "grpc-status": "16",
      "www-authenticate": "Bearer",
    });
  });

  test("over HTTP/1.1", async () => {
    const socket = connect({ port: service.port, host: "127.0.0.1" });
    onTestFinished(() => void socket.destroy());
    const lines = ["host: localhost", "content-type: application/json", "content-length: 100", "", ""];
    socket.write([`POST ${GET_GROUP} HTTP/1.1`, ...lines].join("\r\n"));
    const answer = await new Promise<Buffer>((resolve) => socket.once("data", resolve));
    expect(`${answer}`).toMatch(/^HTTP\/1\.1 401 /);
    expect(`${answer}`).toMatch(/\r\nwww-authenticate: Bearer\r\n/i);
  });
});

test("a caller who goes while the token is being looked at harms nobody", async () => {
  const unknown = await sign({ ...key, kid: "unknown" }, claimsOf());
  const sockets = Array.from({ length: 20 }, () => connect({ port: service.port, host: "127.0.0.1" }));
  for (const socket of sockets) {
    socket.write(`POST ${GET_GROUP} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${unknown}\r\n`);
    socket.write("content-type: application/json\r\ncontent-length: 2\r\n\r\n{}", () => socket.destroy());
  }
  expect((await fetch(`${service.baseUrl}/readyz`)).status).toBe(200);
});

test("a stream's caller needs the scope for what the message names", async () => {
  const watched = streamingService();
  const [method] = watched.methods;
  if (!method) throw new Error("unreachable: the service has a method");
  let may = grantsOf([]);
  const transport = createRouterTransport(
    (router) =>
      router.rpc(method as DescMethodServerStreaming, async function* () {
        yield create(method.output, {});
      }),
    {
      router: {
        requestGate: ({ values }) => void values.set(callerKey, { may: (...asked) => may(...asked) }),
        interceptors: [authorize([watched])],
      },
    },
  );
  const client = createClient(watched, transport) as unknown as Record<
    string,
    (message: object) => AsyncIterable<unknown>
  >;
  const watch = async (projectKey: string) => {
    const answers = client[method.localName]?.({ projectKey }) ?? [];
    for await (const _ of answers) return;
  };
  expect(await told(watch("demo"))).toMatchObject({
    code: "PermissionDenied",
    facts: [{ required_scope: "view_customer_groups:demo" }],
  });
  may = grantsOf(["view_customer_groups:demo"]);
  expect(await told(watch("demo"))).toMatchObject({ code: "OK" });
  expect(await told(watch("other"))).toMatchObject({ reasons: ["SCOPE_MISSING"] });
});

/** The service of groups with one method, which answers with a stream. */
function streamingService(): DescService {
  const image = fromBinary(
    FileDescriptorSetSchema,
    readFileSync(new URL("../../gen/image.binpb", import.meta.url)),
  );
  const service = image.file
    .flatMap((file) => file.service)
    .find(({ name }) => name === "CustomerGroupService");
  if (!service) throw new Error("unreachable: there is such a service");
  service.method = service.method.filter(({ name }) => name === "ExistsCustomerGroup");
  for (const method of service.method) method.serverStreaming = true;
  const found = createFileRegistry(image).getService("clientele.v1.CustomerGroupService");
  if (!found) throw new Error("unreachable: there is such a service");
  return found;
}
