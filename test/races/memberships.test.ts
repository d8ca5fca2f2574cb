import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { OnMembers } from "../../gen/clientele/v1/customer_group_service_pb.ts";
import { byId, groupOf } from "../conformance/groups.ts";
import { expectConsistent } from "../support/consistency.ts";
import { type CustomerAction, customerOf } from "../support/customers.ts";
import { tally } from "../support/failures.ts";
import { addTo } from "./callers.ts";
import { type Instances, race, roundsOf, runRounds, startInstances } from "./instances.ts";

// Customers are assigned to groups that are deleted meanwhile, through two instances of the service.

const ROUNDS = roundsOf(500);
const AT_ONCE = 12;
/** Customers whom every round makes members of its group. */
const SHARED = 24;

const projectKey = "demo";
let instances: Instances;
let shared: readonly string[];

beforeAll(async () => {
  instances = await startInstances(projectKey);
  await instances.sql`update projects set customer_group_limit = 1000000`;
  shared = await Promise.all(race(SHARED, (caller) => newCustomer(caller)));
});
afterAll(() => instances.stop());

async function newCustomer(caller: number, primaryGroupId?: string): Promise<string> {
  const draft = {
    email: `${randomUUID()}@example.test`,
    ...(primaryGroupId !== undefined && { customerGroup: byId(primaryGroupId) }),
  };
  return customerOf(await instances.customers(caller).createCustomer({ projectKey, draft })).id;
}

async function newGroup(caller: number): Promise<string> {
  const draft = { name: randomUUID() };
  return groupOf(await instances.groups(caller).createCustomerGroup({ projectKey, draft })).id;
}

/** The ids of shared customers: three of each round's own, so that rounds meet at them. */
function sharedOf(round: number) {
  return [0, 1, 2].map((index) => byId(shared[(round * 5 + index * 7) % SHARED] ?? ""));
}

/** Every way to make customers members of a group; `customerId` is in no group. */
function assign(round: number, groupId: string, customerId: string): Promise<unknown>[] {
  const customerGroup = byId(groupId);
  const actions: CustomerAction[] = [
    { case: "addCustomerGroupAssignment", value: { customerGroup } },
    { case: "setCustomerGroup", value: { customerGroup } },
    { case: "setCustomerGroupAssignments", value: { customerGroups: [customerGroup] } },
  ];
  const [first, second] = actions.slice(round % 2);
  return [
    instances.customers(round).updateCustomer({
      projectKey,
      ref: byId(customerId),
      expectedVersion: 1n,
      actions: [first, second].flatMap((action) => (action ? [{ action }] : [])),
    }),
    newCustomer(round + 1, groupId),
    instances.groups(round + 2).addCustomers({ projectKey, ref: byId(groupId), customers: sharedOf(round) }),
  ];
}

function takeOut(round: number, groupId: string): Promise<unknown> {
  const customers = sharedOf(round).slice(0, 2);
  return instances.groups(round + 3).removeCustomers({ projectKey, ref: byId(groupId), customers });
}

function remove(round: number, groupId: string, onMembers: OnMembers): Promise<unknown> {
  return instances
    .groups(round)
    .deleteCustomerGroup({ projectKey, ref: byId(groupId), expectedVersion: 1n, onMembers });
}

const REFERENCE_NOT_FOUND = "FailedPrecondition REFERENCE_NOT_FOUND";
const NOT_FOUND = "NotFound RESOURCE_NOT_FOUND";

test("a group that must be empty goes, or has all who were assigned to it", {
  timeout: 180_000,
}, async () => {
  const totals: Record<string, number> = {};
  const kept = new Set<string>();
  await runRounds(ROUNDS, AT_ONCE, async (round) => {
    const [groupId, customerId] = await Promise.all([newGroup(round), newCustomer(round + 1)]);
    // Who is sent first mostly wins.
    const early = round % 2 === 0 ? remove(round, groupId, OnMembers.REFUSE) : undefined;
    const assigning = assign(round, groupId, customerId);
    const leaving = takeOut(round, groupId);
    const late = early ?? remove(round, groupId, OnMembers.UNSPECIFIED);
    const [deletion, assigned, left] = await Promise.all([tally([late]), tally(assigning), tally([leaving])]);
    expect([deletion.counts, assigned.counts]).toBeOneOf([
      [{ OK: 1 }, { [REFERENCE_NOT_FOUND]: 2, [NOT_FOUND]: 1 }],
      [{ "FailedPrecondition REFERENCED": 1 }, { OK: 3 }],
    ]);
    expect(Object.keys(left.counts)).toBeOneOf([["OK"], [NOT_FOUND]]);
    if (!deletion.counts.OK) kept.add(groupId);
    addTo(totals, deletion.counts);
  });
  expect(Object.keys(totals).toSorted()).toEqual(["FailedPrecondition REFERENCED", "OK"]);
  const groups = await instances.sql<{ id: string }[]>`select id from customer_groups`;
  expect(new Set(groups.map(({ id }) => id))).toEqual(kept);
  await expectConsistent(instances.sql, projectKey);
});

test("a group that lets its members go leaves none behind", { timeout: 180_000 }, async () => {
  const totals: Record<string, number> = {};
  const removed = new Set<string>();
  await runRounds(ROUNDS, AT_ONCE, async (round) => {
    const groupId = await newGroup(round);
    const customerId = await newCustomer(round + 1);
    await newCustomer(round + 2, groupId);
    const early = round % 2 === 0 ? remove(round, groupId, OnMembers.DETACH) : undefined;
    const calls = [...assign(round, groupId, customerId), takeOut(round, groupId)];
    const late = early ?? remove(round, groupId, OnMembers.DETACH);
    const [deletion, others] = await Promise.all([tally([late]), tally(calls)]);
    expect(deletion.counts).toEqual({ OK: 1 });
    removed.add(groupId);
    addTo(totals, others.counts);
  });
  expect(Object.keys(totals).toSorted()).toEqual([REFERENCE_NOT_FOUND, NOT_FOUND, "OK"]);
  const left = await instances.sql`
    select from customer_groups where id = any(${[...removed]}::uuid[])
    union all
    select from customer_group_members where customer_group_id = any(${[...removed]}::uuid[])`;
  expect(left).toHaveLength(0);
  await expectConsistent(instances.sql, projectKey);
});
