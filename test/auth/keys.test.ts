import { generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { parseKeySet } from "../../src/auth/key-set.ts";
import { createTokenCache } from "../../src/auth/token-cache.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { temporaryFolder } from "../support/process.ts";
import { startServiceOn } from "../support/service.ts";
import { type Ask, asker, bearer, OK, REFUSED } from "./calls.ts";
import { claimsOf, jwtEnv, sign, signingKey, startIssuer } from "./issuer.ts";

// Where keys come from, and what happens while they don't. The clock is the test's.

const first = await signingKey("first");
const second = await signingKey("second", "EdDSA");
const { folder, remove } = temporaryFolder();
let database: TestDatabase;
let issuer: Awaited<ReturnType<typeof startIssuer>>;
let now: Date;
const clock = () => now;
const pass = (seconds: number) => {
  now = new Date(now.getTime() + seconds * 1000);
};

beforeAll(async () => {
  database = await createDatabase();
});
afterAll(async () => {
  await database.drop();
  remove();
});
beforeEach(async () => {
  now = new Date();
  issuer = await startIssuer(first);
  const { close } = issuer;
  onTestFinished(async () => void (await close()));
});

async function start(env = issuer.env) {
  const service = await startServiceOn(database, env, clock);
  onTestFinished(service.stop);
  const ask: Ask = asker(createGrpcTransport({ baseUrl: service.baseUrl }));
  return { ...service, ask };
}

async function ready(baseUrl: string): Promise<number> {
  return (await fetch(`${baseUrl}/readyz`)).status;
}

const UNAVAILABLE = { code: "Unavailable", reasons: ["BACKEND_UNAVAILABLE"], wwwAuthenticate: null };

test("500 tokens of unknown keys fetch keys once more, and then not for 30 seconds", async () => {
  const { ask } = await start();
  expect(await ask(bearer(await sign(first)))).toEqual(OK);
  expect(issuer.fetches()).toBe(1);
  const flood = Array.from({ length: 500 }, (_, index) => sign({ ...second, kid: `unknown-${index}` }));
  // The keys were loaded just now.
  expect(await ask(bearer(await sign(second)))).toEqual(REFUSED);
  expect(issuer.fetches()).toBe(1);
  pass(31);
  const answers = await Promise.all((await Promise.all(flood)).map((token) => ask(bearer(token))));
  for (const answer of answers) expect(answer).toEqual(REFUSED);
  expect(issuer.fetches()).toBe(2);
  expect(await ask(bearer(await sign(first)))).toEqual(OK);
});

test("a key that is new is found by the first token that it signed", async () => {
  const { ask } = await start();
  expect(await ask(bearer(await sign(first)))).toEqual(OK);
  issuer.serve(first, second);
  pass(31);
  expect(await ask(bearer(await sign(second)))).toEqual(OK);
  expect(await ask(bearer(await sign(first)))).toEqual(OK);
  expect(issuer.fetches()).toBe(2);
});

test("a key that is withdrawn takes its tokens with it, those that were seen before too", async () => {
  const { ask } = await start();
  const old = await sign(first);
  expect(await ask(bearer(old))).toEqual(OK);
  issuer.serve(second);
  expect(await ask(bearer(old))).toEqual(OK);
  pass(31);
  expect(await ask(bearer(await sign(second)))).toEqual(OK);
  expect(await ask(bearer(old))).toEqual(REFUSED);
});

test("keys are loaded anew every ten minutes, and a token of one that is gone counts no longer", async () => {
  const { ask } = await start();
  const old = await sign(first);
  expect(await ask(bearer(old))).toEqual(OK);
  issuer.serve(second);
  pass(500);
  expect(await ask(bearer(old))).toEqual(OK);
  expect(issuer.fetches()).toBe(1);
  pass(100);
  // What looks whether it is time does so every five seconds.
  const later = await sign(first, claimsOf({ sub: "later" }, now.getTime()));
  await vi.waitFor(async () => expect(await ask(bearer(later))).toEqual(REFUSED), 20_000);
  expect(issuer.fetches()).toBe(2);
  expect(await ask(bearer(old))).toEqual(REFUSED);
});

describe("while the server of keys", () => {
  test.each([
    ["breaks every connection", undefined, 200],
    ["answers 500", "{}", 500],
    ["answers no JSON", "<html>", 200],
    ["has no keys", '{"keys":[]}', 200],
    ["says more than 64 KiB", JSON.stringify({ keys: [first.public], pad: "x".repeat(70_000) }), 200],
    ["has 101 keys", JSON.stringify({ keys: Array(101).fill(second.public) }), 200],
    ["gives a private key away", JSON.stringify({ keys: [second.private] }), 200],
    ["redirects", "", 302],
  ])("%s, known keys and tokens go on", async (_, body, status) => {
    const { ask, logged, baseUrl } = await start();
    const seen = await sign(first);
    expect(await ask(bearer(seen))).toEqual(OK);
    issuer.say(body, status);
    pass(31);
    expect(await ask(bearer(await sign(second)))).toEqual(REFUSED);
    expect(issuer.fetches()).toBeGreaterThan(1);
    expect(await ask(bearer(seen))).toEqual(OK);
    expect(await ask(bearer(await sign(first, claimsOf({ sub: "another" }))))).toEqual(OK);
    expect(await ready(baseUrl)).toBe(200);
    const warned = logged.filter(({ level }) => level === "warn");
    expect(warned.map(({ message }) => message)).toEqual([
      "the keys of tokens can't be loaded; those known go on",
    ]);
  });

  test("is down at the start, the service says so, isn't ready, and is as soon as it can be", async () => {
    issuer.say(undefined);
    const { ask, baseUrl } = await start();
    expect(await ask(bearer(await sign(first)))).toMatchObject(UNAVAILABLE);
    expect(await ask()).toEqual(REFUSED);
    expect(await ready(baseUrl)).toBe(503);
    issuer.serve(first);
    pass(31);
    expect(await ask(bearer(await sign(first)))).toEqual(OK);
    expect(await ready(baseUrl)).toBe(200);
  });
});

test("keys in a file are read again for a key that isn't known", async () => {
  const file = path.join(folder, "keys.json");
  writeFileSync(file, JSON.stringify({ keys: [first.public] }));
  const { ask } = await start(jwtEnv(file));
  expect(await ask(bearer(await sign(first)))).toEqual(OK);
  writeFileSync(file, JSON.stringify({ keys: [second.public] }));
  pass(31);
  expect(await ask(bearer(await sign(second)))).toEqual(OK);
});

describe("a token that was seen before", () => {
  test("ends when it expires", async () => {
    const { ask } = await start();
    const token = await sign(first, claimsOf({}, now.getTime()));
    expect(await ask(bearer(token))).toEqual(OK);
    pass(600);
    expect(await ask(bearer(token))).toEqual(OK);
    pass(6);
    expect(await ask(bearer(token))).toEqual(REFUSED);
  });

  test("is one of 10,000 at most that are remembered", () => {
    const cache = createTokenCache<{ expiresAt: number; isCurrent(): boolean }>(clock);
    const value = { expiresAt: Number.POSITIVE_INFINITY, isCurrent: () => true };
    for (let index = 0; index <= 10_000; index += 1) cache.set(`token-${index}`, value);
    expect(cache.get("token-0")).toBeUndefined();
    expect(cache.get("token-1")).toBe(value);
    expect(cache.get("token-10000")).toBe(value);
  });
});

describe("signatures", () => {
  test.each(["ES256", "ES384", "ES512", "EdDSA", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512"])(
    "by %s count",
    async (alg) => {
      const key = await signingKey(`key-${alg}`, alg);
      issuer.serve(key);
      const { ask } = await start();
      expect(await ask(bearer(await sign(key)))).toEqual(OK);
    },
  );

  test("by an RSA key of 1024 bits don't", async () => {
    const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 1024 });
    const rsa = await signingKey("weak", "RS256");
    issuer.serve({ ...rsa, public: { ...publicKey.export({ format: "jwk" }), kid: "weak", alg: "RS256" } });
    const { ask } = await start();
    expect(await ask(bearer(await sign(rsa)))).toEqual(REFUSED);
  });

  test("without a kid count where there is one key", async () => {
    const { ask } = await start();
    expect(await ask(bearer(await sign(first, claimsOf(), { kid: undefined } as never)))).toEqual(OK);
  });
});

test("only public keys that sign are taken out of a set", () => {
  const symmetric = { kty: "oct", k: "c2VjcmV0", kid: "s" };
  const encrypts = { ...second.public, use: "enc" };
  const { keys } = parseKeySet(JSON.stringify({ keys: [symmetric, encrypts, first.public] }));
  expect(keys.map(({ kid }) => kid)).toEqual(["first"]);
  for (const text of [
    "",
    "[]",
    "null",
    '{"keys":{}}',
    '{"keys":[1]}',
    JSON.stringify({ keys: [symmetric] }),
  ]) {
    expect(() => parseKeySet(text)).toThrow(/^it (is no|has no)/);
  }
});
