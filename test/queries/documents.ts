import { type JsonObject, toJson } from "@bufbuild/protobuf";
import { CustomTypeSchema } from "../../gen/clientele/v1/custom_type_pb.ts";
import { CustomerGroupSchema } from "../../gen/clientele/v1/customer_group_pb.ts";
import { CustomerSchema } from "../../gen/clientele/v1/customer_pb.ts";
import { OrderSchema } from "../../gen/clientele/v1/order_pb.ts";
import { byId, PROJECT } from "../conformance/groups.ts";
import { CUSTOM_TYPE, CUSTOMER, CUSTOMER_GROUP, type ObjectKind } from "./fields.ts";
import { inTurns } from "./in-turns.ts";
import type { Clients } from "./random-rows.ts";
import { canonical } from "./values.ts";

/** One kind of resource: its fields, all that there are of it, and how to ask for some. */
export type Resource = {
  readonly name: "customers" | "groups" | "types";
  readonly kind: ObjectKind;
  readonly documents: readonly JsonObject[];
};

const WHOLE = { alwaysEmitImplicit: true };
const ALL = { projectKey: PROJECT, limit: 500 };

/** All the resources of the project as predicates see them. */
export async function readDocuments({ customers, groups, types }: Clients): Promise<readonly Resource[]> {
  const { results: allTypes } = await types.queryCustomTypes(ALL);
  const { results: allGroups } = await groups.queryCustomerGroups(ALL);
  const { results: allCustomers } = await customers.queryCustomers(ALL);
  const keys = new Map([...allTypes, ...allGroups].map(({ id, key }) => [id, key]));

  const orders = await inTurns(allCustomers, async ({ id }) => {
    const page = await customers.listOrders({ projectKey: PROJECT, ref: byId(id), limit: 500 });
    return page.orders.map((order) => toJson(OrderSchema, order, WHOLE));
  });
  const customerDocuments = allCustomers.map((customer, n) => ({
    ...objectOf(toJson(CustomerSchema, customer, WHOLE)),
    lowercaseEmail: canonical(customer.email),
    orders: orders[n] ?? [],
  }));
  const named = (documents: readonly JsonObject[]) => documents.map((one) => withKeys(one, keys));
  return [
    { name: "customers", kind: CUSTOMER, documents: named(customerDocuments) },
    {
      name: "groups",
      kind: CUSTOMER_GROUP,
      documents: named(allGroups.map((group) => objectOf(toJson(CustomerGroupSchema, group, WHOLE)))),
    },
    {
      name: "types",
      kind: CUSTOM_TYPE,
      documents: allTypes.map((type) => withoutNothing(objectOf(toJson(CustomTypeSchema, type, WHOLE)))),
    },
  ];
}

/** Without texts in no language: these are not there. */
function withoutNothing({ description = {}, ...type }: JsonObject): JsonObject {
  return Object.keys(objectOf(description)).length === 0 ? type : { ...type, description };
}

/** With the keys of what is referred to, which predicates can ask for. */
function withKeys(document: JsonObject, keys: ReadonlyMap<string, string | undefined>): JsonObject {
  const refer = (reference: unknown): JsonObject => {
    const { id } = reference as { readonly id: string };
    const key = keys.get(id);
    return key === undefined ? { id } : { id, key };
  };
  const withType = (one: JsonObject): JsonObject =>
    one.custom
      ? { ...one, custom: { ...objectOf(one.custom), type: refer(objectOf(one.custom).type) } }
      : one;

  const { customerGroup, customerGroupAssignments = [], addresses = [], ...own } = document;
  return withType({
    ...own,
    ...(customerGroup !== undefined && { customerGroup: refer(customerGroup) }),
    customerGroupAssignments: objectsOf(customerGroupAssignments).map((one) => ({
      customerGroup: refer(one.customerGroup),
    })),
    addresses: objectsOf(addresses).map(withType),
  });
}

function objectOf(value: unknown): JsonObject {
  return value as JsonObject;
}

function objectsOf(value: unknown): readonly JsonObject[] {
  return value as readonly JsonObject[];
}
