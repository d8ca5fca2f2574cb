import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { expect, it } from "vitest";
import { Health, HealthCheckResponse_ServingStatus as Status } from "../../gen/grpc/health/v1/health_pb.ts";
import { ServerReflection } from "../../gen/grpc/reflection/v1/reflection_pb.ts";
import { ServerReflection as ServerReflectionAlpha } from "../../gen/grpc/reflection/v1alpha/reflection_pb.ts";
import { type Running, startServer } from "./fixture.ts";

const GROUPS = "clientele.v1.CustomerGroupService";

it("checks and lists the health of every service", async () => {
  const health = healthOf(await startServer());
  for (const service of ["", GROUPS, "grpc.health.v1.Health"])
    expect(await health.check({ service })).toMatchObject({ status: Status.SERVING });
  expect(await health.check({ service: "no.such.Service" }).catch(ConnectError.from)).toMatchObject({
    code: Code.NotFound,
  });
  const { statuses } = await health.list({});
  expect(Object.keys(statuses).sort()).toEqual([
    "",
    GROUPS,
    "grpc.health.v1.Health",
    "grpc.reflection.v1.ServerReflection",
    "grpc.reflection.v1alpha.ServerReflection",
  ]);
});

it("follows readiness, and takes a failing or late answer for a no", async () => {
  let ready: () => Promise<boolean> | boolean = () => false;
  const server = await startServer({ ready: () => ready(), limits: { readyMs: 50 } });
  const health = healthOf(server);
  const status = async () => [
    (await health.check({})).status,
    (await fetch(`${server.origin}/readyz`)).status,
    (await fetch(`${server.origin}/livez`, { method: "HEAD" })).status,
  ];
  expect(await status()).toEqual([Status.NOT_SERVING, 503, 200]);
  ready = () => true;
  expect(await status()).toEqual([Status.SERVING, 200, 200]);
  ready = () => Promise.reject(new Error("no database"));
  expect(await status()).toEqual([Status.NOT_SERVING, 503, 200]);
  ready = () => new Promise(() => {});
  expect(await status()).toEqual([Status.NOT_SERVING, 503, 200]);
});

it("tells a watcher every change, and NOT_SERVING before the server goes", async () => {
  let ready = true;
  const server = await startServer({ ready: () => ready, limits: { readyPollMs: 20 } });
  const seen: number[] = [];
  for await (const { status } of healthOf(server).watch({ service: GROUPS })) {
    seen.push(status);
    if (seen.length === 1) ready = false;
    if (seen.length === 2) ready = true;
    if (seen.length === 3) void server.drain();
  }
  expect(seen).toEqual([Status.SERVING, Status.NOT_SERVING, Status.SERVING, Status.NOT_SERVING]);
});

it("says SERVICE_UNKNOWN to the watcher of an unknown service, and bounds watchers", async () => {
  const server = await startServer({ limits: { maxHealthWatchers: 1 } });
  const health = healthOf(server);
  const leave = new AbortController();
  const first = health
    .watch({ service: "no.such.Service" }, { signal: leave.signal })
    [Symbol.asyncIterator]();
  expect((await first.next()).value).toMatchObject({ status: Status.SERVICE_UNKNOWN });
  const second = health.watch({})[Symbol.asyncIterator]();
  expect(await second.next().catch(ConnectError.from)).toMatchObject({ code: Code.ResourceExhausted });
  leave.abort();
  await expect(first.next()).rejects.toThrow();
  await expect.poll(() => firstOf(health.watch({}))).toMatchObject({ status: Status.SERVING });
});

it.each([
  ["v1", ServerReflection],
  ["v1alpha", ServerReflectionAlpha],
])("describes its services, with comments, by reflection %s", async (_, service) => {
  const ask = reflectionOf(await startServer(), service as typeof ServerReflection);
  const [listed, bySymbol, byMethod, missing, empty] = await ask([
    { case: "listServices", value: "" },
    { case: "fileContainingSymbol", value: GROUPS },
    { case: "fileContainingSymbol", value: `${GROUPS}.GetCustomerGroup` },
    { case: "fileContainingSymbol", value: "no.such.Symbol" },
    { case: undefined },
  ]);
  expect(listed?.case === "listServicesResponse" && listed.value.service.map(({ name }) => name)).toEqual([
    GROUPS,
    "grpc.health.v1.Health",
    "grpc.reflection.v1.ServerReflection",
    "grpc.reflection.v1alpha.ServerReflection",
  ]);
  const files = filesOf(bySymbol);
  expect(files[0]?.name).toBe("clientele/v1/customer_group_service.proto");
  expect(files.map(({ name }) => name)).toContain("buf/validate/validate.proto");
  const comments = files[0]?.sourceCodeInfo?.location.map(({ leadingComments }) => leadingComments);
  expect(comments?.join("")).toMatch(/customer group/);
  // What this stream was sent before is not sent again.
  expect(filesOf(byMethod).map(({ name }) => name)).toEqual(["clientele/v1/customer_group_service.proto"]);
  expect(missing).toMatchObject({ case: "errorResponse", value: { errorCode: Code.NotFound } });
  expect(empty).toMatchObject({ case: "errorResponse", value: { errorCode: Code.InvalidArgument } });
});

it("finds files by name and extensions by number, and nothing that it does not serve", async () => {
  const ask = reflectionOf(await startServer(), ServerReflection);
  const fieldOptions = "google.protobuf.FieldOptions";
  const [file, numbers, extension, noType, notServed] = await ask([
    { case: "fileByFilename", value: "clientele/v1/customer_group.proto" },
    { case: "allExtensionNumbersOfType", value: fieldOptions },
    { case: "fileContainingExtension", value: { containingType: fieldOptions, extensionNumber: 1159 } },
    { case: "allExtensionNumbersOfType", value: "no.such.Type" },
    { case: "fileByFilename", value: "no/such.proto" },
  ]);
  expect(filesOf(file)[0]?.name).toBe("clientele/v1/customer_group.proto");
  expect(numbers).toMatchObject({
    value: { baseTypeName: fieldOptions, extensionNumber: expect.arrayContaining([1159]) },
  });
  expect(filesOf(extension)[0]?.name).toBe("buf/validate/validate.proto");
  expect(noType).toMatchObject({ case: "errorResponse", value: { errorCode: Code.NotFound } });
  expect(notServed).toMatchObject({ case: "errorResponse", value: { errorCode: Code.NotFound } });
});

it("bounds the questions on one reflection stream", async () => {
  const ask = reflectionOf(await startServer({ limits: { maxReflectionRequests: 2 } }), ServerReflection);
  const question = { case: "listServices", value: "" } as const;
  expect(await ask([question, question])).toHaveLength(2);
  expect(await ask([question, question, question]).catch(ConnectError.from)).toMatchObject({
    code: Code.ResourceExhausted,
  });
});

it("serves neither where both are switched off", async () => {
  const server = await startServer({ health: false, reflection: false });
  expect(await healthOf(server).check({}).catch(ConnectError.from)).toMatchObject({
    code: Code.Unimplemented,
  });
  const ask = reflectionOf(server, ServerReflection);
  expect(await ask([{ case: undefined }]).catch(ConnectError.from)).toMatchObject({
    code: Code.Unimplemented,
  });
});

it("satisfies grpcurl", async ({ skip }) => {
  const grpcurl = findGrpcurl();
  if (grpcurl === undefined) return skip("grpcurl is neither on PATH nor in ~/go/bin");
  const { authority } = await startServer();
  const run = async (...args: string[]) =>
    (await promisify(execFile)(grpcurl, ["-plaintext", ...args])).stdout;
  expect((await run(authority, "list")).trim().split("\n")).toContain(GROUPS);
  const described = await run(authority, "describe", GROUPS);
  expect(described).toContain("rpc GetCustomerGroup ( .clientele.v1.GetCustomerGroupRequest )");
  expect(described).toMatch(/^ *\/\/ ./m);
  const called = await run(
    "-d",
    '{"project_key":"demo","ref":{"key":"gold"}}',
    authority,
    `${GROUPS}/GetCustomerGroup`,
  );
  expect(JSON.parse(called)).toEqual({ customerGroup: { name: "gold" } });
});

type Reflected = NonNullable<Awaited<ReturnType<ReturnType<typeof reflectionOf>>>[number]>;

function healthOf({ origin }: Running) {
  return createClient(Health, createGrpcTransport({ baseUrl: origin }));
}

async function firstOf<T>(items: AsyncIterable<T>): Promise<T | undefined> {
  for await (const item of items) return item;
  return undefined;
}

/** Asks everything on one stream. */
function reflectionOf({ origin }: Running, service: typeof ServerReflection) {
  const client = createClient(service, createGrpcTransport({ baseUrl: origin }));
  type Request = Parameters<typeof client.serverReflectionInfo>[0] extends AsyncIterable<infer R> ? R : never;
  return async (questions: NonNullable<Request["messageRequest"]>[]) => {
    async function* requests() {
      for (const messageRequest of questions) yield { messageRequest };
    }
    const answers = [];
    for await (const { messageResponse } of client.serverReflectionInfo(requests()))
      answers.push(messageResponse);
    return answers;
  };
}

function filesOf(answer: Reflected | undefined) {
  if (answer?.case !== "fileDescriptorResponse") throw new Error(`not a file: ${answer?.case}`);
  return answer.value.fileDescriptorProto.map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes));
}

function findGrpcurl(): string | undefined {
  const folders = [...(process.env.PATH ?? "").split(":"), join(homedir(), "go", "bin")];
  return folders.map((folder) => join(folder, "grpcurl")).find((path) => existsSync(path));
}
