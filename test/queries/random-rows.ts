import { createClient, type Interceptor } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import fc from "fast-check";
import { CustomTypeService } from "../../gen/clientele/v1/custom_type_service_pb.ts";
import { CustomerGroupService } from "../../gen/clientele/v1/customer_group_service_pb.ts";
import { CustomerService } from "../../gen/clientele/v1/customer_service_pb.ts";
import { ResourceType } from "../../gen/clientele/v1/resource_type_pb.ts";
import { byId, PROJECT } from "../conformance/groups.ts";
import { inTurns } from "./in-turns.ts";
import { customerDrafts, groupDrafts, type OwnType, orderDrafts, typeDrafts } from "./random-drafts.ts";
import { FIELDS } from "./random-types.ts";

export type Clients = ReturnType<typeof connect>;

const TYPES = 20;
const GROUPS = 40;
const CUSTOMERS = 150;
const ORDERS = 220;
/** Types that resources have. The others only look odd. */
const USED = [FIELDS, FIELDS.filter((_, n) => n % 2 === 0), FIELDS.filter((_, n) => n % 3 === 0)];

/** Clients whose every third call says that Ada made it. */
export function connect(baseUrl: string) {
  let calls = 0;
  const asSomebody: Interceptor = (next) => (request) => {
    calls += 1;
    if (calls % 3 === 0) request.header.set("x-external-user-id", calls % 2 === 0 ? "Ada" : "ada");
    return next(request);
  };
  const transport = createGrpcTransport({ baseUrl, interceptors: [asSomebody] });
  return {
    customers: createClient(CustomerService, transport),
    groups: createClient(CustomerGroupService, transport),
    types: createClient(CustomTypeService, transport),
  };
}

/** Makes customers, groups and types with odd values of everything, the same ones for the same seed. */
export async function makeRandomRows(clients: Clients, seed: number): Promise<void> {
  const types = await makeTypes(clients, seed);
  const groupIds = await makeGroups(clients, seed, types);
  const customerIds = await makeCustomers(clients, seed, types, groupIds);
  await recordOrders(clients, seed, customerIds);
}

async function makeTypes({ types }: Clients, seed: number): Promise<readonly OwnType[]> {
  const used: OwnType[] = [];
  for (const [n, fields] of USED.entries()) {
    const draft = {
      key: `used_${n}`,
      name: { en: `Used ${n}` },
      resourceTypes: [ResourceType.CUSTOMER, ResourceType.CUSTOMER_GROUP, ResourceType.ADDRESS],
      fieldDefinitions: fields.map(({ name, type }) => ({ name, type: { type } })),
    };
    const { customType } = await types.createCustomType({ projectKey: PROJECT, draft });
    used.push({ id: customType?.id ?? "", fields: fields.map(({ name }) => name) });
  }
  const drafts = fc.sample(typeDrafts, { seed, numRuns: TYPES - USED.length });
  for (const [n, draft] of drafts.entries()) {
    await types.createCustomType({ projectKey: PROJECT, draft: { ...draft, key: `odd-${n}` } });
  }
  return used;
}

async function makeGroups(clients: Clients, seed: number, types: readonly OwnType[]) {
  const { groups } = clients;
  const create = async (draft: object, n: number): Promise<string> => {
    const named = {
      name: `${NAMES[n % NAMES.length]} ${n}`,
      ...(n % 4 > 0 && { key: `${n % 2 ? "VIP" : "vip"}-${n}` }),
    };
    const { customerGroup } = await groups.createCustomerGroup({
      projectKey: PROJECT,
      draft: { ...named, ...draft },
    });
    return customerGroup?.id ?? "";
  };
  const plain = await Promise.all([0, 1, 2, 3, 4].map((n) => create({}, n)));
  const targets = { groupIds: plain, customerIds: [] };
  const odd = fc.sample(groupDrafts(withoutCustomers(types), targets), {
    seed,
    numRuns: GROUPS - plain.length,
  });
  const ids = [...plain, ...(await inTurns(odd, (draft, n) => create(draft, n + plain.length)))];
  for (const id of ids.slice(0, 10)) {
    await groups.updateCustomerGroup({
      projectKey: PROJECT,
      ref: byId(id),
      expectedVersion: 1n,
      actions: [
        {
          action: {
            case: "addAttachment",
            value: { attachment: { name: `Contract ${id.slice(-1)}`, reference: 'R"1' } },
          },
        },
        {
          action: {
            case: "addAttachment",
            value: { attachment: { name: "Äda", url: "https://example.com/%7e" } },
          },
        },
      ],
    });
  }
  return ids;
}

async function makeCustomers(
  clients: Clients,
  seed: number,
  types: readonly OwnType[],
  groupIds: readonly string[],
) {
  const create = async (draft: object, n: number): Promise<string> => {
    const own = {
      email: `${NAMES[n % NAMES.length]?.replaceAll(" ", ".")}${n}@${DOMAINS[n % DOMAINS.length]}`,
      ...(n % 3 === 0 && { key: `customer_${n}` }),
      ...(n % 5 === 0 && { customerNumber: `${n % 2 ? "K" : "k"}-${n}` }),
    };
    const { customer } = await clients.customers.createCustomer({
      projectKey: PROJECT,
      draft: { ...own, ...draft },
    });
    return customer?.id ?? "";
  };
  const plain = await Promise.all([0, 1, 2, 3, 4].map((n) => create({}, n)));
  // Few groups are many customers' own.
  const targets = { groupIds: groupIds.slice(0, 12), customerIds: plain };
  const odd = fc.sample(customerDrafts(types, targets), { seed, numRuns: CUSTOMERS - plain.length });
  return [...plain, ...(await inTurns(odd, (draft, n) => create(draft, n + plain.length)))];
}

async function recordOrders(
  { customers }: Clients,
  seed: number,
  customerIds: readonly string[],
): Promise<void> {
  const orders = fc.sample(fc.tuple(orderDrafts, fc.constantFrom(...customerIds)), { seed, numRuns: ORDERS });
  await inTurns(orders, ([order, id], n) =>
    customers.recordOrder({ projectKey: PROJECT, ref: byId(id), order: { ...order, orderId: `Order ${n}` } }),
  );
}

/** A group's reference can't lead to a customer before there are any. */
function withoutCustomers(types: readonly OwnType[]): readonly OwnType[] {
  return types.map(({ id, fields }) => ({
    id,
    fields: fields.filter((name) => !name.startsWith("customer")),
  }));
}

const NAMES = ["Zoe", "zoe", "Ädam", "äDAM", "o'brien", "a_b", "100%", "日本", "😀", "𐐀b", "Straße", "b.c+d"];
const DOMAINS = ["a.example", "B.Example", "bücher.example"];
