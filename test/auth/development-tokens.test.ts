import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { exitOf, runMain, temporaryFolder } from "../support/process.ts";
import { startServiceOn } from "../support/service.ts";
import { asker, bearer, OK, REFUSED } from "./calls.ts";
import { jwtEnv, signingKey, startIssuer } from "./issuer.ts";

// Tokens that the command makes, in a process of its own.

const { folder, remove } = temporaryFolder();
const dataDir = path.join(folder, "data");
const env = { CLIENTELE_DATA_DIR: dataDir };
const development = { ...env, CLIENTELE_AUTH: "jwt", CLIENTELE_JWT_DEVELOPMENT_KEYS: "on" };
let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(async () => {
  await database.drop();
  remove();
});

async function token(...args: readonly string[]): Promise<string> {
  const child = runMain(["token", ...args], env);
  expect([await exitOf(child), child.output()]).toEqual([
    0,
    expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+\n$/),
  ]);
  return child.output().trim();
}

async function start(settings: Readonly<Record<string, string | undefined>>) {
  const service = await startServiceOn(database, settings);
  onTestFinished(service.stop);
  return asker(createGrpcTransport({ baseUrl: service.baseUrl }));
}

test("a token counts where development keys do, and nowhere else", async () => {
  const issuer = await startIssuer(await signingKey("key"));
  onTestFinished(async () => void (await issuer.close()));
  // Before a service has made the key, and by several at once: one key is made.
  const scope = ["--project", "demo", "--scope", "view_customers", "--scope", "manage_projects"];
  const tokens = await Promise.all([token(...scope), token(...scope), token(...scope)]);
  expect(readdirSync(dataDir)).toEqual(["development-key.json"]);
  expect(statSync(path.join(dataDir, "development-key.json")).mode & 0o777).toBe(0o600);
  expect(decodeJwt(tokens[0] ?? "")).toMatchObject({
    client_id: "development",
    scope: "view_customers:demo manage_projects",
  });

  const ask = await start(development);
  for (const one of tokens) expect(await ask(bearer(one))).toEqual(OK);
  const both = await start({ ...development, ...jwtEnv(issuer.url) });
  expect(await both(bearer(tokens[0] ?? ""))).toEqual(OK);
  const without = await start({ ...env, ...issuer.env });
  expect(await without(bearer(tokens[0] ?? ""))).toEqual(REFUSED);
  const elsewhere = await start({ ...development, CLIENTELE_DATA_DIR: path.join(folder, "elsewhere") });
  expect(await elsewhere(bearer(tokens[0] ?? ""))).toEqual(REFUSED);
});

test("a token says what it was asked to", async () => {
  const made = decodeJwt(
    await token(
      ...["--scope", "manage_types:other", "--client-id", "console", "--minutes", "5"],
      ...["--origin", "https://shop.example", "--origin", "http://localhost:3000"],
    ),
  );
  const { iat = 0, exp = 0 } = made;
  expect(exp - iat).toBe(300);
  expect(made).toMatchObject({
    client_id: "console",
    scope: "manage_types:other",
    origins: ["https://shop.example", "http://localhost:3000"],
  });
});

describe("the command refuses", () => {
  const EXAMPLE = "node src/main.ts token --project demo --scope manage_customers --scope view_types";
  test.each([
    ["no scope", ["--project", "demo"], "a --scope is missing"],
    [
      "a scope that there isn't",
      ["--project", "demo", "--scope", "view"],
      "--scope view is no scope of this service's",
    ],
    [
      "a scope of no project",
      ["--scope", "view_types"],
      "--scope view_types needs a --project that could be one",
    ],
    [
      "a project that can't be",
      ["--project", "Demo", "--scope", "view_types"],
      "--scope view_types needs a --project that could be one",
    ],
    [
      "no minutes",
      ["--scope", "manage_projects", "--minutes", "0"],
      "--minutes must be a whole number from 1 to 1440",
    ],
    [
      "a client that can't be kept",
      ["--scope", "manage_projects", "--client-id", ""],
      "--client-id must be 1 to 128 visible ASCII characters",
    ],
    [
      "an origin with a path",
      ["--scope", "manage_projects", "--origin", "https://a.example/"],
      "--origin must be like https://shop.example",
    ],
  ])("%s", async (_, args, says) => {
    const child = runMain(["token", ...args], env);
    expect(await exitOf(child)).toBe(1);
    expect(child.output().trim()).toBe(`clientele: ${says}: ${EXAMPLE}`);
  });
});
