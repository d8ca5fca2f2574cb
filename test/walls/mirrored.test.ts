import { randomUUID } from "node:crypto";
import type { JsonObject } from "@bufbuild/protobuf";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { failureOf } from "../conformance/failure.ts";
import { methodNamed, methods } from "../input/methods.ts";
import { expectConsistent } from "../support/consistency.ts";
import { STORY, UNTOLD } from "./story.ts";
import { idsIn, readAll, startTwins, type Twins } from "./twins.ts";

// Two projects hold the same, by the same names. Each caller sees and changes its own.

let twins: Twins;
let known: ReadonlySet<string>;

beforeAll(async () => {
  twins = await startTwins();
  known = idsIn(await readAll(twins.sql, twins.theirs));
});
afterAll(() => twins.stop());

function expectNothingOfTheirs(answer: unknown): void {
  const text = JSON.stringify(answer);
  expect([...idsIn(text)].filter((id) => known.has(id))).toEqual([]);
  expect(text).not.toContain("projects/theirs");
}

test("every method is in the story", () => {
  const told = new Set([...STORY.map(([method]) => method), ...UNTOLD]);
  expect([...told].sort()).toEqual(methods.map(({ name }) => name).sort());
});

describe("a predicate that names what is another project's finds nothing of it", () => {
  const ask = (method: string, where: string, id: string) =>
    twins.call(method, {
      projectKey: "ours",
      where: [where.replace("?", ":id")],
      variables: { id },
      withTotal: true,
    });

  test.each([
    ["QueryCustomers", "id = ?", "customer-0"],
    ["QueryCustomers", "customerGroup(id = ?)", "group-0"],
    ["QueryCustomers", "customerGroup(id in (?))", "group-0"],
    ["QueryCustomers", "not(customerGroup(id != ?))", "group-0"],
    ["QueryCustomers", "customerGroupAssignments(customerGroup(id = ?))", "group-1"],
    ["QueryCustomers", "custom(type(id = ?))", "type"],
    ["QueryCustomers", "custom(fields(club(id = ?)))", "group-0"],
    ["QueryCustomers", "custom(fields(friend(id = ?)))", "customer-0"],
    ["QueryCustomers", "addresses(custom(type(id = ?)))", "type"],
    ["QueryCustomerGroups", "id = ?", "group-0"],
    ["QueryCustomerGroups", "custom(type(id = ?))", "type"],
    ["QueryCustomTypes", "id = ?", "type"],
  ])("%s: %s", async (method, where, key) => {
    const theirs = await ask(method, where, twins.theirs.id(key));
    expect(theirs).toEqual(await ask(method, where, randomUUID()));
    expect(theirs.results ?? []).toEqual([]);
    expect((await ask(method, where, twins.ours.id(key))).results).not.toEqual([]);
    const predicate = { where: [where.replace("?", ":id")], variables: { id: twins.theirs.id(key) } };
    const exists = method.replace(/^Query(\w+)s$/, "Exists$1");
    expect(await twins.call(exists, { projectKey: "ours", predicate })).toEqual({});
  });

  test.each([
    ["QueryCustomers", 'customerGroup(key = "group-0-theirs")'],
    ["QueryCustomers", 'customerGroupAssignments(customerGroup(key in ("group-0-theirs", "none")))'],
    ["QueryCustomers", 'custom(type(key = "type-theirs"))'],
    ["QueryCustomers", 'email = "theirs@shop.example"'],
  ])("%s: %s", async (method, where) => {
    const answer = await twins.call(method, { projectKey: "ours", where: [where], withTotal: true });
    expect(answer.results ?? []).toEqual([]);
  });
});

describe("a page token of another project is no token", () => {
  const paged = methods.filter(({ input, name }) => "pageToken" in input.field && !UNTOLD.includes(name));

  test.each(paged.map(({ name }) => name))("%s", async (name) => {
    const ref = "ref" in methodNamed(name).input.field ? { ref: { key: "customer-0" } } : {};
    const request: JsonObject = { ...ref, limit: 1 };
    const { nextPageToken = "" } = await twins.call(name, { ...request, projectKey: "theirs" });
    expect(nextPageToken).not.toBe("");
    const ask = (pageToken: string) =>
      failureOf(twins.call(name, { ...request, projectKey: "ours", pageToken }));
    const told = await ask(`${nextPageToken}`);
    expect(told).toMatchObject({
      code: "InvalidArgument",
      details: [
        ["ErrorInfo", { reason: "PAGE_TOKEN_INVALID" }],
        ["BadRequest", {}],
      ],
    });
    expect(told).toEqual(await ask("AAAA"));
  });
});

test("what a reference of one's own leads to in another project is not included", async () => {
  // As no write could: what is stored refers to the others' resources.
  const { sql, ours, theirs } = twins;
  const plant = (customer: string, group: string) => sql`
    update customers
    set customer_group_id = ${group},
        customer_group_assignments = jsonb_build_array(${group}::text),
        custom_fields = jsonb_build_object(
          'friend', jsonb_build_object('typeId', 'customer', 'id', ${customer}::text),
          'club', jsonb_build_object('typeId', 'customer-group', 'id', ${group}::text)
        )
    where project_id = ${ours.projectId} and id = ${ours.id("customer-2")}`;
  const [before] = await sql`
    select customer_group_id, customer_group_assignments, custom_fields
    from customers
    where project_id = ${ours.projectId} and id = ${ours.id("customer-2")}`;
  const expand = [
    "custom.type",
    "custom.fields.friend",
    "custom.fields.club",
    "customer_group",
    "customer_group_assignments[*].customer_group",
  ];
  const read = async (customer: string, group: string) => {
    await plant(customer, group);
    const answers = [
      await twins.call("GetCustomer", { projectKey: "ours", ref: { key: "customer-2" }, expand }),
      await twins.call("QueryCustomers", {
        projectKey: "ours",
        where: ['key = "customer-2"'],
        expand,
        sort: ["customerGroup.key"],
      }),
      await twins.call("QueryCustomers", {
        projectKey: "ours",
        where: ['customerGroup(key = "group-0-theirs")'],
      }),
      await twins.call("QueryCustomerGroups", { projectKey: "ours", member: { key: "customer-2" } }),
    ];
    return JSON.stringify(answers).replaceAll(customer, "customer").replaceAll(group, "group");
  };
  const nowhere = await read(randomUUID(), randomUUID());
  expect(await read(theirs.id("customer-0"), theirs.id("group-0"))).toBe(nowhere);
  await sql`
    update customers
    set customer_group_id = ${before?.customerGroupId},
        customer_group_assignments = ${before?.customerGroupAssignments},
        custom_fields = ${before?.customFields}
    where project_id = ${ours.projectId} and id = ${ours.id("customer-2")}`;
});

test("a request id of another project is free, whatever it was used for there", async () => {
  const group = (projectKey: string, name: string) =>
    twins.call("CreateCustomerGroup", { projectKey, draft: { name }, requestId: "free" });
  const theirs = await group("theirs", "first use");
  const ours = await group("ours", "other use");
  expect(ours.customerGroup).toMatchObject({ name: "other use" });
  expect(await group("ours", "other use")).toEqual(ours);
  expect(await group("theirs", "first use")).toEqual(theirs);
});

/** Last, since it changes both. */
describe("the same call, with the same request id, in both projects", () => {
  test.each(STORY.map(([method, request], index) => [index, method, request] as const))(
    "%i: %s",
    async (index, method, request) => {
      const { call, sql, ours, theirs } = twins;
      const isWrite = "requestId" in methodNamed(method).input.field;
      const requestId = isWrite ? { requestId: `story-${index}` } : {};
      await call(method, { ...request(theirs), projectKey: "theirs", ...requestId });
      const before = await readAll(sql, theirs);
      known = new Set([...known, ...idsIn(before)]);

      const answer = await call(method, { ...request(ours), projectKey: "ours", ...requestId });
      expectNothingOfTheirs(answer);
      if (isWrite) {
        expect(await call(method, { ...request(ours), projectKey: "ours", ...requestId })).toEqual(answer);
      }
      expect(await readAll(sql, theirs)).toBe(before);
    },
  );

  test("leaves both as they say", async () => {
    for (const projectKey of ["ours", "theirs"]) await expectConsistent(twins.sql, projectKey);
  });
});
