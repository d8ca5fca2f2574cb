import { chmodSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { openAuthentication } from "../../src/auth/authentication.ts";
import type { AuthConfig } from "../../src/auth-config.ts";
import { readTlsFiles } from "../../src/commands/tls-files.ts";
import { ConfigError, type Env, toConfig } from "../../src/config.ts";
import { exitOf, runMain, temporaryFolder } from "../support/process.ts";
import { signingKey } from "./issuer.ts";

// What starts, what refuses to, and what an operator reads then.

const { folder, remove } = temporaryFolder();
afterAll(remove);

const issuer: Env = {
  CLIENTELE_JWT_ISSUER: "https://identity.example/",
  CLIENTELE_JWT_AUDIENCE: "clientele",
};
const keys: Env = { CLIENTELE_JWT_KEYS: "https://identity.example/keys" };
const jwt: Env = { CLIENTELE_AUTH: "jwt", ...issuer, ...keys };
const development: Env = { CLIENTELE_JWT_DEVELOPMENT_KEYS: "on" };
const tls: Env = {
  CLIENTELE_TLS_CERT_FILE: fixture("localhost-test-only.crt"),
  CLIENTELE_TLS_KEY_FILE: fixture("localhost-test-only.key"),
};
const clients: Env = {
  CLIENTELE_TLS_CLIENT_CA_FILE: fixture("clients-test-only/ca.crt"),
  CLIENTELE_MTLS_CLIENTS_FILE: "/clients.json",
};
const mtls: Env = { CLIENTELE_AUTH: "mtls", ...tls, ...clients };
const everywhere: Env = { CLIENTELE_HOST: "0.0.0.0" };

function fixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
}

function file(name: string, text: string): string {
  const whole = path.join(folder, name);
  writeFileSync(whole, text);
  return whole;
}

const IS_OPEN: AuthConfig = { open: true, jwt: undefined, mtls: undefined };
const JWT = {
  issuer: {
    keys: "https://identity.example/keys",
    issuer: "https://identity.example/",
    audience: "clientele",
  },
  developmentKeyFile: undefined,
  maxLifetimeMs: 86_400_000,
};
const MTLS = { caFile: clients.CLIENTELE_TLS_CLIENT_CA_FILE ?? "", clientsFile: "/clients.json" };
const KEY_FILE = path.resolve("/data/development-key.json");

describe("starts with", () => {
  test.each<readonly [string, Env, AuthConfig]>([
    ["nothing, on loopback", {}, IS_OPEN],
    ["open, on loopback", { CLIENTELE_AUTH: "open" }, IS_OPEN],
    ["open, everywhere", { ...everywhere, CLIENTELE_AUTH: "open" }, IS_OPEN],
    ["open, twice", { CLIENTELE_AUTH: "open, open" }, IS_OPEN],
    ["tokens", jwt, { open: false, jwt: JWT, mtls: undefined }],
    ["tokens, everywhere", { ...jwt, ...everywhere }, { open: false, jwt: JWT, mtls: undefined }],
    [
      "tokens, and keys from this machine",
      { ...jwt, CLIENTELE_JWT_KEYS: "http://[::1]:9000/keys" },
      {
        open: false,
        jwt: { ...JWT, issuer: { ...JWT.issuer, keys: "http://[::1]:9000/keys" } },
        mtls: undefined,
      },
    ],
    [
      "tokens, and keys in a file",
      { ...jwt, CLIENTELE_JWT_KEYS: "/etc/keys.json" },
      { open: false, jwt: { ...JWT, issuer: { ...JWT.issuer, keys: "/etc/keys.json" } }, mtls: undefined },
    ],
    [
      "tokens, and keys on a drive",
      { ...jwt, CLIENTELE_JWT_KEYS: "C:\\keys.json" },
      { open: false, jwt: { ...JWT, issuer: { ...JWT.issuer, keys: "C:\\keys.json" } }, mtls: undefined },
    ],
    [
      "tokens that live for an hour at most",
      { ...jwt, CLIENTELE_JWT_MAX_LIFETIME_MINUTES: "60" },
      { open: false, jwt: { ...JWT, maxLifetimeMs: 3_600_000 }, mtls: undefined },
    ],
    [
      "tokens made on this machine alone",
      { CLIENTELE_AUTH: "jwt", CLIENTELE_DATA_DIR: "/data", ...development },
      { open: false, jwt: { ...JWT, issuer: undefined, developmentKeyFile: KEY_FILE }, mtls: undefined },
    ],
    [
      "tokens made on this machine too",
      { ...jwt, CLIENTELE_DATA_DIR: "/data", ...development },
      { open: false, jwt: { ...JWT, developmentKeyFile: KEY_FILE }, mtls: undefined },
    ],
    ["certificates", mtls, { open: false, jwt: undefined, mtls: MTLS }],
    ["both", { ...mtls, ...jwt, CLIENTELE_AUTH: "jwt , mtls" }, { open: false, jwt: JWT, mtls: MTLS }],
  ])("%s", (_, env, auth) => {
    expect(toConfig(env).auth).toEqual(auth);
  });
});

const ALL_OR_NONE =
  "CLIENTELE_JWT_KEYS, CLIENTELE_JWT_ISSUER and CLIENTELE_JWT_AUDIENCE are set all or none: a token of another issuer, or for another service, must not count";
const SAFE_KEYS =
  "CLIENTELE_JWT_KEYS must be a file, or an https URL without a password in it; http only for this machine";
const NO_KEYS =
  "CLIENTELE_AUTH has jwt, and there are no keys: set CLIENTELE_JWT_KEYS, CLIENTELE_JWT_ISSUER and CLIENTELE_JWT_AUDIENCE, or CLIENTELE_JWT_DEVELOPMENT_KEYS=on";
const NEEDS_TLS =
  "CLIENTELE_AUTH has mtls, which needs TLS: set CLIENTELE_TLS_CERT_FILE and CLIENTELE_TLS_KEY_FILE";
const NEEDS_CLIENTS =
  "CLIENTELE_AUTH has mtls: set CLIENTELE_TLS_CLIENT_CA_FILE, and CLIENTELE_MTLS_CLIENTS_FILE";
const OPEN_ALONE =
  "CLIENTELE_AUTH has open and another way; open lets everyone do everything, so nobody would need the other: name one of them";
const reachable =
  "CLIENTELE_HOST is 0.0.0.0, which others can reach, and nobody is asked who he is: set CLIENTELE_AUTH to jwt or mtls, or to open if everyone who reaches it may do everything, or bind 127.0.0.1";
const choose = (way: string) =>
  `CLIENTELE_AUTH has "${way}"; it can be open, or jwt, mtls, or both with a comma between`;
const unused = (name: string, way: string) =>
  `${name} is set, but CLIENTELE_AUTH has no ${way}: add it, or unset ${name}`;

describe("refuses to start with", () => {
  test.each<readonly [string, Env, string]>([
    ["nothing, everywhere", everywhere, reachable],
    ["an empty list, everywhere", { ...everywhere, CLIENTELE_AUTH: "" }, reachable],
    ["commas alone", { CLIENTELE_AUTH: "," }, choose(",")],
    ["a way that there isn't", { CLIENTELE_AUTH: "jwt,basic" }, choose("basic")],
    ["a way in capitals", { CLIENTELE_AUTH: "JWT" }, choose("JWT")],
    ["open and tokens", { ...jwt, CLIENTELE_AUTH: "open,jwt" }, OPEN_ALONE],
    ["open and certificates", { ...mtls, CLIENTELE_AUTH: "mtls,open" }, OPEN_ALONE],
    ["tokens, and nothing to check them by", { CLIENTELE_AUTH: "jwt" }, NO_KEYS],
    ["tokens of any issuer", { ...jwt, CLIENTELE_JWT_ISSUER: "" }, ALL_OR_NONE],
    ["tokens for any service", { ...jwt, CLIENTELE_JWT_AUDIENCE: "" }, ALL_OR_NONE],
    ["an issuer without keys", { ...jwt, CLIENTELE_JWT_KEYS: "", ...development }, ALL_OR_NONE],
    ...[
      "http://identity.example/keys",
      "http://127.0.0.1.evil.example/keys",
      "https://user:secret@identity.example/keys",
      "https://user@identity.example/keys",
      "ftp://identity.example/keys",
      "file:///etc/keys.json",
      "https://",
      "https://identity.example:port/keys",
    ].map((url) => [`keys from ${url}`, { ...jwt, CLIENTELE_JWT_KEYS: url }, SAFE_KEYS] as const),
    ...Object.entries({ ...keys, ...issuer, ...development, CLIENTELE_JWT_MAX_LIFETIME_MINUTES: "60" }).map(
      ([name, value]) => [`${name}, and no tokens`, { [name]: value }, unused(name, "jwt")] as const,
    ),
    ...Object.entries(clients).map(
      ([name, value]) =>
        [`${name}, and no certificates`, { ...jwt, [name]: value }, unused(name, "mtls")] as const,
    ),
    ["certificates without TLS", { ...clients, CLIENTELE_AUTH: "mtls" }, NEEDS_TLS],
    ["certificates of any authority", { ...mtls, CLIENTELE_TLS_CLIENT_CA_FILE: "" }, NEEDS_CLIENTS],
    ["certificates of nobody", { ...mtls, CLIENTELE_MTLS_CLIENTS_FILE: "" }, NEEDS_CLIENTS],
    [
      "a development key that may be",
      { ...jwt, CLIENTELE_JWT_DEVELOPMENT_KEYS: "yes" },
      'CLIENTELE_JWT_DEVELOPMENT_KEYS is "yes"; it can be on, off',
    ],
    ...["0", "43201", "1.5", "day"].map(
      (text) =>
        [
          `tokens that live for ${text}`,
          { ...jwt, CLIENTELE_JWT_MAX_LIFETIME_MINUTES: text },
          `CLIENTELE_JWT_MAX_LIFETIME_MINUTES is "${text}"; it must be a whole number from 1 to 43200`,
        ] as const,
    ),
  ])("%s", (_, env, sentence) => {
    expect(() => toConfig(env)).toThrow(new ConfigError(sentence));
  });
});

const known = await signingKey("known");
const one = { certificate: "CN:a", clientId: "a", scopes: ["view_customers:demo"] };
const clientsText = (...list: readonly unknown[]) => JSON.stringify({ clients: list });

describe("refuses a file that", () => {
  test.each<readonly [string, Env, RegExp]>([
    [
      "has no keys",
      { ...jwt, CLIENTELE_JWT_KEYS: file("none.json", '{"keys":[]}') },
      /^CLIENTELE_JWT_KEYS is ".+none\.json": it has no key that signs tokens$/,
    ],
    [
      "has a private key",
      { ...jwt, CLIENTELE_JWT_KEYS: file("private.json", JSON.stringify({ keys: [known.private] })) },
      /^CLIENTELE_JWT_KEYS is ".+": it has a private key; it must have public ones only$/,
    ],
    [
      "is no key set",
      { ...jwt, CLIENTELE_JWT_KEYS: fixture("localhost-test-only.crt") },
      /^CLIENTELE_JWT_KEYS is ".+": it is no JSON Web Key Set$/,
    ],
    [
      "isn't there",
      { ...jwt, CLIENTELE_JWT_KEYS: "/none.json" },
      /^CLIENTELE_JWT_KEYS is "\/none\.json": it can't be read \(ENOENT\)$/,
    ],
    [
      "should be an authority",
      { ...mtls, CLIENTELE_TLS_CLIENT_CA_FILE: file("ca.crt", "garbage") },
      /^CLIENTELE_TLS_CLIENT_CA_FILE is no PEM certificate \(\w+\)$/,
    ],
    [
      "should be an authority, and isn't there",
      { ...mtls, CLIENTELE_TLS_CLIENT_CA_FILE: "/none.crt" },
      /^CLIENTELE_TLS_CLIENT_CA_FILE is "\/none\.crt", which can't be read \(ENOENT\)$/,
    ],
    ...(
      [
        ["is no JSON", "clients", "it is no JSON"],
        ["is a list", "[]", "it must be an object with clients"],
        ["has no clients", "{}", "it must have a list of clients"],
        ["has more", '{"clients":[],"x":1}', "it has x; it can have clients"],
        [
          "has a text for a client",
          clientsText("a"),
          "clients[0] must be an object with certificate, clientId, scopes",
        ],
        [
          "has a client with more",
          clientsText({ ...one, key: 1 }),
          "clients[0] has key; it can have certificate, clientId, scopes",
        ],
        [
          "has a name of no kind",
          clientsText(one, { ...one, certificate: "a" }),
          "clients[1].certificate must be URI:..., DNS:... or CN:...",
        ],
        [
          "has an id that can't be kept",
          clientsText({ ...one, clientId: "a b" }),
          "clients[0].clientId must be 1 to 128 visible ASCII characters",
        ],
        ["has no scopes", clientsText({ ...one, scopes: undefined }), "clients[0].scopes must be a list"],
        [
          "has a scope that there isn't",
          clientsText({ ...one, scopes: ["view:demo"] }),
          'clients[0].scopes has "view:demo"; a scope is like view_customers:demo',
        ],
        [
          "has a scope of no project",
          clientsText({ ...one, scopes: ["view_types"] }),
          'clients[0].scopes has "view_types"; a scope is like view_customers:demo',
        ],
        [
          "has a name twice",
          clientsText({ ...one, certificate: "DNS:a" }, { ...one, certificate: "DNS:A" }),
          "clients[1].certificate is there twice",
        ],
      ] as const
    ).map(
      ([name, text, says], index) =>
        [
          `should name clients, and ${name}`,
          { ...mtls, CLIENTELE_MTLS_CLIENTS_FILE: file(`clients-${index}.json`, text) },
          new RegExp(`^CLIENTELE_MTLS_CLIENTS_FILE is ".+clients-${index}\\.json": ${escaped(says)}$`),
        ] as const,
    ),
  ])("%s", async (_, env, sentence) => {
    expect(await complaintOf(env)).toMatch(sentence);
  });

  test("has the development key, and others may read it", async () => {
    const env = { CLIENTELE_AUTH: "jwt", CLIENTELE_DATA_DIR: path.join(folder, "readable"), ...development };
    const opened = await openAuthentication(toConfig(env), () => new Date(), silent);
    opened.close();
    const { developmentKeyFile } = toConfig(env);
    chmodSync(developmentKeyFile, 0o644);
    expect(await complaintOf(env)).toBe(
      `The development key is to be in "${developmentKeyFile}": others may read it; take their rights away: chmod 600`,
    );
    writeFileSync(developmentKeyFile, '{"kty":"EC","d":"secret');
    chmodSync(developmentKeyFile, 0o600);
    expect(await complaintOf(env)).toBe(
      `The development key is to be in "${developmentKeyFile}": it is no private key; delete it, and a new one is made`,
    );
  });
});

test.each<readonly [Env, string]>([
  [{ CLIENTELE_AUTH: "open,jwt" }, `clientele: ${OPEN_ALONE}`],
  [
    { ...jwt, CLIENTELE_JWT_KEYS: "/none.json" },
    `clientele: CLIENTELE_JWT_KEYS is "/none.json": it can't be read (ENOENT)`,
  ],
])("the command ends with 1 and the sentence: %j", async (env, sentence) => {
  const child = runMain(["serve"], {
    CLIENTELE_PORT: "0",
    CLIENTELE_DATA_DIR: path.join(folder, "unused"),
    ...env,
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  expect(await exitOf(child)).toBe(1);
  expect(child.output().trim()).toBe(sentence);
});

const silent = { info: () => {}, warn: () => {}, error: () => {} };

/** What stops the start with these settings. */
async function complaintOf(env: Env): Promise<string> {
  const config = toConfig(env);
  const start = async () => {
    readTlsFiles(config);
    const { close } = await openAuthentication(config, () => new Date(), silent);
    close();
  };
  const error: unknown = await start().catch((reason: unknown) => reason);
  if (!(error instanceof ConfigError)) throw error ?? new Error("the start succeeds");
  return error.message;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
