import type { JsonObject } from "@bufbuild/protobuf";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bearer } from "../auth/calls.ts";
import { claimsOf, type SigningKey, sign, signingKey, startIssuer } from "../auth/issuer.ts";
import { failureOf } from "../conformance/failure.ts";
import { methods } from "../input/methods.ts";
import { STORY, UNTOLD } from "./story.ts";
import { readAll, startTwins, type Twins } from "./twins.ts";

// A caller who may do everything in one project, and nothing else, asks for another.

const SCOPES = ["manage_customers", "manage_customer_groups", "manage_types", "view_changes"];

let key: SigningKey;
let issuer: Awaited<ReturnType<typeof startIssuer>>;
let twins: Twins;
let ours: Readonly<Record<string, string>>;
let before: string;

beforeAll(async () => {
  key = await signingKey("key");
  issuer = await startIssuer(key);
  const mayAll = ["ours", "theirs"].flatMap(scopesOf);
  twins = await startTwins(issuer.env, await headersOf(mayAll));
  ours = await headersOf(scopesOf("ours"));
  before = await readAll(twins.sql, twins.theirs);
});
afterAll(async () => {
  await twins.stop();
  await issuer.close();
});

function scopesOf(projectKey: string): string[] {
  return SCOPES.map((scope) => `${scope}:${projectKey}`);
}

async function headersOf(scopes: readonly string[]) {
  return bearer(await sign(key, claimsOf({ scope: scopes.join(" ") })));
}

/** What the caller is told of a project, with its key replaced. */
async function toldOf(projectKey: string, method: string, request: JsonObject) {
  const told = await failureOf(twins.call(method, { ...request, projectKey }, ours));
  return JSON.stringify(told).replaceAll(projectKey, "x");
}

describe("hears the same of a project that is there, and of one that isn't", () => {
  test.each(STORY.map(([method, request], index) => [index, method, request] as const))(
    "%i: %s",
    async (_, method, request) => {
      const told = await toldOf("theirs", method, request(twins.theirs));
      expect(told).toContain("SCOPE_MISSING");
      expect(told).toBe(await toldOf("nowhere", method, request(twins.theirs)));
      // Nor is it told from the request whether it would have been right.
      expect(told).toBe(await toldOf("theirs", method, {}));
      expect(await readAll(twins.sql, twins.theirs)).toBe(before);
    },
  );

  test.each([
    ["CreateProject", { projectKey: "theirs" }],
    ["DeleteProject", { projectKey: "theirs", expectedVersion: "1" }],
    ["ListProjects", {}],
  ])("%s", async (method, request) => {
    const told = await failureOf(twins.call(method, request, ours));
    expect(told.details).toEqual([
      [
        "ErrorInfo",
        { reason: "SCOPE_MISSING", domain: "clientele", metadata: { required_scope: "manage_projects" } },
      ],
    ]);
    expect(await readAll(twins.sql, twins.theirs)).toBe(before);
  });
});

test("every method is asked", () => {
  const asked = new Set([...STORY.map(([method]) => method), ...UNTOLD]);
  expect(methods.filter(({ name }) => !asked.has(name))).toEqual([]);
});
