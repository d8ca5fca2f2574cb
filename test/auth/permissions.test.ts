import {
  create,
  type DescMethod,
  type DescMethodServerStreaming,
  type DescMethodUnary,
  fromJson,
} from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport } from "@connectrpc/connect-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { methodScopes } from "../../src/auth/method-scopes.ts";
import { isPerProject, type Scope } from "../../src/auth/scopes.ts";
import { SERVICES } from "../../src/routes.ts";
import { startTestService } from "../support/service.ts";
import { bearer, type Told, told } from "./calls.ts";
import { claimsOf, sign, signingKey, startIssuer } from "./issuer.ts";

// Every method of the API, asked by callers with each scope. The methods are read off their descriptors.

/** What opens each scope. */
const OPENED_BY: Readonly<Record<Scope, readonly Scope[]>> = {
  view_customers: ["view_customers", "manage_customers"],
  manage_customers: ["manage_customers"],
  view_customer_groups: [
    "view_customer_groups",
    "manage_customer_groups",
    "view_customers",
    "manage_customers",
  ],
  manage_customer_groups: ["manage_customer_groups", "manage_customers"],
  view_types: ["view_types", "manage_types"],
  manage_types: ["manage_types"],
  view_changes: ["view_changes"],
  manage_projects: ["manage_projects"],
};
const ALL = Object.keys(OPENED_BY) as Scope[];

const declared = [...methodScopes(SERVICES)].map(([method, needed]) => ({
  method,
  name: `${method.parent.name}/${method.name}`,
  right: ALL.filter((scope) => needed.some((one) => OPENED_BY[one].includes(scope))),
}));

const key = await signingKey("key");
let issuer: Awaited<ReturnType<typeof startIssuer>>;
let service: Awaited<ReturnType<typeof startTestService>>;
let transports: readonly Transport[];

beforeAll(async () => {
  issuer = await startIssuer(key);
  service = await startTestService({ ...issuer.env, CLIENTELE_PROJECTS: "demo,other" });
  const { baseUrl } = service;
  transports = [
    createGrpcTransport({ baseUrl }),
    createConnectTransport({ baseUrl, httpVersion: "1.1", useBinaryFormat: false }),
  ];
});
afterAll(async () => {
  await service.stop();
  await issuer.close();
});

/** What a caller with these scopes is told, the same over each protocol. */
async function ask(method: DescMethod, scopes: readonly string[], projectKey = "demo"): Promise<Told> {
  const headers = bearer(await sign(key, claimsOf({ scope: scopes.join(" ") })));
  const answers = await Promise.all(
    transports.map((transport) => told(call(transport, method, projectKey, headers))),
  );
  const [answer, other] = answers;
  if (!answer) throw new Error("unreachable: there are two ways");
  expect(other).toEqual(answer);
  return answer;
}

async function call(transport: Transport, method: DescMethod, projectKey: string, headers: HeadersInit) {
  const message = fromJson(method.input, hasProjectKey(method) ? { projectKey } : {});
  if (method.methodKind === "unary") {
    await transport.unary(method as DescMethodUnary, undefined, 2000, headers, message);
  } else {
    const messages = (async function* () {
      yield create(method.input, message);
    })();
    const stream = method as DescMethodServerStreaming;
    const answer = await transport.stream(stream, undefined, 2000, headers, messages);
    for await (const _ of answer.message) return;
  }
}

function hasProjectKey({ input }: DescMethod): boolean {
  return input.fields.some(({ name }) => name === "project_key");
}

function withProject(scopes: readonly Scope[], projectKey = "demo"): string[] {
  return scopes.map((scope) => (isPerProject(scope) ? `${scope}:${projectKey}` : scope));
}

function isDenied({ reasons }: Told): boolean {
  return reasons.includes("SCOPE_MISSING") || reasons.includes("TOKEN_INVALID");
}

describe.each(declared)("$name", ({ method, right }) => {
  const wrong = ALL.filter((scope) => !right.includes(scope));

  test(`refuses a caller with ${wrong.join(", ")}`, async () => {
    const denied = await ask(method, withProject(wrong));
    expect(denied).toMatchObject({ code: "PermissionDenied", reasons: ["SCOPE_MISSING"] });
    expect(right.flatMap((scope) => withProject([scope]))).toContain(denied.facts[0]?.required_scope);
    expect(await ask(method, [])).toEqual(denied);
  });

  test.each(right)("lets in a caller with %s", async (scope) => {
    expect(isDenied(await ask(method, withProject([scope])))).toBe(false);
  });

  test.runIf(right.every(isPerProject))("refuses a caller with scopes of another project", async () => {
    const denied = await ask(method, withProject(ALL, "other"));
    expect(denied).toMatchObject({ code: "PermissionDenied", reasons: ["SCOPE_MISSING"] });
    // A project that is there, and one that is not, look the same.
    const scopes = withProject(ALL, "third");
    const [there, missing] = [await ask(method, scopes, "other"), await ask(method, scopes, "never-made")];
    expect(JSON.stringify(missing).replaceAll("never-made", "other")).toBe(JSON.stringify(there));
  });
});

test.each(["", "Demo", "d", "demo ", "x".repeat(5000), "demo\nview"])(
  "whoever asks for the project %j, which can't be, is refused, and its name is not repeated",
  async (projectKey) => {
    const [first] = declared;
    if (!first) throw new Error("unreachable: there are methods");
    const denied = await ask(first.method, withProject(ALL), projectKey);
    expect(denied).toMatchObject({ code: "PermissionDenied", reasons: ["SCOPE_MISSING"] });
    expect(denied.facts[0]?.required_scope).toMatch(/^[a-z_]+:\{project_key\}$/);
  },
);

test("a scope is missed before anything else is, and a token before a scope", async () => {
  const [first] = declared;
  if (!first) throw new Error("unreachable: there are methods");
  const headers = {
    "x-external-user-id": "not visible",
    ...bearer(await sign(key, claimsOf({ scope: "" }))),
  };
  for (const transport of transports) {
    const denied = await told(call(transport, first.method, "demo", headers));
    expect(denied.reasons).toEqual(["SCOPE_MISSING"]);
    const unknown = await told(
      call(transport, first.method, "demo", { "x-external-user-id": "not visible" }),
    );
    expect(unknown.reasons).toEqual(["TOKEN_INVALID"]);
  }
});

describe("scopes are read off", () => {
  const needed = "view_customer_groups:demo";
  test.each([
    ["scope, a text", { scope: `openid ${needed} profile` }, true],
    ["scope, a list", { scope: ["openid", needed] }, true],
    ["scp, a list", { scope: undefined, scp: [needed] }, true],
    ["scp, a text", { scope: undefined, scp: needed }, true],
    ["scopes, a list", { scope: undefined, scopes: [needed, 7, null] }, true],
    ["scope rather than scp", { scope: "openid", scp: [needed] }, false],
    ["nothing", { scope: undefined }, false],
    ["a number", { scope: 7 }, false],
    ["roles", { scope: undefined, roles: [needed] }, false],
    ["a text with commas", { scope: `openid,${needed}` }, false],
  ])("%s: %j", async (_, claims, isAllowed) => {
    const method = declared.find(({ name }) => name === "CustomerGroupService/QueryCustomerGroups")?.method;
    const [transport] = transports;
    if (!method || !transport) throw new Error("unreachable: there is such a method");
    const answer = await told(call(transport, method, "demo", bearer(await sign(key, claimsOf(claims)))));
    expect(answer.code).toBe(isAllowed ? "OK" : "PermissionDenied");
  });
});
