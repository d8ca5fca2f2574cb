import { connect as connectHttp2, constants } from "node:http2";
import { connect as connectTcp } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { create, toBinary } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import {
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from "@connectrpc/connect-node";
import * as grpcJs from "@grpc/grpc-js";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  CustomerGroupService,
  GetCustomerGroupRequestSchema,
} from "../../gen/clientele/v1/customer_group_service_pb.ts";
import {
  GET_GROUP,
  groupByKey,
  groupByKeyJson,
  grpcFrame,
  grpcHeaders,
  http2Exchange,
  postGroup,
  rawExchange,
  startServer as startAnyServer,
  TELLING,
} from "./fixture.ts";

const BROKEN_FRAMES: [string, Buffer, Record<string, string>][] = [
  ["a short prefix", Buffer.from([0, 0, 0]), {}],
  ["no frame", Buffer.alloc(0), {}],
  ["a length beyond the body", grpcFrame(requestBytes("gold"), 0, 1_000), {}],
  ["a length short of the body", grpcFrame(requestBytes("gold"), 0, 3), {}],
  ["the compressed flag without an encoding", grpcFrame(requestBytes("gold"), 1), {}],
  [
    "the compressed flag on what is not gzip",
    grpcFrame(requestBytes("gold"), 1),
    { "grpc-encoding": "gzip" },
  ],
  ["an encoding nobody knows", grpcFrame(requestBytes("gold")), { "grpc-encoding": "rot13" }],
  ["garbage for a message", grpcFrame(Buffer.from("ffffffffffffffffffffff", "hex")), {}],
  ["a string beyond the message", grpcFrame(Buffer.from([0x0a, 5, 0x61])), {}],
  ["invalid UTF-8", grpcFrame(Buffer.from([0x0a, 2, 0xc3, 0x28])), {}],
  ["two messages", Buffer.concat([grpcFrame(requestBytes("gold")), grpcFrame(requestBytes("gold"))]), {}],
  ["a malformed timeout", grpcFrame(requestBytes("gold")), { "grpc-timeout": "soon" }],
];

describe.each([
  { lane: "with the unary lane", unaryLane: true },
  { lane: "without the unary lane", unaryLane: false },
])("$lane", ({ unaryLane }) => {
  const startServer: typeof startAnyServer = (options, handlers) =>
    startAnyServer({ unaryLane, ...options }, handlers);

  it.each([
    ["gRPC", createGrpcTransport, "2"],
    ["gRPC-Web over HTTP/1.1", createGrpcWebTransport, "1.1"],
    ["gRPC-Web over HTTP/2", createGrpcWebTransport, "2"],
    ["Connect over HTTP/1.1", createConnectTransport, "1.1"],
    ["Connect over HTTP/2", createConnectTransport, "2"],
  ] as const)("answers and fails alike over %s on one port", async (_, transport, httpVersion) => {
    const { origin } = await startServer();
    const client = createClient(
      CustomerGroupService,
      transport({ baseUrl: origin, httpVersion: httpVersion as "2" }),
    );
    expect((await client.getCustomerGroup(groupByKey("gold"))).customerGroup?.name).toBe("gold");
    const failed = await client.getCustomerGroup(groupByKey("fail")).catch(ConnectError.from);
    expect(failed).toMatchObject({ code: Code.FailedPrecondition, rawMessage: TELLING });
    const unimplemented = await client.existsCustomerGroup({}).catch(ConnectError.from);
    expect(unimplemented).toMatchObject({ code: Code.Unimplemented });
  });

  it("gives grpc-js an error message as it was written", async () => {
    const { authority } = await startServer();
    const error = await grpcJsCall(authority, GET_GROUP, requestBytes("fail"));
    expect(error).toMatchObject({ code: grpcJs.status.FAILED_PRECONDITION, details: TELLING });
  });

  it("answers an unknown method with UNIMPLEMENTED over gRPC and 404 otherwise", async () => {
    const { authority, origin } = await startServer();
    for (const path of ["/clientele.v1.CustomerGroupService/Nope", "/no.such.Service/Get", "/"]) {
      const error = await grpcJsCall(authority, path, new Uint8Array());
      expect(error).toMatchObject({ code: grpcJs.status.UNIMPLEMENTED });
    }
    const answer = await fetch(`${origin}/no.such.Service/Get`, { method: "POST", body: "{}" });
    expect(answer.status).toBe(404);
  });

  it.each([
    ["text/plain", 415],
    ["application/grpc+nonsense", 415],
    ["application/xml", 415],
  ])("answers content type %s with %i", async (type, status) => {
    const { origin } = await startServer();
    expect((await postGroup(origin, "{}", { "content-type": type })).status).toBe(status);
  });

  it("says in a sentence how a method is called", async () => {
    const { origin } = await startServer();
    const body = groupByKeyJson("gold");
    const create = origin + GET_GROUP.replace("GetCustomerGroup", "CreateCustomerGroup");
    const asked: [Promise<Response>, number, string][] = [
      // What curl -d sends.
      [
        postGroup(origin, body, { "content-type": "application/x-www-form-urlencoded" }),
        415,
        "Send content-type: application/json, or gRPC.\n",
      ],
      [fetch(create), 405, "This method is called by POST.\n"],
      [
        fetch(origin + GET_GROUP),
        415,
        "Send ?encoding=json&message={...}, or POST with content-type: application/json.\n",
      ],
    ];
    for (const [asking, status, text] of asked) {
      const answer = await asking;
      expect([answer.status, await answer.text()]).toEqual([status, text]);
      expect(answer.headers.get("content-type")).toBe("text/plain; charset=utf-8");
      expect(answer.headers.get("allow")).toBe(status === 405 ? "POST" : null);
    }
    expect((await postGroup(origin)).status).toBe(200);
  });

  it("lets nobody keep an answer", async () => {
    const { origin } = await startServer();
    const query = new URLSearchParams({ connect: "v1", encoding: "json", message: groupByKeyJson("gold") });
    for (const path of [`${GET_GROUP}?${query}`, "/livez", "/readyz", "/", "/nope"]) {
      const answer = await fetch(origin + path);
      expect(answer.headers.get("cache-control")).toBe("no-store");
      expect(answer.status).toBe(path === "/nope" ? 404 : 200);
    }
  });

  it("refuses JSON that is not UTF-8, rather than store a replacement for what it can't read", async () => {
    const { origin } = await startServer();
    const body = Buffer.from('{"projectKey":"demo","ref":{"key":"\xff"}}', "latin1");
    const answer = await fetch(origin + GET_GROUP, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({
      code: "invalid_argument",
      message: "the request body is not UTF-8",
    });
  });

  it("refuses an unknown JSON field and a misspelt one", async () => {
    const { origin } = await startServer();
    const answer = await postGroup(origin, '{"projectKy":"demo"}');
    expect(await answer.json()).toMatchObject({ code: "invalid_argument" });
  });

  it.each(BROKEN_FRAMES)("answers %s with a typed error", async (_, frame, headers) => {
    const { origin, client } = await startServer();
    const answer = await http2Exchange(origin, grpcHeaders(GET_GROUP, headers), frame);
    expect(answer.status).toBe(200);
    expect(Number(answer.trailers["grpc-status"])).toBeGreaterThan(0);
    expect((await client.getCustomerGroup(groupByKey("gold"))).customerGroup?.name).toBe("gold");
  });

  it("refuses a gzip bomb without unpacking it", async () => {
    const { origin } = await startServer();
    const bomb = gzipSync(Buffer.alloc(200 * 1_024 * 1_024));
    const before = process.memoryUsage().rss;
    const unary = await postGroup(origin, bomb, { "content-encoding": "gzip" });
    expect(await unary.json()).toMatchObject({ code: "resource_exhausted" });
    const framed = await http2Exchange(
      origin,
      grpcHeaders(GET_GROUP, { "grpc-encoding": "gzip" }),
      grpcFrame(bomb, 1),
    );
    expect(framed.trailers["grpc-status"]).toBe(String(Code.ResourceExhausted));
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1_024 * 1_024);
  });

  it("refuses a request of 4 MiB over every protocol, and keeps the connection", async () => {
    const { origin, authority, client } = await startServer();
    const long = "x".repeat(4 * 1_024 * 1_024);
    expect(await client.getCustomerGroup(groupByKey(long)).catch(ConnectError.from)).toMatchObject({
      code: Code.ResourceExhausted,
    });
    expect((await client.getCustomerGroup(groupByKey("gold"))).customerGroup?.name).toBe("gold");
    expect(await grpcJsCall(authority, GET_GROUP, requestBytes(long))).toMatchObject({
      code: grpcJs.status.RESOURCE_EXHAUSTED,
    });
    const answer = await postGroup(origin, groupByKeyJson(long));
    expect(await answer.json()).toMatchObject({ code: "resource_exhausted" });
  });

  it("sends a page of 4 MiB and refuses to send more than 5", async () => {
    const name = "x".repeat(1_024 * 1_024);
    const { client } = await startServer(
      {},
      {
        batchGetCustomerGroups: ({ refs }) => ({
          results: refs.map(() => ({ result: { case: "customerGroup", value: { name } } })),
        }),
      },
    );
    const refs = Array.from({ length: 4 }, () => groupByKey("gold").ref);
    expect((await client.batchGetCustomerGroups({ refs })).results).toHaveLength(4);
    const tooMany = client.batchGetCustomerGroups({ refs: [...refs, ...refs] });
    expect(await tooMany.catch(ConnectError.from)).toMatchObject({ code: Code.ResourceExhausted });
  });

  it("answers a body that does not arrive with DEADLINE_EXCEEDED, and ends its stream", async () => {
    const { origin, port } = await startServer({
      limits: { bodyMs: 100, lingerMs: 50, headersMs: 500, requestMs: 1_000 },
    });
    const answer = await http2Exchange(origin, grpcHeaders(), null);
    expect(answer.trailers["grpc-status"]).toBe(String(Code.DeadlineExceeded));
    const head = `POST ${GET_GROUP} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n`;
    expect(await rawExchange(port, head, "{")).toMatch(/^HTTP\/1\.1 504 .*deadline_exceeded/s);
  });

  it("ends connections that say nothing, or not enough", async () => {
    const { port } = await startServer({ limits: { handshakeMs: 100, headersMs: 100, idleSessionMs: 100 } });
    expect(await rawExchange(port)).toBe("");
    expect(await rawExchange(port, "PRI * HTTP/2.0\r\n")).toBe("");
    expect(await rawExchange(port, "GET / HTTP/1.1\r\nHost: local")).toMatch(/^HTTP\/1\.1 408 /);
    await rawExchange(port, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]));
  });

  it("prints and logs nothing of what a caller sent", async () => {
    const { origin, client, logged } = await startServer(
      {},
      {
        getCustomerGroup() {
          throw new Error("secret@example.com");
        },
      },
    );
    const printed: unknown[] = [];
    const original = console.error;
    console.error = (...values: unknown[]) => printed.push(values);
    onTestFinished(() => {
      console.error = original;
    });
    const answer = await postGroup(origin, groupByKeyJson("secret"));
    expect(await answer.text()).not.toContain("secret");
    const aborted = new AbortController();
    setTimeout(() => aborted.abort(), 20);
    await client.getCustomerGroup(groupByKey("secret"), { signal: aborted.signal }).catch(() => {});
    expect(logged()).not.toContain("secret");
    expect(printed).toEqual([]);
  });

  it("lives on when callers leave before their answers", async () => {
    const slow = () => wait(50).then(() => true);
    const { origin, port, logged } = await startServer(
      { ready: slow },
      { getCustomerGroup: () => slow().then(() => ({})) },
    );
    const body = groupByKeyJson("gold");
    const post = `POST ${GET_GROUP} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
    for (const bytes of ["GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n", post, post + body, "GET /x HT"]) {
      const socket = connectTcp(port, "127.0.0.1");
      socket.write(bytes, () => socket.resetAndDestroy());
    }
    const session = connectHttp2(origin);
    for (const headers of [
      { ":path": "/readyz" },
      grpcHeaders(),
      { ":method": "CONNECT", ":authority": "a:1" },
    ]) {
      const stream = session.request(headers);
      stream.on("error", () => {});
      setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), 20);
    }
    await wait(100);
    session.destroy();
    expect((await postGroup(origin)).status).toBe(200);
    expect(logged()).toBe("");
  });
});

function requestBytes(key: string): Uint8Array {
  return toBinary(GetCustomerGroupRequestSchema, create(GetCustomerGroupRequestSchema, groupByKey(key)));
}

function grpcJsCall(
  authority: string,
  path: string,
  request: Uint8Array,
): Promise<grpcJs.ServiceError | null> {
  const client = new grpcJs.Client(authority, grpcJs.credentials.createInsecure());
  const identity = (bytes: Uint8Array) => Buffer.from(bytes);
  return new Promise<grpcJs.ServiceError | null>((resolve) => {
    client.makeUnaryRequest(path, identity, identity, request, (error) => resolve(error));
  }).finally(() => client.close());
}
