import { expect, it } from "vitest";
import { parseAuthority } from "../../src/server/authority.ts";
import { GET_GROUP, grpcHeaders, http2Exchange, postGroup, rawExchange, startServer } from "./fixture.ts";

const MALFORMED = malformedAuthorities();

it("knows 200 authorities that are none", () => {
  expect(MALFORMED).toHaveLength(200);
  expect(MALFORMED.filter((value) => parseAuthority(value) !== undefined)).toEqual([]);
});

it("answers every malformed Host with 4xx over HTTP/1.1, and lives on", async () => {
  const { port, origin } = await startServer({ authorities: "any" });
  const statuses = await Promise.all(
    MALFORMED.map(async (value) => {
      const answer = await rawExchange(port, http1Request(`Host: ${value}\r\n`));
      return /^HTTP\/1\.1 4\d\d /.test(answer) ? undefined : [value, answer.slice(0, 40)];
    }),
  );
  expect(statuses.filter((wrong) => wrong !== undefined)).toEqual([]);
  expect((await postGroup(origin)).status).toBe(200);
});

it("answers every malformed :authority with 4xx or a reset over HTTP/2, and lives on", async () => {
  const { origin } = await startServer({ authorities: "any" });
  const wrong: unknown[] = [];
  for (const value of MALFORMED) {
    const answer = await http2Exchange(origin, grpcHeaders(GET_GROUP, { ":authority": value }));
    const is4xx = answer.status !== undefined && answer.status >= 400 && answer.status < 500;
    if (!is4xx && answer.status !== undefined) wrong.push([value, answer.status]);
  }
  expect(wrong).toEqual([]);
  expect((await postGroup(origin)).status).toBe(200);
});

it.each([
  ["no Host on HTTP/1.1", "HTTP/1.1", ""],
  ["no Host on HTTP/1.0", "HTTP/1.0", ""],
  ["two Hosts", "HTTP/1.1", "Host: localhost\r\nHost: localhost\r\n"],
  ["two different Hosts", "HTTP/1.1", "Host: localhost\r\nHost: evil.example\r\n"],
])("refuses a request with %s", async (_, version, headers) => {
  const { port } = await startServer({ authorities: "any" });
  const answer = await rawExchange(port, http1Request(headers, version));
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
});

it("refuses an HTTP/2 request without an authority, and one whose Host contradicts it", async () => {
  const { origin } = await startServer({ authorities: "any" });
  const missing = await http2Exchange(origin, grpcHeaders(GET_GROUP, { ":authority": "" }));
  expect(missing.status).toBeOneOf([400, undefined]);
  const contradicting = await http2Exchange(
    origin,
    grpcHeaders(GET_GROUP, { ":authority": "localhost", host: "evil.example" }),
  );
  expect(contradicting.status).toBe(400);
});

it.each([
  ["evil.example", 421],
  ["localhost.evil.example", 421],
  ["127.0.0.1.evil.example:8080", 421],
  ["127.0.0.2", 421],
  ["localhost:1234", 200],
  ["LocalHost", 200],
  ["app.localhost", 200],
  ["[::1]:8080", 200],
])("answers a call to %s with %i where only localhost is answered", async (host, status) => {
  const { origin } = await startServer();
  const answer = await http2Exchange(
    origin,
    { ":method": "POST", ":path": GET_GROUP, ":authority": host, "content-type": "application/json" },
    "{}",
  );
  expect(answer.status).toBe(status);
  if (status === 421) expect(answer.body).toMatch(/^This server does not answer for .+\n$/);
});

it("answers the listed names only, and probes under any name", async () => {
  const { origin } = await startServer({ authorities: ["api.example", "other.example:8443"] });
  const status = async (authority: string, path = "/") =>
    (await http2Exchange(origin, { ":method": "GET", ":path": path, ":authority": authority })).status;
  expect(await status("api.example:443")).toBe(200);
  expect(await status("other.example:8443")).toBe(200);
  expect(await status("other.example")).toBe(421);
  expect(await status("localhost")).toBe(421);
  expect(await status("10.0.0.7:8080", "/readyz")).toBe(200);
});

it.each([
  ["GET http://evil.example/ HTTP/1.1", 400],
  ["GET //evil.example/ HTTP/1.1", 400],
  ["OPTIONS * HTTP/1.1", 400],
  ["DELETE / HTTP/1.1", 405],
  ["PROPFIND / HTTP/1.1", 405],
])("answers %s with %i", async (line, status) => {
  const { port } = await startServer();
  const answer = await rawExchange(port, `${line}\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
});

function http1Request(headers: string, version = "HTTP/1.1"): string {
  return `POST ${GET_GROUP} ${version}\r\n${headers}Content-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}`;
}

function malformedAuthorities(): string[] {
  const listed = [
    "",
    "[",
    "]",
    "[]",
    "[:",
    "a b",
    "a:",
    "a:99999999",
    "a:0",
    "a:65536",
    "a:-1",
    "a:+1",
    "a:1e3",
  ];
  const odd = [
    "a:b",
    "a:1:2",
    ":80",
    ":",
    "::1",
    "[::1",
    "::1]",
    "[:::]",
    "[::1]x",
    "[::1]:",
    "[::1]:x",
    "[g::1]",
  ];
  const numbers = [
    "1.2.3.4.5",
    "256.256.256.256",
    "300.1.1.1",
    "1.2.3.256",
    "0x1ffffffff",
    "a.1",
    "1.2.3.4.",
    "a.0x1",
  ];
  const names = [".", "..", "a..b", ".a", "a.", "-a", "a-", "a..", "xn--", "..a", "a".repeat(64)];
  const long = [
    `${"a.".repeat(130)}a`,
    `${"a".repeat(63)}.`.repeat(5),
    "[1:2:3:4:5:6:7:8:9]",
    "[fe80::1%25eth0]",
  ];
  const users = [
    "a@b",
    "@a",
    "a@",
    "u:p@a",
    "a/b",
    "/a",
    "a?b",
    "?",
    "a#b",
    "#",
    "a\\b",
    "http://a",
    "//a",
    "a,b",
  ];
  const symbols = [..."!\"$%&'()*+;<=>^`{|}~"].flatMap((c) => [c, `a${c}`, `${c}a`, `a${c}b`, `a.b${c}:80`]);
  const all = [...listed, ...odd, ...numbers, ...names, ...long, ...users, ...symbols];
  for (let i = 0; all.length < 200; i += 1) all.push(`a:${70_000 + i}`);
  return all.slice(0, 200);
}
