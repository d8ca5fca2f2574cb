import { afterAll, beforeAll, expect, test } from "vitest";
import { GET_GROUP, groupByKeyJson } from "../server/fixture.ts";
import { startTestService } from "../support/service.ts";
import { claimsOf, sign, signingKey, startIssuer } from "./issuer.ts";

// Tokens that only the pages of some origins may use.

const SHOP = "https://shop.example";
const ADMIN = "https://admin.example:8443";
const EVIL = "https://evil.example";

const key = await signingKey("key");
let issuer: Awaited<ReturnType<typeof startIssuer>>;
let service: Awaited<ReturnType<typeof startTestService>>;
beforeAll(async () => {
  issuer = await startIssuer(key);
  service = await startTestService({ ...issuer.env, CLIENTELE_CORS_ORIGINS: `${SHOP},${EVIL}` });
});
afterAll(async () => {
  await service.stop();
  await issuer.close();
});

function post(token: string, origin: string | undefined) {
  return fetch(service.baseUrl + GET_GROUP, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: `Bearer ${token}`,
      ...(origin !== undefined && { origin }),
    },
    body: groupByKeyJson("nobody"),
  });
}

test.each([
  ["any, where the token says nothing", undefined, EVIL, 404],
  ["one that the token names", [SHOP, ADMIN], SHOP, 404],
  ["another that it names, with a port", [SHOP, ADMIN], ADMIN, 404],
  ["none: no browser sends the call", [SHOP], undefined, 404],
  ["one that the token doesn't name", [SHOP], EVIL, 401],
  ["one without its port", [ADMIN], "https://admin.example", 401],
  ["one in another case", [SHOP], "https://SHOP.example", 401],
  ["null, of a sandbox", [SHOP], "null", 401],
  ["any, where the token names none", [], SHOP, 401],
  ["two", [SHOP], `${SHOP}, ${EVIL}`, 401],
])("a call of the origin %s", async (_, origins, origin, status) => {
  const token = await sign(key, claimsOf({ origins }));
  const answers = [await post(token, origin), await post(token, origin)];
  expect(answers.map((answer) => answer.status)).toEqual([status, status]);
  const [answer] = answers;
  if (status !== 401) return;
  expect(answer?.headers.get("www-authenticate")).toBe("Bearer");
  expect(await answer?.json()).toMatchObject({ code: "unauthenticated" });
});

test("a page of a listed origin may send a token, and read why it was refused", async () => {
  const preflight = await fetch(service.baseUrl + GET_GROUP, {
    method: "OPTIONS",
    headers: {
      origin: SHOP,
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization",
    },
  });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get("access-control-allow-headers")?.toLowerCase()).toContain("authorization");
  const refused = await post("x.y.z", SHOP);
  expect(refused.status).toBe(401);
  expect(refused.headers.get("access-control-allow-origin")).toBe(SHOP);
  const foreign = await post(await sign(key), "https://other.example");
  expect(foreign.headers.get("access-control-allow-origin")).toBeNull();
});
