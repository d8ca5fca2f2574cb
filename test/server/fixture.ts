import { readFileSync } from "node:fs";
import { connect as connectHttp2, constants } from "node:http2";
import { connect as connectTcp } from "node:net";
import { type Client, Code, ConnectError, createClient, type ServiceImpl } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { onTestFinished } from "vitest";
import { CustomerGroupService } from "../../gen/clientele/v1/customer_group_service_pb.ts";
import { createServer, type ServerOptions } from "../../src/server/server.ts";

export type Running = {
  readonly host: string;
  readonly port: number;
  readonly authority: string;
  readonly origin: string;
  readonly drain: () => Promise<void>;
  readonly client: Client<typeof CustomerGroupService>;
  /** Everything that was logged, as one text. */
  readonly logged: () => string;
};

/** A server with hand-written handlers, ended with the test. */
export async function startServer(
  options: Partial<ServerOptions> = {},
  handlers: Partial<ServiceImpl<typeof CustomerGroupService>> = echoHandlers,
): Promise<Running> {
  const lines: string[] = [];
  const record = (facts: object, message: string) => lines.push(JSON.stringify({ ...facts, message }));
  const server = createServer({
    host: "127.0.0.1",
    port: 0,
    routes: (router) => router.service(CustomerGroupService, handlers),
    drainMs: 2_000,
    log: { info: record, warn: record, error: record },
    ...options,
  });
  const { host, port } = await server.listen();
  onTestFinished(server.drain);
  const authority = `127.0.0.1:${port}`;
  const origin = `http://${authority}`;
  const transport = createGrpcTransport({ baseUrl: origin });
  const client = createClient(CustomerGroupService, transport);
  return { host, port, authority, origin, client, drain: server.drain, logged: () => lines.join("\n") };
}

/** Answers with the key that was asked for as the group's name; a key "fail" fails with a telling message. */
export const echoHandlers: Partial<ServiceImpl<typeof CustomerGroupService>> = {
  getCustomerGroup({ ref }) {
    const key = ref?.value.case === "key" ? ref.value.value : "";
    if (key === "fail") throw new ConnectError(TELLING, Code.FailedPrecondition);
    return { customerGroup: { name: key } };
  },
};

/** Everything a percent encoding can get wrong. */
export const TELLING = 'id: "a/b" must be 100% größer, not %41 or 🎁; (see #1)';

export function groupByKey(key: string) {
  return { projectKey: "demo", ref: { value: { case: "key" as const, value: key } } };
}

export const GET_GROUP = "/clientele.v1.CustomerGroupService/GetCustomerGroup";

/** The request `GetCustomerGroup` by a key, as JSON. */
export function groupByKeyJson(key: string): string {
  return JSON.stringify({ projectKey: "demo", ref: { key } });
}

/** The answer to a Connect call of `GetCustomerGroup`. */
export function postGroup(
  origin: string,
  body: BodyInit = groupByKeyJson("gold"),
  headers: HeadersInit = {},
) {
  return fetch(origin + GET_GROUP, {
    method: "POST",
    body,
    headers: { "content-type": "application/json", ...Object.fromEntries(new Headers(headers)) },
  });
}

/** Sends bytes, and reads until the other side ends the connection. */
export function rawExchange(port: number, ...parts: readonly (string | Uint8Array)[]): Promise<string> {
  return new Promise((resolve) => {
    const socket = connectTcp({ port, host: "127.0.0.1" });
    let text = "";
    for (const part of parts) socket.write(part);
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(text));
  });
}

export type Http2Answer = {
  readonly status: number | undefined;
  readonly headers: Record<string, unknown>;
  readonly trailers: Record<string, unknown>;
  readonly body: string;
  /** Set when the stream was reset with an error. */
  readonly reset: number | undefined;
};

/** One request on a connection of its own; `body` null leaves the request open. */
export function http2Exchange(
  origin: string,
  headers: Record<string, string | string[]>,
  body: Uint8Array | string | null = "",
): Promise<Http2Answer> {
  const session = connectHttp2(origin);
  session.on("error", () => {});
  return new Promise<Http2Answer>((resolve) => {
    const stream = session.request(headers, { endStream: false });
    const chunks: Buffer[] = [];
    let sent: Record<string, unknown> = {};
    let trailers: Record<string, unknown> = {};
    stream.on("response", (received) => {
      sent = received;
    });
    stream.on("trailers", (received) => {
      trailers = received;
    });
    stream.on("data", (chunk) => chunks.push(chunk));
    stream.on("error", () => {});
    const finish = () => {
      const reset = stream.rstCode === constants.NGHTTP2_NO_ERROR ? undefined : stream.rstCode;
      const status = sent[":status"] as number | undefined;
      resolve({ status, headers: sent, trailers, body: Buffer.concat(chunks).toString(), reset });
    };
    stream.on("end", finish);
    stream.on("close", finish);
    session.on("close", finish);
    if (body === null) return;
    stream.end(body);
  }).finally(() => session.destroy());
}

/** The headers of a gRPC call. */
export function grpcHeaders(path = GET_GROUP, more: Record<string, string> = {}): Record<string, string> {
  return { ":method": "POST", ":path": path, "content-type": "application/grpc", te: "trailers", ...more };
}

/** One gRPC frame; `length` lies about the message where the test wants it to. */
export function grpcFrame(message: Uint8Array, flags = 0, length = message.length): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(flags, 0);
  head.writeUInt32BE(length, 1);
  return Buffer.concat([head, message]);
}

/** A certificate for localhost that is valid for a century; nobody else trusts it. */
export function testCertificate() {
  const read = (name: string) => readFileSync(new URL(`../fixtures/${name}`, import.meta.url), "utf8");
  return { cert: read("localhost-test-only.crt"), key: read("localhost-test-only.key") };
}
