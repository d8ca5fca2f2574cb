import type { JsonObject } from "@bufbuild/protobuf";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ResourceType } from "../../gen/clientele/v1/resource_type_pb.ts";
import { PROJECT } from "../conformance/groups.ts";
import { type CustomerFixture, OTHER_PROJECT, startCustomers } from "../customers/customers.ts";
import { field } from "../support/custom-types.ts";
import { failureOf } from "../support/failures.ts";

let fixture: CustomerFixture;

beforeAll(async () => {
  fixture = await startCustomers();
  const group = await fixture.newGroup({ key: "vip", name: "VIP" });
  await fixture.newType("loyal", [ResourceType.CUSTOMER], field("tier", "string"));
  const custom = { type: { value: { case: "key" as const, value: "loyal" } }, fields: { tier: "gold" } };
  await fixture.newCustomer({ lastName: "Ito", metadata: { points: 7 }, custom });
  await fixture.newCustomer({
    customerGroupAssignments: [{ value: { case: "id", value: group.id } }],
  });
  await fixture.newCustomer({ lastName: "Abe" }, OTHER_PROJECT);
});
afterAll(() => fixture.stop());

type Ask = (where: string[], variables?: JsonObject, projectKey?: string) => Promise<boolean>;
type Asked = "customers" | "groups" | "types";

const ask: Readonly<Record<Asked, Ask>> = {
  async customers(where, variables = {}, projectKey = PROJECT) {
    const target = { case: "predicate" as const, value: { where, variables } };
    return (await fixture.customers.existsCustomer({ projectKey, target })).exists;
  },
  async groups(where, variables = {}, projectKey = PROJECT) {
    const target = { case: "predicate" as const, value: { where, variables } };
    return (await fixture.groups.existsCustomerGroup({ projectKey, target })).exists;
  },
  async types(where, variables = {}, projectKey = PROJECT) {
    const target = { case: "predicate" as const, value: { where, variables } };
    return (await fixture.types.existsCustomType({ projectKey, target })).exists;
  },
};

describe("exists", () => {
  test.each<readonly [Asked, where: string[], exists: boolean]>([
    ["customers", ['lastName = "Ito"'], true],
    ["customers", ['lastName = "Nobody"'], false],
    ["customers", ['lastName = "Ito"', "metadata(points > 6)"], true],
    ["customers", ['lastName = "Ito"', "metadata(points > 7)"], false],
    ["customers", ["metadata(points is defined)", "customerGroupAssignments is not empty"], false],
    ["customers", ['custom(fields(tier = "gold") and type(key = "loyal"))'], true],
    ["customers", ['customerGroupAssignments(customerGroup(key = "vip"))'], true],
    ["customers", ['lastName = "Abe"'], false],
    ["groups", ['key = "vip" and customerCount = 1'], true],
    ["groups", ["customerCount > 1"], false],
    ["types", ['fieldDefinitions(name = "tier")', 'resourceTypes in ("customer")'], true],
    ["types", ['name(en = "x")'], false],
  ])("of %s with %j: %s", async (asked, where, exists) => {
    expect(await ask[asked](where)).toBe(exists);
  });

  test("by variables", async () => {
    expect(await ask.customers(["lastName in :names"], { names: ["Abe", "Ito"] })).toBe(true);
    expect(await ask.customers(["lastName in :names"], { names: [] })).toBe(false);
  });

  test("in the project that is asked", async () => {
    expect(await ask.customers(['lastName = "Abe"'], {}, OTHER_PROJECT)).toBe(true);
    expect(await failureOf(ask.customers(["version = 1"], {}, "nowhere"))).toMatchObject({
      reason: "RESOURCE_NOT_FOUND",
    });
  });
});

test.each<readonly [Asked, where: string[], reason: string, field: string]>([
  ["customers", [], "FIELD_INVALID", "predicate.where"],
  ["customers", ["version = 1", "nick = 1"], "PREDICATE_UNKNOWN_FIELD", "predicate.where[1]"],
  ["groups", ["email = 1"], "PREDICATE_UNKNOWN_FIELD", "predicate.where[0]"],
  ["types", ["key ="], "PREDICATE_SYNTAX", "predicate.where[0]"],
  ["types", ["key = :missing"], "FIELD_INVALID", "predicate.where[0]"],
])("of %s with %j is refused: %s at %s", async (asked, where, reason, at) => {
  expect(await failureOf(ask[asked](where))).toMatchObject({ code: "InvalidArgument", reason, fields: [at] });
});
