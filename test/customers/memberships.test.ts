import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CustomerGroup } from "../../gen/clientele/v1/customer_group_pb.ts";
import { byId, byKey, unique } from "../conformance/groups.ts";
import { failureOf } from "../support/failures.ts";
import {
  type Action,
  assignedIds,
  type CustomerFixture,
  type Draft,
  OTHER_PROJECT,
  startCustomers,
} from "./customers.ts";

type GroupRef = ReturnType<typeof byId> | ReturnType<typeof byKey>;

let fixture: CustomerFixture;
let gold: CustomerGroup;
let silver: CustomerGroup;
beforeAll(async () => {
  fixture = await startCustomers();
  gold = await fixture.newGroup({ key: "gold" });
  silver = await fixture.newGroup({ key: "silver" });
});
afterAll(() => fixture.stop());

const setPrimary = (customerGroup?: GroupRef): Action => ({
  case: "setCustomerGroup",
  value: customerGroup ? { customerGroup } : {},
});
const assign = (customerGroup: GroupRef): Action => ({
  case: "addCustomerGroupAssignment",
  value: { customerGroup },
});
const unassign = (customerGroup: GroupRef): Action => ({
  case: "removeCustomerGroupAssignment",
  value: { customerGroup },
});
const setAll = (...customerGroups: GroupRef[]): Action => ({
  case: "setCustomerGroupAssignments",
  value: { customerGroups },
});

test("the primary group and the others come and go apart from each other, and count once", async () => {
  const group = await fixture.newGroup();
  const ref = byId(group.id.toUpperCase());
  let customer = await fixture.newCustomer();
  const steps: readonly (readonly [Action, primary: boolean, assigned: boolean])[] = [
    [setPrimary(ref), true, false],
    [assign(ref), true, true],
    [setPrimary(), false, true],
    [setPrimary(ref), true, true],
    [unassign(ref), true, false],
    [setAll(ref, ref), true, true],
    [setAll(), true, false],
    [setPrimary(), false, false],
  ];
  for (const [index, [action, isPrimary, isAssigned]] of steps.entries()) {
    customer = await fixture.update(customer, action);
    expect(customer.version).toBe(BigInt(index + 2));
    expect(customer.customerGroup?.id).toBe(isPrimary ? group.id : undefined);
    expect(assignedIds(customer)).toEqual(isAssigned ? [group.id] : []);
    expect(await fixture.get(customer.id)).toEqual(customer);
    expect(await fixture.countOf(group)).toBe(isPrimary || isAssigned ? 1 : 0);
  }
  const { customerGroup } = await fixture.groups.getCustomerGroup({
    projectKey: "demo",
    ref: byId(group.id),
  });
  expect(customerGroup).toEqual(group);
});

test("a draft's groups count, each once", async () => {
  const [one, two] = [await fixture.newGroup({ key: unique("one") }), await fixture.newGroup()];
  const customer = await fixture.newCustomer({
    customerGroup: byKey(one.key ?? ""),
    customerGroupAssignments: [byId(two.id), byId(one.id), byKey(one.key ?? ""), byId(two.id)],
  });
  expect(customer.customerGroup?.id).toBe(one.id);
  expect(assignedIds(customer)).toEqual([two.id, one.id]);
  expect([await fixture.countOf(one), await fixture.countOf(two)]).toEqual([1, 1]);
});

test("adding twice, removing what is not there, and setting the same change nothing", async () => {
  const customer = await fixture.newCustomer({
    customerGroup: byId(gold.id),
    customerGroupAssignments: [byId(silver.id)],
  });
  for (const action of [
    assign(byKey("silver")),
    unassign(byKey("gold")),
    setAll(byId(silver.id), byKey("silver")),
    setPrimary(byKey("gold")),
  ]) {
    expect(await fixture.update(customer, action)).toEqual(customer);
  }
  expect(await fixture.get(customer.id)).toEqual(customer);
});

test("there are 500 groups besides the primary one, and not one more, unless one goes", async () => {
  const many = await Promise.all(Array.from({ length: 501 }, () => fixture.newGroup()));
  const refs = many.map(({ id }) => byId(id));
  const last = refs[500] ?? byId("");
  const full = await fixture.newCustomer({
    customerGroup: byId(gold.id),
    customerGroupAssignments: refs.slice(0, 500),
  });
  expect(full.customerGroupAssignments).toHaveLength(500);
  expect(await failureOf(fixture.update(full, assign(last)))).toMatchObject({
    code: "ResourceExhausted",
    reason: "LIMIT_REACHED",
    metadata: { limit_name: "customer_groups_of_a_customer", limit: "500", current: "500" },
  });
  const primary = await fixture.update(full, setPrimary(last));
  const after = await fixture.update(primary, assign(last), unassign(refs[0] ?? last));
  expect(assignedIds(after)).toEqual(many.slice(1).map(({ id }) => id));

  // By AddCustomers the limit is the commit function's.
  const add = fixture.groups.addCustomers({
    projectKey: "demo",
    ref: byId(many[0]?.id ?? ""),
    customers: [byId(after.id)],
  });
  expect(await failureOf(add)).toMatchObject({
    code: "ResourceExhausted",
    reason: "LIMIT_REACHED",
    metadata: { limit_name: "customer_groups_of_a_customer", limit: "500", current: "500" },
  });
  expect(await fixture.get(after.id)).toEqual(after);
});

describe("a group that isn't there is refused, with its path:", () => {
  const actions: readonly (readonly [(ref: GroupRef) => Action, path: string])[] = [
    [setPrimary, "set_customer_group.customer_group"],
    [assign, "add_customer_group_assignment.customer_group"],
    [unassign, "remove_customer_group_assignment.customer_group"],
    [(ref) => setAll(byId(gold.id), ref), "set_customer_group_assignments.customer_groups[1]"],
  ];
  const drafts: readonly (readonly [(ref: GroupRef) => Draft, path: string])[] = [
    [(customerGroup) => ({ customerGroup }), "draft.customer_group"],
    [(ref) => ({ customerGroupAssignments: [byId(gold.id), ref] }), "draft.customer_group_assignments[1]"],
  ];
  const refusal = (field: string, fact: object) => ({
    code: "FailedPrecondition",
    reason: "REFERENCE_NOT_FOUND",
    metadata: { field, resource_type: "customer-group", ...fact },
  });
  const id = randomUUID();

  test.each<readonly [string, GroupRef, object]>([
    ["by id", byId(id), { id }],
    ["by key", byKey("nobody"), { key: "nobody" }],
  ])("%s", async (_, ref, fact) => {
    const customer = await fixture.newCustomer();
    for (const [toAction, path] of actions) {
      const call = fixture.update(customer, setPrimary(byId(gold.id)), toAction(ref));
      expect(await failureOf(call)).toMatchObject(refusal(`actions[1].${path}`, fact));
    }
    for (const [toDraft, path] of drafts) {
      expect(await failureOf(fixture.newCustomer(toDraft(ref)))).toMatchObject(refusal(path, fact));
    }
    expect(await fixture.get(customer.id)).toEqual(customer);
  });

  test("of another project", async () => {
    const foreign = await fixture.newGroup({ key: "foreign" }, OTHER_PROJECT);
    for (const [ref, fact] of [
      [byId(foreign.id), { id: foreign.id }],
      [byKey("foreign"), { key: "foreign" }],
    ] as const) {
      const call = fixture.newCustomer({ customerGroup: ref });
      expect(await failureOf(call)).toMatchObject(refusal("draft.customer_group", fact));
    }
  });
});
