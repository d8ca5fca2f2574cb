import { toJson } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import {
  AddCustomersResponseSchema,
  OnMembers,
  RemoveCustomersResponseSchema,
} from "../../../gen/clientele/v1/customer_group_service_pb.ts";
import { byEmail } from "../../support/customers.ts";
import { customerJson, getCustomer, newCustomer } from "../customers.ts";
import { byId, byKey, getGroup, groupOf, newGroup, PROJECT, unique } from "../groups.ts";
import type { Ground } from "../suite.ts";

export function membershipCases(ground: () => Ground): void {
  test("adds customers to a group and takes them out, and says what became of each", async () => {
    const { groups, customers } = ground();
    const key = unique("club");
    const { id } = await newGroup(groups, { key });
    const one = await newCustomer(customers, { key: unique("one") });
    const member = await newCustomer(customers, { customerGroup: { id } });
    const stranger = await newCustomer(customers);
    const refs = [byKey(one.key ?? ""), byEmail(member.email.toUpperCase()), byId(one.id.toUpperCase())];

    const added = await groups.addCustomers({ projectKey: PROJECT, ref: byKey(key), customers: refs });
    expect(toJson(AddCustomersResponseSchema, added)).toEqual({
      results: [
        { customerId: one.id, outcome: "OUTCOME_ADDED" },
        { customerId: member.id, outcome: "OUTCOME_ALREADY_MEMBER" },
        { customerId: one.id, outcome: "OUTCOME_ALREADY_MEMBER" },
      ],
    });
    expect(customerJson(await getCustomer(customers, one))).toMatchObject({
      version: "2",
      customerGroupAssignments: [{ customerGroup: { id } }],
    });
    expect(await getCustomer(customers, member)).toEqual(member);
    expect(await getGroup(groups, id)).toMatchObject({ version: 1n, customerCount: 2 });

    const out = [byId(stranger.id), byId(member.id), byEmail(one.email)];
    const removed = await groups.removeCustomers({ projectKey: PROJECT, ref: byId(id), customers: out });
    expect(toJson(RemoveCustomersResponseSchema, removed)).toEqual({
      results: [
        { customerId: stranger.id, outcome: "OUTCOME_NOT_MEMBER" },
        { customerId: member.id, outcome: "OUTCOME_REMOVED" },
        { customerId: one.id, outcome: "OUTCOME_REMOVED" },
      ],
    });
    const left = await getCustomer(customers, member);
    expect([left.version, left.customerGroup]).toEqual([2n, undefined]);
    expect(await getGroup(groups, id)).toMatchObject({ version: 1n, customerCount: 0 });
  });
}

export function memberDetachCases(ground: () => Ground): void {
  test("takes the members out of a group that is deleted, where this is asked for", async () => {
    const { groups, customers } = ground();
    const group = await newGroup(groups);
    const customer = await newCustomer(customers, {
      customerGroup: { id: group.id },
      customerGroupAssignments: [{ id: group.id }],
    });
    const request = { projectKey: PROJECT, ref: byId(group.id), expectedVersion: 1n };
    const answer = await groups.deleteCustomerGroup({ ...request, onMembers: OnMembers.DETACH });
    expect(groupOf(answer)).toEqual({ ...group, customerCount: 1 });
    const { customerGroup, customerGroupAssignments, version } = await getCustomer(customers, customer);
    expect([customerGroup, customerGroupAssignments, version]).toEqual([undefined, [], 2n]);
  });
}
