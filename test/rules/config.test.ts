import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { type Config, ConfigError, type Env, toConfig } from "../../src/config.ts";
import { parseDatabaseUrl } from "../../src/db/address.ts";
import { settings } from "../../src/settings.ts";

const DEFAULT_DATA_DIR = fileURLToPath(new URL("../../.clientele", import.meta.url));

test("with no settings it is open on loopback, on an embedded database", () => {
  expect(toConfig({})).toEqual({
    host: "127.0.0.1",
    port: 8080,
    workers: 1,
    auth: { open: true, jwt: undefined, mtls: undefined },
    developmentKeyFile: path.join(DEFAULT_DATA_DIR, "development-key.json"),
    projects: [{ key: "demo", mode: "test" }],
    database: { kind: "embedded", dataDir: DEFAULT_DATA_DIR },
    queryConnections: 3,
    writeConnections: 3,
    callLimits: { concurrentCalls: 200, callsPerSecond: 0 },
    tls: undefined,
    allowedHosts: "localhost",
    corsOrigins: [],
    reflection: true,
    unaryLane: true,
    logLevel: "info",
    logFormat: "auto",
    logRequests: "failed",
    drainMs: 10_000,
    connectionAgeMs: 1_800_000,
  } satisfies Config);
});

describe("starts with", () => {
  const open = { CLIENTELE_AUTH: "open" };
  test.each<readonly [Env, Partial<Config>]>([
    [{ CLIENTELE_HOST: "localhost" }, { host: "localhost", allowedHosts: "localhost" }],
    [{ CLIENTELE_HOST: "::1" }, { allowedHosts: "localhost" }],
    [{ CLIENTELE_HOST: "127.1.2.3" }, { allowedHosts: "localhost" }],
    [
      { CLIENTELE_HOST: "0.0.0.0", ...open },
      { host: "0.0.0.0", auth: { open: true, jwt: undefined, mtls: undefined }, allowedHosts: "any" },
    ],
    [{ CLIENTELE_HOST: "::", ...open }, { allowedHosts: "any" }],
    [
      { CLIENTELE_HOST: "0.0.0.0", ...open, CLIENTELE_ALLOWED_HOSTS: " a.example , b.example," },
      { allowedHosts: ["a.example", "b.example"] },
    ],
    [
      { CLIENTELE_ALLOWED_HOSTS: "A.example:8443,localhost,10.0.0.1,[2001:db8::1],[::1]:8080" },
      { allowedHosts: ["A.example:8443", "localhost", "10.0.0.1", "[2001:db8::1]", "[::1]:8080"] },
    ],
    [{ CLIENTELE_PORT: "0" }, { port: 0 }],
    [
      { CLIENTELE_PROJECT_CONCURRENT_CALLS: "0", CLIENTELE_PROJECT_CALLS_PER_SECOND: "100000" },
      { callLimits: { concurrentCalls: 0, callsPerSecond: 100_000 } },
    ],
    [{ CLIENTELE_PORT: "65535" }, { port: 65_535 }],
    [{ CLIENTELE_WORKERS: "64" }, { workers: 64 }],
    [{ CLIENTELE_PORT: "" }, { port: 8080 }],
    [
      { CLIENTELE_PROJECTS: "a1, b-2:live ,c3:test" },
      {
        projects: [
          { key: "a1", mode: "test" },
          { key: "b-2", mode: "live" },
          { key: "c3", mode: "test" },
        ],
      },
    ],
    [{ CLIENTELE_PROJECTS: "," }, { projects: [] }],
    [
      { DATABASE_URL: "postgres://u@h/d" },
      { database: { kind: "foreign", address: parseDatabaseUrl("postgres://u@h/d") } },
    ],
    [
      { DATABASE_URL: "postgresql:///d?host=/run" },
      { database: { kind: "foreign", address: parseDatabaseUrl("postgresql:///d?host=/run") } },
    ],
    [{ CLIENTELE_DATA_DIR: "/data" }, { database: { kind: "embedded", dataDir: path.resolve("/data") } }],
    [{ CLIENTELE_DATA_DIR: "data" }, { database: { kind: "embedded", dataDir: path.resolve("data") } }],
    [
      { CLIENTELE_TLS_CERT_FILE: "c.pem", CLIENTELE_TLS_KEY_FILE: "k.pem" },
      { tls: { certFile: "c.pem", keyFile: "k.pem" } },
    ],
    [
      { CLIENTELE_CORS_ORIGINS: "https://a.example,http://localhost:3000" },
      { corsOrigins: ["https://a.example", "http://localhost:3000"] },
    ],
    [{ CLIENTELE_REFLECTION: "off" }, { reflection: false }],
    [{ CLIENTELE_UNARY_LANE: "off" }, { unaryLane: false }],
    [
      { CLIENTELE_LOG_LEVEL: "silent", CLIENTELE_LOG_FORMAT: "json", CLIENTELE_LOG_REQUESTS: "none" },
      { logLevel: "silent", logFormat: "json", logRequests: "none" },
    ],
    [
      { CLIENTELE_DRAIN_SECONDS: "0", CLIENTELE_CONNECTION_AGE_MINUTES: "1" },
      { drainMs: 0, connectionAgeMs: 60_000 },
    ],
    [
      { CLIENTELE_QUERY_CONNECTIONS: "64", CLIENTELE_WRITE_CONNECTIONS: "1" },
      { queryConnections: 64, writeConnections: 1 },
    ],
    [{ PATH: "/bin", PGPASSWORD: "x", clientele_port: "1" }, { port: 8080 }],
  ])("%j", (env, expected) => {
    expect(toConfig(env)).toMatchObject(expected);
  });
});

describe("refuses to start with", () => {
  const whole = (name: string, text: string, least: number, most: number) =>
    `${name} is "${text}"; it must be a whole number from ${least} to ${most}`;
  const project = (item: string) =>
    `CLIENTELE_PROJECTS has "${item}"; each is a key of 2 to 63 lower-case letters, digits and "-", and ":live" or ":test"`;
  const allowed = (item: string) =>
    `CLIENTELE_ALLOWED_HOSTS has "${item}"; each is a host name or an address, maybe with a port: shop.example, shop.example:8443, [2001:db8::1]`;
  const origin = (item: string) =>
    `CLIENTELE_CORS_ORIGINS has "${item}"; each is a scheme, a host and maybe a port: https://shop.example`;
  const reachable = (host: string) =>
    `CLIENTELE_HOST is ${host}, which others can reach, and nobody is asked who he is: set CLIENTELE_AUTH to jwt or mtls, or to open if everyone who reaches it may do everything, or bind 127.0.0.1`;
  const url = "DATABASE_URL must be like postgres://user:password@host:5432/database";
  const tls = "CLIENTELE_TLS_CERT_FILE and CLIENTELE_TLS_KEY_FILE are set both or neither";

  test.each<readonly [Env, string]>([
    ...[
      "0.0.0.0",
      "::",
      "192.168.0.1",
      "shop.example",
      "127.example",
      "127.0.0.1.example",
      "::ffff:127.0.0.1",
    ].map((host) => [{ CLIENTELE_HOST: host }, reachable(host)] as const),
    [{ CLIENTELE_HOST: "0.0.0.0", CLIENTELE_AUTH: "" }, reachable("0.0.0.0")],
    [
      { CLIENTELE_AUTH: "none" },
      'CLIENTELE_AUTH has "none"; it can be open, or jwt, mtls, or both with a comma between',
    ],
    [{ CLIENTELE_PROT: "1" }, "CLIENTELE_PROT: no such setting; the README lists those that there are"],
    [
      { CLIENTELE_A: "1", CLIENTELE_B: "" },
      "CLIENTELE_A, CLIENTELE_B: no such setting; the README lists those that there are",
    ],
    ...["-1", "65536", "1.5", "1e3", "0x10", " 80", "eighty", "99999999999"].map(
      (text) => [{ CLIENTELE_PORT: text }, whole("CLIENTELE_PORT", text, 0, 65_535)] as const,
    ),
    ...["0", "65", "two", "-1"].map(
      (text) => [{ CLIENTELE_WORKERS: text }, whole("CLIENTELE_WORKERS", text, 1, 64)] as const,
    ),
    [{ CLIENTELE_QUERY_CONNECTIONS: "0" }, whole("CLIENTELE_QUERY_CONNECTIONS", "0", 1, 64)],
    [{ CLIENTELE_WRITE_CONNECTIONS: "65" }, whole("CLIENTELE_WRITE_CONNECTIONS", "65", 1, 64)],
    [{ CLIENTELE_DRAIN_SECONDS: "601" }, whole("CLIENTELE_DRAIN_SECONDS", "601", 0, 600)],
    [{ CLIENTELE_CONNECTION_AGE_MINUTES: "0" }, whole("CLIENTELE_CONNECTION_AGE_MINUTES", "0", 1, 1440)],
    ...["a", "Demo", "-a", "a_b", "demo:prod", "demo:live:x", ":live", "d".repeat(64)].map(
      (item) => [{ CLIENTELE_PROJECTS: `ok,${item}` }, project(item)] as const,
    ),
    [{ CLIENTELE_PROJECTS: "a1,b2,a1:live" }, 'CLIENTELE_PROJECTS has "a1" twice; name each project once'],
    ...["https://a.example", "a b", "*", "*.example", "a.example/", "a.example:", "a.example:0", "::1"].map(
      (item) => [{ CLIENTELE_ALLOWED_HOSTS: `ok.example,${item}` }, allowed(item)] as const,
    ),
    ...["demo", "mysql://h/d", "//h/d", "postgres://u:p@h:port/d"].map(
      (text) => [{ DATABASE_URL: text }, url] as const,
    ),
    [{ CLIENTELE_TLS_CERT_FILE: "c.pem" }, tls],
    [{ CLIENTELE_TLS_KEY_FILE: "k.pem" }, tls],
    ...[
      "shop.example",
      "https://shop.example/",
      "https://shop.example/a",
      "*",
      "null",
      "https://Shop.example",
    ].map((item) => [{ CLIENTELE_CORS_ORIGINS: item }, origin(item)] as const),
    [{ CLIENTELE_REFLECTION: "yes" }, 'CLIENTELE_REFLECTION is "yes"; it can be on, off'],
    [{ CLIENTELE_UNARY_LANE: "1" }, 'CLIENTELE_UNARY_LANE is "1"; it can be on, off'],
    [{ CLIENTELE_LOG_LEVEL: "debug" }, 'CLIENTELE_LOG_LEVEL is "debug"; it can be error, warn, info, silent'],
    [{ CLIENTELE_LOG_FORMAT: "JSON" }, 'CLIENTELE_LOG_FORMAT is "JSON"; it can be auto, text, json'],
    [{ CLIENTELE_LOG_REQUESTS: "some" }, 'CLIENTELE_LOG_REQUESTS is "some"; it can be all, failed, none'],
  ])("%j", (env, sentence) => {
    expect(() => toConfig(env)).toThrow(new ConfigError(sentence));
  });

  test("a malformed database URL, without repeating its password", () => {
    expect(() => toConfig({ DATABASE_URL: "mysql://u:secret@h/d" })).not.toThrow(/secret/);
  });
});

test("the data folder unless set is the project's, from wherever the service is started", () => {
  const config = JSON.stringify(new URL("../../src/config.ts", import.meta.url).href);
  const script = `const { toConfig } = await import(${config}); console.log(toConfig({}).database.dataDir)`;
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", script], { cwd: tmpdir() });
  expect(`${stdout}`.trim()).toBe(DEFAULT_DATA_DIR);
});

test("the README's table of settings is that of the source", () => {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const [, section = ""] = /\n## Settings\n(.*?)\n## /s.exec(readme) ?? [];
  const rows = section
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) => line.split("|").map((cell) => cell.trim()));
  const expected = settings.map(({ name, default: text, meaning }) => {
    return ["", `\`${name}\``, text === "" ? "" : `\`${text}\``, meaning, ""];
  });
  // Below the head and its rule.
  expect(rows.slice(2)).toEqual(expected);
});
