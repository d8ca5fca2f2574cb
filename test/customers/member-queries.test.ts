import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CustomerGroup } from "../../gen/clientele/v1/customer_group_pb.ts";
import type { Customer } from "../../gen/clientele/v1/customer_pb.ts";
import { byId, byKey, PROJECT } from "../conformance/groups.ts";
import { failureOf } from "../support/failures.ts";
import { byEmail, type CustomerFixture, OTHER_PROJECT, startCustomers } from "./customers.ts";

let fixture: CustomerFixture;
let vip: CustomerGroup;
let others: readonly CustomerGroup[];
/** By id; each second one by its primary group. */
let members: readonly Customer[];
/** A member of all groups. */
let joiner: Customer;

beforeAll(async () => {
  fixture = await startCustomers();
  vip = await fixture.newGroup({ key: "vip", name: "5" });
  others = [
    await fixture.newGroup({ name: "9" }),
    await fixture.newGroup({ name: "7" }),
    await fixture.newGroup({ name: "8" }),
  ];
  const made: Customer[] = [];
  for (const n of [5, 3, 8, 1, 9, 4]) {
    const email = `${n % 2 === 0 ? "P" : "p"}erson-${n}@example.com`;
    const ref = byId(vip.id);
    made.push(
      await fixture.newCustomer(
        n % 2 === 0 ? { email, customerGroup: ref } : { email, customerGroupAssignments: [ref] },
      ),
    );
    await fixture.newCustomer();
  }
  joiner = await fixture.newCustomer({
    key: "joiner",
    email: "Joiner@Example.com",
    customerGroup: byKey("vip"),
    customerGroupAssignments: [vip, ...others].map(({ id }) => byId(id)),
  });
  members = [...made, joiner].toSorted((a, b) => (a.id < b.id ? -1 : 1));
});
afterAll(() => fixture.stop());

describe("customers of a group", () => {
  const query = (request: object) =>
    fixture.customers.queryCustomers({ projectKey: PROJECT, memberOf: byKey("vip"), ...request });
  const email = (customer: Customer) => customer.email.toLowerCase();

  test("are each told once, whether it is the primary group or another", async () => {
    const page = await query({ withTotal: true, limit: 500 });
    expect(page).toMatchObject({ count: 7, total: 7, totalCapped: false, nextPageToken: "" });
    expect(page.results).toEqual(members);
    expect((await query({ memberOf: byId(vip.id.toUpperCase()) })).results).toEqual(members);
  });

  test.each<readonly [string[], (a: Customer, b: Customer) => number]>([
    [[], (a, b) => (a.id < b.id ? -1 : 1)],
    [["id desc"], (a, b) => (a.id < b.id ? 1 : -1)],
    [["email"], (a, b) => (email(a) < email(b) ? -1 : 1)],
    [["email desc"], (a, b) => (email(a) < email(b) ? 1 : -1)],
  ])("sorted by %j, page after page", async (sort, order) => {
    const pages: string[][] = [];
    let pageToken = "";
    do {
      const page = await query({ sort, limit: 3, pageToken, withTotal: true });
      expect(page.total).toBe(7);
      pages.push(page.results.map(({ id }) => id));
      ({ nextPageToken: pageToken } = page);
    } while (pageToken !== "");
    expect(pages.map(({ length }) => length)).toEqual([3, 3, 1]);
    expect(pages.flat()).toEqual(members.toSorted(order).map(({ id }) => id));
  });

  test("by offset", async () => {
    expect((await query({ offset: 5, limit: 5 })).results).toEqual(members.slice(5));
  });

  test("are none of a group without members", async () => {
    const { id } = await fixture.newGroup();
    const page = await query({ memberOf: byId(id), withTotal: true });
    expect(page).toMatchObject({ count: 0, total: 0, results: [], nextPageToken: "" });
  });

  test("go on by a token of the same group and sort alone", async () => {
    const { nextPageToken: pageToken } = await query({ limit: 2 });
    expect((await query({ pageToken, limit: 2 })).results).toEqual(members.slice(2, 4));
    for (const request of [
      { memberOf: byId(others[0]?.id ?? "") },
      { memberOf: undefined },
      { sort: ["email"] },
      { projectKey: OTHER_PROJECT },
    ]) {
      expect(await failureOf(query({ pageToken, ...request }))).toMatchObject({
        code: "InvalidArgument",
        reason: "PAGE_TOKEN_INVALID",
      });
    }
  });

  test("of no group are refused, also in another project", async () => {
    const id = randomUUID();
    expect(await failureOf(query({ memberOf: byId(id) }))).toMatchObject({
      code: "NotFound",
      metadata: { resource_type: "customer-group", id },
    });
    expect(await failureOf(query({ projectKey: OTHER_PROJECT }))).toMatchObject({
      code: "NotFound",
      metadata: { resource_type: "customer-group", key: "vip" },
    });
  });
});

describe("groups of a customer", () => {
  const query = (request: object) =>
    fixture.groups.queryCustomerGroups({ projectKey: PROJECT, member: byKey("joiner"), ...request });
  const names = ({ results }: Awaited<ReturnType<typeof query>>) => results.map(({ name }) => name);

  test("are each told once, by id, key or email", async () => {
    for (const member of [byKey("joiner"), byId(joiner.id), byEmail("JOINER@example.com")]) {
      const page = await query({ member, withTotal: true });
      expect(page).toMatchObject({ count: 4, total: 4 });
      expect(page.results.map(({ id }) => id)).toEqual([vip, ...others].map(({ id }) => id));
      expect(page.results[0]).toEqual({ ...vip, customerCount: 7 });
    }
  });

  test("sorted, page after page", async () => {
    const sort = ["name desc"];
    const first = await query({ sort, limit: 3 });
    expect(names(first)).toEqual(["9", "8", "7"]);
    const last = await query({ sort, limit: 3, pageToken: first.nextPageToken });
    expect(names(last)).toEqual(["5"]);
    expect(last.nextPageToken).toBe("");
  });

  test("are none of a customer without groups", async () => {
    const { id } = await fixture.newCustomer();
    expect(await query({ member: byId(id), withTotal: true })).toMatchObject({ count: 0, total: 0 });
  });

  test("go on by a token of the same customer alone", async () => {
    const { nextPageToken: pageToken } = await query({ limit: 2 });
    expect(names(await query({ pageToken }))).toEqual(["7", "8"]);
    for (const member of [byId(members[0]?.id ?? ""), undefined]) {
      expect(await failureOf(query({ member, pageToken }))).toMatchObject({ reason: "PAGE_TOKEN_INVALID" });
    }
  });

  test("of no customer are refused, without repeating an email address", async () => {
    const failure = await failureOf(query({ member: byEmail("nobody@example.com") }));
    expect(failure).toMatchObject({ code: "NotFound", message: "there is no customer with this email" });
    expect(failure.metadata).toEqual({ resource_type: "customer" });
    expect(await failureOf(query({ projectKey: OTHER_PROJECT }))).toMatchObject({
      metadata: { resource_type: "customer", key: "joiner" },
    });
  });
});
