import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseProjectOptions } from "../../src/commands/project-options.ts";
import { DEFAULT_LIMITS } from "../conformance/projects.ts";
import { exitOf, runMain } from "../support/process.ts";
import { groupClient, startTestService } from "../support/service.ts";

// `node src/main.ts project`, a process of its own, against a service that runs.

let service: Awaited<ReturnType<typeof startTestService>>;

beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

async function project(...args: readonly string[]) {
  const child = runMain(["project", ...args], { CLIENTELE_PORT: `${service.port}` });
  const exit = await exitOf(child);
  return { exit, output: child.output() };
}

async function projectJson(...args: readonly string[]) {
  const { exit, output } = await project(...args, "--json");
  expect([exit, output]).toEqual([0, expect.stringMatching(/^[{[]/)]);
  return JSON.parse(output);
}

test("a project is created, shown, listed, updated and deleted", async () => {
  const created = await projectJson("create", "shop", "--customers", "500", "--concurrent-calls", "0");
  expect(created).toMatchObject({
    key: "shop",
    name: "shop",
    mode: "MODE_TEST",
    limits: { ...DEFAULT_LIMITS, customers: 500, concurrentCalls: 0 },
  });
  expect(await projectJson("get", "shop")).toEqual(created);
  const args = ["--name", "The shop", "--custom-types", "5", "--concurrent-calls", "default"];
  expect(await projectJson("update", "shop", ...args)).toMatchObject({
    name: "The shop",
    version: "2",
    limits: { customerGroups: 1000, customers: 500, customTypes: 5 },
  });
  await groupClient(service.baseUrl).createCustomerGroup({ projectKey: "shop", draft: { name: "VIP" } });
  const keysOf = (projects: readonly { readonly key: string }[]) => projects.map(({ key }) => key);
  expect(keysOf(await projectJson("list"))).toEqual(["demo", "shop"]);
  expect(await projectJson("delete", "shop")).toMatchObject({
    state: "PROJECT_STATE_DELETED",
    deletion: { deletedRowCount: "4" },
  });
  expect(keysOf(await projectJson("list"))).toEqual(["demo"]);
  expect(keysOf(await projectJson("list", "--with-deleted"))).toEqual(["demo", "shop"]);
});

test("what it prints is for people, unless they want JSON", async () => {
  await project(
    "create",
    "for-people",
    "--name",
    "Für Leute",
    "--mode",
    "live",
    "--calls-per-second",
    "1500",
  );
  const { output } = await project("get", "for-people");
  expect(output.split("\n").map((line) => line.replace(/^created .*/, "created"))).toEqual([
    "key               for-people",
    "name              Für Leute",
    "mode              live",
    "state             active",
    "version           1",
    "created",
    "customer groups   0 of 1,000",
    "customers         0 of 10,000,000",
    "custom types      0 of 1,000",
    "concurrent calls  as the service is set",
    "calls per second  at most 1,500",
    "",
  ]);
  expect((await project("list")).output.split("\n").slice(0, 3)).toEqual([
    "KEY         MODE  STATE   GROUPS  CUSTOMERS  TYPES  NAME",
    "demo        test  active       0          0      0  demo",
    "for-people  live  active       0          0      0  Für Leute",
  ]);
});

describe("says what is wrong", () => {
  test.each([
    ["no command", [], "project: one of create, get, list, update, delete must follow"],
    ["no key", ["get"], "project get: takes one key"],
    ["a key too many", ["list", "demo"], "project list: takes no key"],
    ["an unknown option", ["get", "demo", "--nmae", "x"], "Unknown option '--nmae'"],
    ["an unknown mode", ["create", "x1", "--mode", "trial"], "--mode must be test or live"],
    ["a limit that is no number", ["update", "demo", "--customers", "-1"], "--customers"],
    ["nothing to change", ["update", "demo"], "say what to change, a name or limits"],
  ])("of %s", (_, args, words) => {
    expect(() => parseProjectOptions(args)).toThrow(words);
  });

  test.each([
    ["no command", [], "project: one of create, get, list, update, delete must follow"],
    ["an unknown project", ["get", "nowhere"], 'clientele: there is no project with key "nowhere"'],
    ["a key that is taken", ["create", "demo"], "clientele: another project has this key"],
    ["a key that is none", ["create", "Demo"], "clientele: project_key: must be 2 to 63 lower-case letters"],
    ["nobody there", ["list", "--url", "http://127.0.0.1:9"], "can't be reached at http://127.0.0.1:9"],
  ])("of %s", async (_, args, words) => {
    const { exit, output } = await project(...args);
    expect({ exit, output }).toEqual({ exit: 1, output: expect.stringContaining(words) });
    expect(output).not.toContain("    at ");
  });
});
