import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CustomerGroup } from "../../gen/clientele/v1/customer_group_pb.ts";
import type { Customer } from "../../gen/clientele/v1/customer_pb.ts";
import { ResourceType } from "../../gen/clientele/v1/resource_type_pb.ts";
import { byId, byKey, json, PROJECT } from "../conformance/groups.ts";
import { failureOf } from "../support/failures.ts";
import { type CustomerFixture, customerOf, startCustomers } from "./customers.ts";

const OWN = "customer_group";
const ASSIGNED = "customer_group_assignments[*].customer_group";

let fixture: CustomerFixture;
let gold: CustomerGroup;
let silver: CustomerGroup;
let friend: Customer;
let customer: Customer;

beforeAll(async () => {
  fixture = await startCustomers();
  const reference = (referenceTypeId: string) => ({
    type: { case: "reference" as const, value: { referenceTypeId } },
  });
  await fixture.newType(
    "linked",
    [ResourceType.CUSTOMER],
    { name: "friend", type: reference("customer") },
    { name: "club", type: reference("customer-group") },
  );
  const made = [await fixture.newGroup({ key: "gold" }), await fixture.newGroup({ key: "silver" })];
  friend = await fixture.newCustomer({ firstName: "Bob" });
  customer = await fixture.newCustomer({
    key: "ann",
    customerGroup: byKey("gold"),
    customerGroupAssignments: [byKey("silver"), byKey("gold")],
    custom: {
      type: byKey("linked"),
      fields: {
        friend: { typeId: "customer", id: friend.id },
        club: { typeId: "customer-group", id: made[1]?.id ?? "" },
      },
    },
  });
  // With the counts that they have now.
  [gold, silver] = await Promise.all([groupNow("gold"), groupNow("silver")]);
});
afterAll(() => fixture.stop());

async function groupNow(key: string): Promise<CustomerGroup> {
  const { customerGroup } = await fixture.groups.getCustomerGroup({ projectKey: PROJECT, ref: byKey(key) });
  if (!customerGroup) throw new Error("the answer has no group");
  return customerGroup;
}

const get = async (expand: string[], key = "ann") =>
  customerOf(await fixture.customers.getCustomer({ projectKey: PROJECT, ref: byKey(key), expand }));

describe("includes", () => {
  test("nothing unless asked", async () => {
    expect(await get([])).toEqual(customer);
  });

  test("the primary group, and no other", async () => {
    const found = await get([OWN]);
    expect(found.customerGroup?.obj).toEqual(gold);
    expect(found.customerGroupAssignments).toEqual(customer.customerGroupAssignments);
    expect(found.custom).toEqual(customer.custom);
  });

  test("the other groups, and not the primary one", async () => {
    const found = await get([ASSIGNED]);
    expect(found.customerGroup).toEqual(customer.customerGroup);
    expect(found.customerGroupAssignments.map((one) => one.customerGroup?.obj)).toEqual([silver, gold]);
  });

  test("the custom type, and what its fields refer to", async () => {
    const { custom } = await get(["custom.type", "custom.fields.friend", "custom.fields.club"]);
    expect(custom?.type?.obj).toMatchObject({ key: "linked" });
    expect(custom?.fields).toMatchObject({
      friend: { typeId: "customer", id: friend.id, obj: { firstName: "Bob", email: friend.email } },
      club: { typeId: "customer-group", id: silver.id, obj: json(silver) },
    });
  });

  test("everything at once, in queries and updates too", async () => {
    const expand = [OWN, ASSIGNED, "custom.type", "custom.fields.friend", "custom.fields.club"];
    const found = await get(expand);
    const { results } = await fixture.customers.queryCustomers({
      projectKey: PROJECT,
      memberOf: byKey("gold"),
      expand,
    });
    expect(results).toEqual([found]);
    const idle = await fixture.customers.updateCustomer({
      projectKey: PROJECT,
      ref: byKey("ann"),
      expectedVersion: 1n,
      expand,
    });
    expect(idle.customer).toEqual(found);
  });

  test("the groups that an update gives", async () => {
    const other = await fixture.newCustomer();
    const { customer: after } = await fixture.customers.updateCustomer({
      projectKey: PROJECT,
      ref: byId(other.id),
      expectedVersion: 1n,
      actions: [{ action: { case: "setCustomerGroup", value: { customerGroup: byKey("silver") } } }],
      expand: [OWN, "custom.type"],
    });
    expect(after?.customerGroup?.obj).toMatchObject({ id: silver.id, key: "silver" });
  });
});

test("what is not there is passed over", async () => {
  const { key } = await fixture.newCustomer({ key: "plain" });
  expect(await get([OWN, ASSIGNED, "custom.type", "custom.fields.none"], key)).toEqual(await get([], key));
});

test("what can't be expanded is refused, with its place", async () => {
  for (const path of [
    "customer_group_assignments",
    "customerGroup",
    "addresses[*].custom.type",
    "custom.fields",
  ]) {
    expect(await failureOf(get([OWN, path]))).toMatchObject({
      code: "InvalidArgument",
      reason: "FIELD_INVALID",
      fields: ["expand[1]"],
    });
  }
});
