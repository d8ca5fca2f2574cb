import { expect, it } from "vitest";
import { GET_GROUP, groupByKeyJson, postGroup, startServer } from "./fixture.ts";

const CONSOLE = "https://console.example";

it("answers the preflight of a listed origin", async () => {
  const { origin } = await startServer({ corsOrigins: [CONSOLE] });
  const answer = await preflight(origin, CONSOLE);
  expect(answer.status).toBe(204);
  expect(answer.headers.get("access-control-allow-origin")).toBe(CONSOLE);
  expect(answer.headers.get("access-control-allow-methods")).toBe("POST, GET");
  const allowed = answer.headers.get("access-control-allow-headers")?.toLowerCase().split(", ");
  const needed = [
    "authorization",
    "x-external-user-id",
    "content-type",
    "connect-protocol-version",
    "x-grpc-web",
  ];
  expect(allowed).toEqual(expect.arrayContaining(needed));
  expect(answer.headers.get("vary")).toBe("Origin");
});

it.each([
  ["Connect", "application/json", groupByKeyJson("gold")],
  ["gRPC-Web", "application/grpc-web+proto", new Uint8Array(5)],
])("lets a listed origin read the answer to a %s call", async (_, type, body) => {
  const { origin } = await startServer({ corsOrigins: [CONSOLE] });
  const answer = await postGroup(origin, body, { origin: CONSOLE, "content-type": type });
  expect(answer.status).toBe(200);
  expect(answer.headers.get("access-control-allow-origin")).toBe(CONSOLE);
  expect(answer.headers.get("access-control-expose-headers")?.toLowerCase()).toContain("grpc-status");
  expect(answer.headers.get("vary")).toBe("Origin");
});

it.each([
  "https://evil.example",
  "http://console.example",
  "https://console.example:8443",
  "https://console.example.evil.example",
  "https://CONSOLE.example",
  "null",
])("gives the origin %s nothing", async (other) => {
  const { origin } = await startServer({ corsOrigins: [CONSOLE] });
  for (const answer of [await preflight(origin, other), await postGroup(origin, "{}", { origin: other })]) {
    expect([...answer.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
    expect(answer.headers.get("vary")).toBe("Origin");
  }
});

it("gives no origin anything unless some are listed", async () => {
  const { origin } = await startServer();
  const answer = await preflight(origin, CONSOLE);
  expect(answer.status).toBe(403);
  expect(answer.headers.get("access-control-allow-origin")).toBeNull();
});

function preflight(origin: string, from: string) {
  return fetch(origin + GET_GROUP, {
    method: "OPTIONS",
    headers: {
      origin: from,
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization",
    },
  });
}
