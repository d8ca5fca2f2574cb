import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { OnMembers } from "../../gen/clientele/v1/customer_group_service_pb.ts";
import { byId, groupOf } from "../conformance/groups.ts";
import { openSql } from "../support/consistency.ts";
import { customerClient, customerOf } from "../support/customers.ts";
import { groupClient, startTestService } from "../support/service.ts";

// The size of a customer, which bounds pages and memberships, is kept by three commit functions.

const projectKey = "demo";
let service: Awaited<ReturnType<typeof startTestService>>;
let sql: ReturnType<typeof openSql>;
let groups: ReturnType<typeof groupClient>;
let customers: ReturnType<typeof customerClient>;

beforeAll(async () => {
  service = await startTestService();
  sql = openSql(service.address);
  groups = groupClient(service.baseUrl);
  customers = customerClient(service.baseUrl);
});
afterAll(async () => {
  await sql.end();
  await service.stop();
});

async function newGroups(): Promise<readonly string[]> {
  const draft = () => ({ name: randomUUID() });
  const created = [1, 2, 3].map(() => groups.createCustomerGroup({ projectKey, draft: draft() }));
  return (await Promise.all(created)).map((answer) => groupOf(answer).id);
}

async function newCustomer(): Promise<string> {
  const draft = { email: `${randomUUID()}@example.test` };
  return customerOf(await customers.createCustomer({ projectKey, draft })).id;
}

async function sizeOf(id: string): Promise<number> {
  const [row] = await sql<{ byteSize: number }[]>`select byte_size from customers where id = ${id}`;
  return row?.byteSize ?? -1;
}

/** Assigns by an update, which measures the customer anew. */
async function measured(id: string, customerGroups: readonly string[]): Promise<number> {
  const { version } = customerOf(await customers.getCustomer({ projectKey, ref: byId(id) }));
  const value = { customerGroups: customerGroups.map(byId) };
  const actions = [
    { action: { case: "setCustomerGroupAssignments", value } } as const,
    // So that it changes something.
    { action: { case: "setTitle", value: { title: `${version}`.padStart(9, "0") } } } as const,
  ];
  await customers.updateCustomer({ projectKey, ref: byId(id), expectedVersion: version, actions });
  return sizeOf(id);
}

test("a customer whom AddCustomers assigns is as large as one whom an update assigns", async () => {
  const [id, groupIds] = [await newCustomer(), await newGroups()];
  const none = await measured(id, []);
  for (const groupId of groupIds) {
    await groups.addCustomers({ projectKey, ref: byId(groupId), customers: [byId(id)] });
  }
  const added = await sizeOf(id);
  const assigned = await measured(id, groupIds);
  expect(assigned).toBeGreaterThan(none + 200);
  // The first of a list takes a comma less.
  expect(added - assigned).toBeOneOf([0, 1, 2]);
});

test("a customer who leaves groups is as small as before", async () => {
  const [id, [first = "", second = "", third = ""]] = [await newCustomer(), await newGroups()];
  const before = await sizeOf(id);
  for (let round = 0; round < 3; round += 1) {
    for (const groupId of [first, second]) {
      await groups.addCustomers({ projectKey, ref: byId(groupId), customers: [byId(id)] });
    }
    for (const groupId of [first, second]) {
      await groups.removeCustomers({ projectKey, ref: byId(groupId), customers: [byId(id)] });
    }
    expect(await sizeOf(id)).toBe(before);
  }
  await groups.addCustomers({ projectKey, ref: byId(third), customers: [byId(id)] });
  const onMembers = OnMembers.DETACH;
  await groups.deleteCustomerGroup({ projectKey, ref: byId(third), expectedVersion: 1n, onMembers });
  expect(await sizeOf(id)).toBe(before);
});
