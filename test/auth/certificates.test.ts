import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { connect, type TLSSocket } from "node:tls";
import { fileURLToPath } from "node:url";
import { createConnectTransport, createGrpcTransport } from "@connectrpc/connect-node";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { healthcheck } from "../../src/commands/healthcheck.ts";
import type { Env } from "../../src/config.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { temporaryFolder } from "../support/process.ts";
import { startServiceOn } from "../support/service.ts";
import { asker, bearer, OK, REFUSED, type Told } from "./calls.ts";
import { claimsOf, sign, signingKey, startIssuer } from "./issuer.ts";

// Real certificates, made for these tests; nobody else trusts them.

const { folder, remove } = temporaryFolder();
const clientsFile = path.join(folder, "clients.json");
const scopes = ["view_customer_groups:demo"];
writeFileSync(
  clientsFile,
  JSON.stringify({
    clients: [
      { certificate: "URI:spiffe://shop.example/orders", clientId: "orders", scopes },
      { certificate: "DNS:reports.EXAMPLE", clientId: "reports", scopes },
      { certificate: "CN:console", clientId: "console", scopes: ["view_types:demo"] },
      { certificate: "CN:ignored", clientId: "nobody", scopes: ["manage_customers:demo"] },
    ],
  }),
);
const mtls: Env = {
  CLIENTELE_AUTH: "mtls",
  CLIENTELE_TLS_CERT_FILE: fixture("localhost-test-only.crt"),
  CLIENTELE_TLS_KEY_FILE: fixture("localhost-test-only.key"),
  CLIENTELE_TLS_CLIENT_CA_FILE: fixture("clients-test-only/ca.crt"),
  CLIENTELE_MTLS_CLIENTS_FILE: clientsFile,
};
const DENIED = { code: "PermissionDenied", reasons: ["SCOPE_MISSING"] };

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(async () => {
  await database.drop();
  remove();
});

function fixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
}

async function start(env: Env, clock?: () => Date) {
  const service = await startServiceOn(database, env, clock);
  onTestFinished(service.stop);
  return service;
}

/** What a client with this certificate is told over each protocol, which is the same. */
async function askWith(port: number, certificate: string | undefined, headers = {}): Promise<Told> {
  const pem = certificate && readFileSync(fixture(`clients-test-only/${certificate}.pem`), "utf8");
  const ca = readFileSync(fixture("localhost-test-only.crt"));
  const nodeOptions = { ca, ...(pem && { cert: pem, key: pem }) };
  const baseUrl = `https://localhost:${port}`;
  const transports = [
    createGrpcTransport({ baseUrl, nodeOptions }),
    createConnectTransport({ baseUrl, httpVersion: "1.1", nodeOptions }),
    createConnectTransport({ baseUrl, httpVersion: "2", nodeOptions }),
  ];
  const answers = await Promise.all(transports.map((transport) => asker(transport)(headers)));
  const [answer, ...others] = answers;
  if (!answer) throw new Error("unreachable: there are several ways");
  for (const other of others) expect(other).toEqual(answer);
  return answer;
}

describe("with certificates alone", () => {
  test.each([
    ["one with a known URI", "uri", OK],
    ["one with a known host name, in whatever case", "dns", OK],
    ["one known by its common name", "cn", DENIED],
    ["one that nobody knows", "unknown", REFUSED],
    ["one of another authority, with a known name", "foreign", REFUSED],
    ["one that is over", "expired", REFUSED],
    ["a server's", "server", REFUSED],
    ["one whose name could be taken for two", "quoted", REFUSED],
    ["none", undefined, REFUSED],
  ])("%s", async (_, certificate, answer) => {
    const { port } = await start(mtls);
    expect(await askWith(port, certificate)).toMatchObject(answer);
  });

  test("a token changes nothing", async () => {
    const { port } = await start(mtls);
    expect(await askWith(port, "uri", bearer("x.y.z"))).toEqual(OK);
    expect(await askWith(port, undefined, bearer("x.y.z"))).toEqual(REFUSED);
  });

  test("probes need none, so that the health check can be asked", async () => {
    const { port } = await start(mtls);
    expect(await healthcheck({ ...mtls, CLIENTELE_PORT: `${port}` })).toBe(0);
  });

  test("cleartext is not answered", async () => {
    const { port } = await start(mtls);
    await expect(fetch(`http://localhost:${port}/livez`)).rejects.toThrow();
  });

  test("a connection ends to count when its certificate does", async () => {
    let now = new Date();
    const { port } = await start(mtls, () => now);
    expect(await askWith(port, "uri")).toEqual(OK);
    now = new Date("2200-01-01T00:00:00Z");
    expect(await askWith(port, "uri")).toEqual(REFUSED);
  });

  test("a connection can't show another certificate later", async () => {
    const { port } = await start(mtls);
    const socket = await handshake(port, undefined, "TLSv1.2");
    const refused = new Promise((resolve) => socket.once("error", resolve));
    socket.renegotiate({ rejectUnauthorized: false }, () => {});
    expect(await refused).toMatchObject({ code: "ERR_SSL_NO_RENEGOTIATION" });
  });

  test("a resumed session without a certificate is nobody's", async () => {
    const { port } = await start(mtls);
    const session = await sessionOf(port);
    const socket = await handshake(port, session);
    socket.write(
      `POST /clientele.v1.CustomerGroupService/ExistsCustomerGroup HTTP/1.1\r\nhost: localhost\r\n`,
    );
    socket.write("content-type: application/json\r\ncontent-length: 2\r\n\r\n{}");
    const answer = await new Promise<Buffer>((resolve) => socket.once("data", resolve));
    expect(socket.isSessionReused()).toBe(true);
    expect(`${answer}`).toMatch(/^HTTP\/1\.1 401 /);
    socket.destroy();
  });
});

describe("with tokens too", () => {
  test("a token decides where there is one, a certificate where there is none", async () => {
    const key = await signingKey("key");
    const issuer = await startIssuer(key);
    onTestFinished(async () => void (await issuer.close()));
    const { port } = await start({ ...mtls, ...issuer.env, CLIENTELE_AUTH: "jwt,mtls" });
    const token = bearer(await sign(key));
    const powerless = bearer(await sign(key, claimsOf({ scope: "" })));
    expect(await askWith(port, undefined, token)).toEqual(OK);
    expect(await askWith(port, "unknown", token)).toEqual(OK);
    expect(await askWith(port, "uri")).toEqual(OK);
    expect(await askWith(port, "uri", powerless)).toMatchObject(DENIED);
    expect(await askWith(port, "uri", bearer("x.y.z"))).toEqual(REFUSED);
    expect(await askWith(port, "foreign")).toEqual(REFUSED);
    expect(await askWith(port, undefined)).toEqual(REFUSED);
  });
});

function handshake(port: number, session?: Buffer, maxVersion?: "TLSv1.2"): Promise<TLSSocket> {
  const ca = readFileSync(fixture("localhost-test-only.crt"));
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "localhost", port, ca, session, maxVersion }, () => resolve(socket));
    socket.on("error", reject);
  });
}

/** A session that another connection may resume; it is sent behind the handshake. */
async function sessionOf(port: number): Promise<Buffer> {
  const socket = await handshake(port);
  const session = await new Promise<Buffer>((resolve) => socket.once("session", resolve));
  socket.destroy();
  return session;
}
