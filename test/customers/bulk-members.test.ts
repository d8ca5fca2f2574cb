import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CustomerGroup } from "../../gen/clientele/v1/customer_group_pb.ts";
import {
  AddCustomersResponse_Outcome as Added,
  RemoveCustomersResponse_Outcome as Removed,
} from "../../gen/clientele/v1/customer_group_service_pb.ts";
import { byId, byKey, PROJECT, unique } from "../conformance/groups.ts";
import { failureOf } from "../support/failures.ts";
import {
  assignedIds,
  byEmail,
  type CustomerFixture,
  changesOf,
  OTHER_PROJECT,
  startCustomers,
} from "./customers.ts";

type CustomerRef = ReturnType<typeof byId> | ReturnType<typeof byKey> | ReturnType<typeof byEmail>;

let fixture: CustomerFixture;
beforeAll(async () => {
  fixture = await startCustomers();
});
afterAll(() => fixture.stop());

const add = ({ id }: CustomerGroup, customers: CustomerRef[], requestId = "") =>
  fixture.groups.addCustomers({ projectKey: PROJECT, ref: byId(id), customers, requestId });
const remove = ({ id }: CustomerGroup, customers: CustomerRef[]) =>
  fixture.groups.removeCustomers({ projectKey: PROJECT, ref: byId(id), customers });
const changes = (customer: { readonly id: string }) => changesOf(fixture.sql, fixture.projectId, customer);

test("those who were no members are added, behind their other groups, and no one else changes", async () => {
  const [group, before] = [await fixture.newGroup({ key: unique("vip") }), await fixture.newGroup()];
  const byPrimary = await fixture.newCustomer({ customerGroup: byId(group.id) });
  const byAssignment = await fixture.newCustomer({ customerGroupAssignments: [byId(group.id)] });
  const stranger = await fixture.newCustomer({ customerGroupAssignments: [byId(before.id)] });
  const other = await fixture.newCustomer();

  const { results } = await fixture.groups.addCustomers({
    projectKey: PROJECT,
    ref: byKey(group.key ?? ""),
    customers: [byPrimary, stranger, byAssignment, other].map(({ id }) => byId(id)),
  });
  expect(results).toMatchObject([
    { customerId: byPrimary.id, outcome: Added.ALREADY_MEMBER },
    { customerId: stranger.id, outcome: Added.ADDED },
    { customerId: byAssignment.id, outcome: Added.ALREADY_MEMBER },
    { customerId: other.id, outcome: Added.ADDED },
  ]);
  expect(await fixture.get(byPrimary.id)).toEqual(byPrimary);
  expect(await fixture.get(byAssignment.id)).toEqual(byAssignment);
  const after = await fixture.get(stranger.id);
  expect(after).toMatchObject({ version: 2n });
  expect(assignedIds(after)).toEqual([before.id, group.id]);
  expect(assignedIds(await fixture.get(other.id))).toEqual([group.id]);

  expect(await fixture.countOf(group)).toBe(4);
  const { customerGroup } = await fixture.groups.getCustomerGroup({
    projectKey: PROJECT,
    ref: byId(group.id),
  });
  expect(customerGroup).toEqual({ ...group, customerCount: 4 });
  expect(await changes(stranger)).toEqual([["create"], ["addCustomerGroupAssignment"]]);
  expect(await changes(byPrimary)).toEqual([["create"]]);
});

test("members leave as their primary group and as another, and no one else changes", async () => {
  const group = await fixture.newGroup();
  const ref = byId(group.id);
  const primary = await fixture.newCustomer({ customerGroup: ref });
  const assigned = await fixture.newCustomer({ customerGroupAssignments: [ref] });
  const both = await fixture.newCustomer({ customerGroup: ref, customerGroupAssignments: [ref] });
  const stranger = await fixture.newCustomer();

  const { results } = await remove(
    group,
    [primary, assigned, both, stranger].map(({ id }) => byId(id)),
  );
  expect(results.map(({ outcome }) => outcome)).toEqual([
    Removed.REMOVED,
    Removed.REMOVED,
    Removed.REMOVED,
    Removed.NOT_MEMBER,
  ]);
  for (const { id } of [primary, assigned, both]) {
    const after = await fixture.get(id);
    expect(after).toMatchObject({ version: 2n, customerGroupAssignments: [] });
    expect(after.customerGroup).toBeUndefined();
  }
  expect(await fixture.get(stranger.id)).toEqual(stranger);
  expect(await fixture.countOf(group)).toBe(0);
  expect(await changes(both)).toEqual([["create"], ["setCustomerGroup", "removeCustomerGroupAssignment"]]);
  expect(await changes(primary)).toEqual([["create"], ["setCustomerGroup"]]);
});

test("one who is named twice, by id, key and email, changes the first time", async () => {
  const group = await fixture.newGroup();
  const key = unique("ann");
  const { id } = await fixture.newCustomer({ key, email: `Ann.${key}@Example.com` });
  const named = [byKey(key), byEmail(`ANN.${key}@example.com`), byId(id.toUpperCase())];
  const { results: added } = await add(group, named);
  expect(added).toMatchObject([
    { customerId: id, outcome: Added.ADDED },
    { customerId: id, outcome: Added.ALREADY_MEMBER },
    { customerId: id, outcome: Added.ALREADY_MEMBER },
  ]);
  expect((await fixture.get(id)).version).toBe(2n);
  expect(await fixture.countOf(group)).toBe(1);

  const { results: removed } = await remove(group, named);
  expect(removed.map(({ outcome }) => outcome)).toEqual([
    Removed.REMOVED,
    Removed.NOT_MEMBER,
    Removed.NOT_MEMBER,
  ]);
  expect((await fixture.get(id)).version).toBe(3n);
  expect(await fixture.countOf(group)).toBe(0);
});

test("500 customers are added and removed at once", async () => {
  const group = await fixture.newGroup();
  const people = await Promise.all(Array.from({ length: 500 }, () => fixture.newCustomer()));
  const refs = people.map(({ id }) => byId(id));
  const { results } = await add(group, refs);
  expect(results.map(({ customerId }) => customerId)).toEqual(people.map(({ id }) => id));
  expect(new Set(results.map(({ outcome }) => outcome))).toEqual(new Set([Added.ADDED]));
  expect(await fixture.countOf(group)).toBe(500);
  await remove(group, refs);
  expect(await fixture.countOf(group)).toBe(0);
});

test("the same call again answers what it answered", async () => {
  const group = await fixture.newGroup();
  const { id } = await fixture.newCustomer();
  const requestId = randomUUID();
  const first = await add(group, [byId(id)], requestId);
  expect(await add(group, [byId(id)], requestId)).toEqual(first);
  expect(first.results).toMatchObject([{ outcome: Added.ADDED }]);
  expect((await fixture.get(id)).version).toBe(2n);
});

describe("one who isn't there fails the whole call:", () => {
  const id = randomUUID();
  test.each<readonly [string, CustomerRef, object]>([
    ["by id", byId(id), { id }],
    ["by key", byKey("nobody"), { key: "nobody" }],
    ["by email, which is not repeated", byEmail("nobody@example.com"), {}],
  ])("%s", async (_, ref, fact) => {
    const group = await fixture.newGroup();
    const stranger = await fixture.newCustomer();
    const member = await fixture.newCustomer({ customerGroup: byId(group.id) });
    for (const call of [add, remove]) {
      const failure = await failureOf(call(group, [byId(member.id), byId(stranger.id), ref]));
      expect(failure).toMatchObject({ code: "NotFound", reason: "RESOURCE_NOT_FOUND" });
      expect(failure.metadata).toEqual({ resource_type: "customer", field: "customers[2]", ...fact });
      expect(failure.message).not.toContain("example.com");
    }
    expect(await fixture.get(stranger.id)).toEqual(stranger);
    expect(await fixture.get(member.id)).toEqual(member);
    expect(await fixture.countOf(group)).toBe(1);
  });

  test("of another project", async () => {
    const foreign = await fixture.newCustomer({}, OTHER_PROJECT);
    const group = await fixture.newGroup();
    const failure = await failureOf(add(group, [byId(foreign.id)]));
    expect(failure).toMatchObject({ reason: "RESOURCE_NOT_FOUND", metadata: { id: foreign.id } });
  });

  test("nor is a group that isn't there", async () => {
    const { id: customerId } = await fixture.newCustomer();
    const foreign = await fixture.newGroup({}, OTHER_PROJECT);
    for (const call of [add, remove]) {
      expect(await failureOf(call(foreign, [byId(customerId)]))).toMatchObject({
        reason: "RESOURCE_NOT_FOUND",
        metadata: { resource_type: "customer-group", id: foreign.id },
      });
    }
  });
});
