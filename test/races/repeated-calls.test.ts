import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AddCustomersResponse_Outcome } from "../../gen/clientele/v1/customer_group_service_pb.ts";
import { CustomerStatus } from "../../gen/clientele/v1/customer_pb.ts";
import { byId, groupOf } from "../conformance/groups.ts";
import { expectConsistent } from "../support/consistency.ts";
import { customerOf } from "../support/customers.ts";
import { tally } from "../support/failures.ts";
import { placedOrder } from "../support/orders.ts";
import { type Instances, race, startInstances } from "./instances.ts";

// Calls of one request id come in pairs, one to each of two instances of the service.

const ROUNDS = 12;

const projectKey = "demo";
let instances: Instances;
let groupId: string;

beforeAll(async () => {
  instances = await startInstances(projectKey);
  const draft = { name: "members" };
  groupId = groupOf(await instances.groups(0).createCustomerGroup({ projectKey, draft })).id;
});
afterAll(() => instances.stop());

async function newCustomer(): Promise<string> {
  const draft = { email: `${randomUUID()}@example.test` };
  return customerOf(await instances.customers(0).createCustomer({ projectKey, draft })).id;
}

async function changesOf(id: string): Promise<number> {
  const [row] = await instances.sql<{ changes: number }[]>`
    select count(*)::integer as changes from changes where resource_id = ${id}`;
  return row?.changes ?? -1;
}

describe("calls of one request id, in pairs", () => {
  test("create one customer each, and are answered alike", async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const [requestId, email] = [randomUUID(), `pair-${round}@example.test`];
      const [one, two] = await Promise.all(
        race(2, (caller) =>
          instances.customers(caller).createCustomer({ projectKey, draft: { email }, requestId }),
        ),
      );
      expect(two).toEqual(one);
    }
    await expectConsistent(instances.sql, projectKey);
  });

  test("add customers once, and both tell them as added", async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const [requestId, id] = [randomUUID(), await newCustomer()];
      const call = { projectKey, ref: byId(groupId), customers: [byId(id), byId(id)], requestId };
      const answers = await Promise.all(race(2, (caller) => instances.groups(caller).addCustomers(call)));
      for (const { results } of answers) {
        const { ADDED, ALREADY_MEMBER } = AddCustomersResponse_Outcome;
        expect(results.map(({ outcome }) => outcome)).toEqual([ADDED, ALREADY_MEMBER]);
      }
      expect(await changesOf(id)).toBe(2);
    }
    await expectConsistent(instances.sql, projectKey);
  });

  test("record one order, and are answered alike", async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const [requestId, id] = [randomUUID(), await newCustomer()];
      const call = { projectKey, ref: byId(id), order: placedOrder(`pair ${round}`), requestId };
      const [one, two] = await Promise.all(
        race(2, (caller) => instances.customers(caller).recordOrder(call)),
      );
      expect(two).toEqual(one);
      const customer = customerOf(
        await instances.customers(round).getCustomer({ projectKey, ref: byId(id) }),
      );
      expect(customer).toMatchObject({ version: 2n, placedOrderCount: 1, status: CustomerStatus.ACQUIRED });
    }
    await expectConsistent(instances.sql, projectKey);
  });

  test.each([{ dataErasure: false }, { dataErasure: true }])(
    "delete one customer, and neither is told that there is none: %o",
    async ({ dataErasure }) => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const [requestId, id] = [randomUUID(), await newCustomer()];
        const call = { projectKey, ref: byId(id), expectedVersion: 1n, dataErasure, requestId };
        const answers = await Promise.all(
          race(2, (caller) => instances.customers(caller).deleteCustomer(call)),
        );
        expect(answers.map((answer) => customerOf(answer).id)).toEqual([id, id]);
        const emails = answers.map((answer) => customerOf(answer).email).filter((email) => email !== "");
        expect(emails).toHaveLength(dataErasure ? 1 : 2);
      }
      await expectConsistent(instances.sql, projectKey);
    },
  );

  test("with another payload are refused", async () => {
    const [requestId, id] = [randomUUID(), await newCustomer()];
    const { counts } = await tally(
      race(2, (caller) =>
        instances
          .customers(caller)
          .recordOrder({ projectKey, ref: byId(id), order: placedOrder(`other ${caller}`), requestId }),
      ),
    );
    expect(counts).toEqual({ OK: 1, "InvalidArgument REQUEST_ID_REUSED": 1 });
  });
});
