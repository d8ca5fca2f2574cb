import { createGrpcTransport } from "@connectrpc/connect-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rawExchange } from "../server/fixture.ts";
import { startServiceOn, startTestService } from "../support/service.ts";
import { badTokens } from "./bad-tokens.ts";
import { type Ask, asker, askers, bearer, OK, REFUSED } from "./calls.ts";
import { http2Call } from "./http2-frames.ts";
import { sign, signingKey, startIssuer } from "./issuer.ts";

// Whatever is wrong with a token, its caller hears the same over every protocol.

const known = await signingKey("known");
const rsa = await signingKey("rsa", "RS256");
const foreign = await signingKey("foreign");
const bad = await badTokens(known, rsa, foreign);
const good = await sign(known);

let issuer: Awaited<ReturnType<typeof startIssuer>>;
let service: Awaited<ReturnType<typeof startTestService>>;
let withoutLane: Awaited<ReturnType<typeof startServiceOn>>;
let asks: ReadonlyMap<string, Ask>;

beforeAll(async () => {
  issuer = await startIssuer(known, rsa);
  service = await startTestService(issuer.env);
  withoutLane = await startServiceOn(service.address, { ...issuer.env, CLIENTELE_UNARY_LANE: "off" });
  const slow = asker(createGrpcTransport({ baseUrl: withoutLane.baseUrl }));
  asks = new Map([...askers(service.baseUrl), ["gRPC without the lane", slow]]);
});
afterAll(async () => {
  await withoutLane.stop();
  await service.stop();
  await issuer.close();
});

test("a token that counts is taken over every protocol", async () => {
  for (const [name, ask] of asks) expect([name, await ask(bearer(good))]).toEqual([name, OK]);
});

describe("refuses", () => {
  test.each(bad)("%s", async (_, authorization) => {
    for (const [name, ask] of asks) {
      const answer = await ask(authorization === undefined ? {} : { authorization });
      expect([name, answer]).toEqual([name, REFUSED]);
    }
  });

  test("two authorization headers, over HTTP/1.1", async () => {
    const path = "/clientele.v1.CustomerGroupService/GetCustomerGroup";
    const lines = [
      "host: localhost",
      "content-type: application/json",
      "connection: close",
      "content-length: 2",
    ];
    const tokens = [`authorization: Bearer ${good}`, `Authorization: Bearer ${good}`];
    const head = [`POST ${path} HTTP/1.1`, ...lines, ...tokens, "", ""].join("\r\n");
    const answer = await rawExchange(service.port, `${head}{}`);
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    expect(answer).toContain(REFUSED.message);
    expect(service.logged.at(-1)?.fields).toMatchObject({ why: "several authorization headers" });
  });

  test.each([true, false])("two authorization headers, over HTTP/2, on the lane: %s", async (isOnLane) => {
    const { port, logged } = isOnLane ? service : withoutLane;
    const call = http2Call(
      [
        [":method", "POST"],
        [":path", "/clientele.v1.CustomerGroupService/GetCustomerGroup"],
        [":authority", `localhost:${port}`],
        [":scheme", "http"],
        ["content-type", "application/grpc"],
        ["te", "trailers"],
        ["authorization", `Bearer ${good}`],
        ["authorization", `Bearer ${good}`],
      ],
      Buffer.of(),
    );
    const before = logged.length;
    void rawExchange(port, call);
    await expect.poll(() => logged.length).toBe(before + 1);
    expect(logged.at(-1)?.fields).toMatchObject({ why: "several authorization headers" });
  });
});

test("a token of 64 KiB comes no further than the bounds of headers", async () => {
  const before = service.logged.length;
  for (const [name, ask] of asks) {
    const answer = await ask(bearer("x".repeat(65_536))).catch(() => ({ code: "cut off" }));
    expect([name, answer.code]).not.toEqual([name, "OK"]);
  }
  expect(service.logged.length).toBe(before);
  for (const [name, ask] of asks) expect([name, await ask(bearer(good))]).toEqual([name, OK]);
});

test("the log says why, and nothing of the token", async () => {
  const text = JSON.stringify(service.logged);
  for (const why of [
    "ERR_JWT_EXPIRED exp",
    "ERR_JWS_SIGNATURE_VERIFICATION_FAILED",
    "another issuer",
    "it has jku",
  ]) {
    expect(text).toContain(`"why":"${why}"`);
  }
  expect(text).not.toMatch(/eyJ|evil|billing/);
  expect(service.logged.filter(({ level }) => level !== "info")).toEqual([]);
});

test("health and reflection are open, and so are probes", async () => {
  expect((await fetch(`${service.baseUrl}/readyz`)).status).toBe(200);
  const health = await fetch(`${service.baseUrl}/grpc.health.v1.Health/Check`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  });
  expect(await health.json()).toEqual({ status: "SERVING" });
});

test("2,000 mutations of a good token are refused, and it still counts", async () => {
  const [ask, web] = [...asks.values()];
  if (!ask || !web) throw new Error("unreachable: there are several ways");
  const random = generator(20_261_124);
  for (let batch = 0; batch < 20; batch += 1) {
    const tokens = Array.from({ length: 100 }, () => mutated(good, random));
    const answers = await Promise.all(
      tokens.map((token, index) => (index % 4 === 0 ? web : ask)(bearer(token))),
    );
    for (const [index, answer] of answers.entries())
      expect([tokens[index], answer]).toEqual([tokens[index], REFUSED]);
    expect(await ask(bearer(good))).toEqual(OK);
  }
});

type Random = (below: number) => number;

/** Numbers that look random, and are the same each time: a linear congruential generator. */
function generator(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";

/** Another token: with a letter changed, less or more, cut off, its parts swapped or its bytes flipped. */
function mutated(token: string, random: Random): string {
  const at = random(token.length);
  const letter = LETTERS.charAt(random(LETTERS.length));
  const parts = token.split(".");
  const result = [
    () => token.slice(0, at) + letter + token.slice(at + 1),
    () => token.slice(0, at) + token.slice(at + 1 + random(3)),
    () => token.slice(0, at) + letter + token.slice(at),
    () => token.slice(0, at),
    () => token.slice(at),
    () => parts.toSorted(() => random(3) - 1).join("."),
    () => parts.with(random(3), parts[random(3)] ?? "").join("."),
    () => parts.with(random(3), flipped(parts[random(3)] ?? "", random)).join("."),
  ][random(8)]?.();
  return result === undefined || result === token ? mutated(token, random) : result;
}

function flipped(part: string, random: Random): string {
  const bytes = Buffer.from(part, "base64url");
  const at = random(bytes.length);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
  return bytes.toString("base64url");
}
