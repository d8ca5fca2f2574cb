import type { JsonObject } from "@bufbuild/protobuf";
import { beforeAll, describe, expect, test } from "vitest";
import type { CustomType } from "../../../gen/clientele/v1/custom_type_pb.ts";
import type { Customer } from "../../../gen/clientele/v1/customer_pb.ts";
import { customerOf } from "../../support/customers.ts";
import { customerActions, customerJson, newCustomer } from "../customers.ts";
import { byId, getGroup, json, newGroup, PROJECT, unique } from "../groups.ts";
import type { Ground } from "../suite.ts";
import { fields, groupReference, newType, typeJson } from "../types.ts";

const ASSIGNED = "customer_group_assignments[*].customer_group";

export function customerExpansionCases(ground: () => Ground): void {
  describe("expand of customers", () => {
    let type: CustomType;
    let customer: Customer;
    /** References with what they are expanded to. */
    let primary: JsonObject;
    let other: JsonObject;

    beforeAll(async () => {
      const { customers, groups, types } = ground().seeder;
      type = await newType(types, { resourceTypes: ["RESOURCE_TYPE_CUSTOMER"], ...fields("parent") });
      const [one, two] = [await newGroup(groups, { metadata: { a: [1] } }), await newGroup(groups)];
      customer = await newCustomer(customers, {
        customerGroup: { id: one.id },
        customerGroupAssignments: [{ id: two.id }, { id: one.id }],
        custom: { type: { id: type.id }, fields: { parent: groupReference(two) } },
      });
      // With the counts that they have now.
      primary = { id: one.id, obj: json(await getGroup(groups, one.id)) };
      other = { id: two.id, obj: json(await getGroup(groups, two.id)) };
    });

    const get = async (...expand: string[]) => {
      const request = { projectKey: PROJECT, ref: byId(customer.id), expand };
      return customerOf(await ground().customers.getCustomer(request));
    };

    test("includes nothing that isn't asked for", async () => {
      expect(await get()).toEqual(customer);
      expect(await get("custom.fields.none")).toEqual(customer);
    });

    test("includes the primary group, the others, the custom type and what a field refers to", async () => {
      expect(customerJson(await get("customer_group"))).toEqual({
        ...customerJson(customer),
        customerGroup: primary,
      });
      expect(customerJson(await get(ASSIGNED, "custom.type", "custom.fields.parent"))).toEqual({
        ...customerJson(customer),
        customerGroupAssignments: [{ customerGroup: other }, { customerGroup: primary }],
        custom: {
          type: { id: type.id, obj: typeJson(type) },
          fields: { parent: { typeId: "customer-group", ...other } },
        },
      });
    });

    test("includes the same in the results of a query and in the answer to an update", async () => {
      const { customers } = ground();
      const expand = ["customer_group", ASSIGNED, "custom.fields.parent"];
      const expanded = await get(...expand);
      const { id } = customer;
      const query = { projectKey: PROJECT, memberOf: byId(customer.customerGroup?.id ?? ""), expand };
      expect((await customers.queryCustomers(query)).results).toEqual([expanded]);

      const actions = customerActions({ setKey: {} });
      const update = { projectKey: PROJECT, ref: byId(id), expectedVersion: 1n, actions, expand };
      expect(customerOf(await customers.updateCustomer(update))).toEqual(expanded);
      const once = { ...update, requestId: unique("request") };
      const first = await customers.updateCustomer(once);
      expect(customerOf(first)).toEqual(expanded);
      // What was included is not remembered: it may be erased since.
      expect(customerOf(await customers.updateCustomer(once))).toEqual(await get());
    });
  });
}
