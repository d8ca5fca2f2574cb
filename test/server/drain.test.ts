import { once } from "node:events";
import { connect as connectHttp2, constants as http2Constants } from "node:http2";
import { connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { Code, ConnectError, createClient, type HandlerContext } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import * as grpcJs from "@grpc/grpc-js";
import { expect, it } from "vitest";
import { CustomerGroupService } from "../../gen/clientele/v1/customer_group_service_pb.ts";
import { GET_GROUP, groupByKey, groupByKeyJson, postGroup, rawExchange, startServer } from "./fixture.ts";

it("answers 64 slow calls over HTTP/2 and HTTP/1.1 while it shuts down, and closes the port", async () => {
  const { handlers, allArrived } = slowHandlers(64);
  const { client, origin, port, drain } = await startServer({}, handlers);
  const overHttp1 = createClient(
    CustomerGroupService,
    createConnectTransport({ baseUrl: origin, httpVersion: "1.1" }),
  );
  const calls = Array.from({ length: 64 }, (_, i) =>
    (i % 4 === 0 ? overHttp1 : client).getCustomerGroup(groupByKey(`group-${i}`)),
  );
  let goneAway = false;
  const session = connectHttp2(origin).on("goaway", () => {
    goneAway = true;
  });
  await Promise.all([once(session, "remoteSettings"), allArrived]);
  const drained = drain();
  const names = (await Promise.all(calls)).map(({ customerGroup }) => customerGroup?.name);
  expect(names).toEqual(Array.from({ length: 64 }, (_, i) => `group-${i}`));
  await drained;
  expect(goneAway).toBe(true);
  expect(await canConnect(port)).toBe(false);
});

it("answers what connections bring that nobody has read from yet", async () => {
  const { port, drain } = await startServer(
    {},
    { getCustomerGroup: () => ({ customerGroup: { name: "gold" } }) },
  );
  const sockets = Array.from({ length: 64 }, () => connect(port, "127.0.0.1"));
  await Promise.all(sockets.map((socket) => once(socket, "connect")));
  const body = groupByKeyJson("gold");
  const answers = sockets.map(async (socket) => {
    socket.write(
      `POST ${GET_GROUP} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    return (await socket.toArray()).join("");
  });
  await drain();
  for (const answer of await Promise.all(answers)) expect(answer).toMatch(/^HTTP\/1\.1 200 .*"gold"/is);
});

it("ends a kept connection with its next answer", async () => {
  const { handlers, allArrived } = slowHandlers(1);
  const { port, drain } = await startServer({}, handlers);
  const body = groupByKeyJson("gold");
  const slow = `POST ${GET_GROUP} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  const answered = rawExchange(port, slow);
  await allArrived;
  await drain();
  expect(await answered).toMatch(/^HTTP\/1\.1 200 .*connection: close.*"gold"/is);
});

it("ends calls that would outlast the shutdown with UNAVAILABLE, where they heed their signal", async () => {
  const arrived = Promise.withResolvers<void>();
  const { client, drain, logged } = await startServer(
    { drainMs: 50 },
    {
      async getCustomerGroup(_, { signal }: HandlerContext) {
        arrived.resolve();
        await wait(60_000, undefined, { signal }).catch(() => {});
        throw signal.reason;
      },
    },
  );
  const call = client.getCustomerGroup(groupByKey("gold")).catch(ConnectError.from);
  await arrived.promise;
  await drain();
  expect(await call).toMatchObject({ code: Code.Unavailable });
  expect(logged()).toContain("cut off");
});

it("shuts down although handlers and connections hang", async () => {
  const arrived = Promise.withResolvers<void>();
  const { client, port, drain } = await startServer(
    { drainMs: 50, limits: { lastWordMs: 50 } },
    {
      getCustomerGroup() {
        arrived.resolve();
        return new Promise(() => {});
      },
    },
  );
  const call = client.getCustomerGroup(groupByKey("gold")).catch(ConnectError.from);
  const silent = rawExchange(port);
  const unfinished = rawExchange(port, "POST / HTTP/1.1\r\n");
  await arrived.promise;
  await Promise.all([drain(), drain()]);
  expect(await call).toBeInstanceOf(ConnectError);
  await Promise.all([silent, unfinished]);
});

it("drains a server that was never started", async () => {
  const { drain } = await startServer();
  await drain();
  await drain();
});

it("asks old connections to go away without failing a call", async () => {
  const { authority, origin } = await startServer(
    { maxConnectionAgeMs: 100 },
    {
      async getCustomerGroup({ projectKey }) {
        await wait(5);
        return { customerGroup: { name: projectKey } };
      },
    },
  );
  const session = connectHttp2(origin);
  const goneAway = once(session, "goaway");
  const client = new grpcJs.Client(authority, grpcJs.credentials.createInsecure());
  const identity = (bytes: Buffer) => bytes;
  const call = () =>
    new Promise<string>((resolve) => {
      client.makeUnaryRequest(GET_GROUP, identity, identity, Buffer.alloc(0), (error) =>
        resolve(error === null ? "answered" : error.message),
      );
    });
  const outcomes = new Set<string>();
  const until = Date.now() + 1_000;
  const loop = async () => {
    while (Date.now() < until) outcomes.add(await call());
  };
  await Promise.all(Array.from({ length: 16 }, loop));
  client.close();
  expect([...outcomes]).toEqual(["answered"]);
  expect((await goneAway)[0]).toBe(http2Constants.NGHTTP2_NO_ERROR);
  expect((await postGroup(origin)).status).toBe(200);
});

it("takes no more connections than it may", async () => {
  const { port } = await startServer({ limits: { maxConnections: 2 } });
  const kept = [connect(port, "127.0.0.1"), connect(port, "127.0.0.1")];
  await Promise.all(kept.map((socket) => new Promise((resolve) => socket.once("connect", resolve))));
  expect(await rawExchange(port, "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")).toBe("");
  for (const socket of kept) socket.destroy();
});

/** Handlers that answer a little after `expected` calls have arrived, and give up when told to. */
function slowHandlers(expected: number) {
  const all = Promise.withResolvers<void>();
  let arrived = 0;
  return {
    allArrived: all.promise,
    handlers: {
      async getCustomerGroup(
        { ref }: { ref?: { value: { value?: string | undefined } } | undefined },
        { signal }: HandlerContext,
      ) {
        arrived += 1;
        if (arrived === expected) all.resolve();
        await all.promise;
        await wait(100, undefined, { signal });
        return { customerGroup: { name: ref?.value.value ?? "" } };
      },
    },
  };
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => resolve(true));
    socket.on("error", () => resolve(false));
    socket.on("connect", () => socket.destroy());
  });
}
