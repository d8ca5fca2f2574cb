import { afterAll, beforeAll, expect, test } from "vitest";
import { OnMembers } from "../../gen/clientele/v1/customer_group_service_pb.ts";
import { byId, groupOf, PROJECT } from "../conformance/groups.ts";
import { failureOf } from "../support/failures.ts";
import { assignedIds, type CustomerFixture, changesOf, startCustomers } from "./customers.ts";

let fixture: CustomerFixture;
beforeAll(async () => {
  fixture = await startCustomers();
});
afterAll(() => fixture.stop());

const remove = (id: string, onMembers?: OnMembers) =>
  fixture.groups.deleteCustomerGroup({
    projectKey: PROJECT,
    ref: byId(id),
    expectedVersion: 1n,
    ...(onMembers !== undefined && { onMembers }),
  });

test.each([
  ["the primary one", "customerGroup"],
  ["another", "customerGroupAssignments"],
] as const)("a group is not deleted while it is %s of a customer", async (_, place) => {
  const { id } = await fixture.newGroup();
  const ref = byId(id);
  const customer = await fixture.newCustomer(
    place === "customerGroup" ? { customerGroup: ref } : { customerGroupAssignments: [ref] },
  );
  for (const onMembers of [undefined, OnMembers.REFUSE]) {
    const failure = await failureOf(remove(id, onMembers));
    expect(failure).toMatchObject({
      code: "FailedPrecondition",
      reason: "REFERENCED",
      metadata: { referenced_by: "customer", count: "1" },
      message: "still referenced by 1 customer",
    });
  }
  expect(await fixture.get(customer.id)).toEqual(customer);

  await fixture.update(
    customer,
    { case: "setCustomerGroup", value: {} },
    { case: "setCustomerGroupAssignments", value: {} },
  );
  expect(groupOf(await remove(id)).id).toBe(id);
});

test("a deleted customer holds no group", async () => {
  const { id } = await fixture.newGroup();
  const customer = await fixture.newCustomer({
    customerGroup: byId(id),
    customerGroupAssignments: [byId(id)],
  });
  await fixture.customers.deleteCustomer({
    projectKey: PROJECT,
    ref: byId(customer.id),
    expectedVersion: 1n,
  });
  expect(await fixture.countOf({ id })).toBe(0);
  await remove(id);
});

test("DETACH takes all members out, raises the version of each, and leaves their other groups", async () => {
  const [gone, kept] = [await fixture.newGroup(), await fixture.newGroup()];
  const ref = byId(gone.id);
  const primary = await fixture.newCustomer({ customerGroup: ref });
  const both = await fixture.newCustomer({
    customerGroup: ref,
    customerGroupAssignments: [byId(kept.id), ref],
  });
  const stranger = await fixture.newCustomer({ customerGroup: byId(kept.id) });

  const deleted = groupOf(await remove(gone.id, OnMembers.DETACH));
  expect(deleted).toEqual({ ...gone, customerCount: 2 });
  expect(await fixture.get(primary.id)).toMatchObject({ version: 2n, customerGroupAssignments: [] });
  const after = await fixture.get(both.id);
  expect(after.version).toBe(2n);
  expect(after.customerGroup).toBeUndefined();
  expect(assignedIds(after)).toEqual([kept.id]);
  expect(await fixture.get(stranger.id)).toEqual(stranger);
  expect(await fixture.countOf(kept)).toBe(2);
  expect(await changesOf(fixture.sql, fixture.projectId, both)).toEqual([
    ["create"],
    ["setCustomerGroup", "removeCustomerGroupAssignment"],
  ]);
  expect(await failureOf(remove(gone.id))).toMatchObject({ reason: "RESOURCE_NOT_FOUND" });
});

test("DETACH deletes a group without members too", async () => {
  const { id } = await fixture.newGroup();
  expect(groupOf(await remove(id, OnMembers.DETACH)).id).toBe(id);
});
