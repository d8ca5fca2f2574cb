import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { ConnectError, type Interceptor } from "@connectrpc/connect";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  AddCustomersResponse_Outcome as Added,
  OnMembers,
  RemoveCustomersResponse_Outcome as Removed,
} from "../../gen/clientele/v1/customer_group_service_pb.ts";
import { byId, groupOf } from "../conformance/groups.ts";
import { expectConsistent, openSql } from "../support/consistency.ts";
import { customerClient, customerOf } from "../support/customers.ts";
import { createDatabase } from "../support/database.ts";
import { describeFailure } from "../support/failures.ts";
import { cancelledOrder, placedOrder } from "../support/orders.ts";
import { startProxy } from "../support/proxy.ts";
import { groupClient, startServiceOn } from "../support/service.ts";

// Writes that no version protects are committed, several at once, and the answer is lost on its way.

const ROUNDS = 5;
const CALLS = 4;

const projectKey = "demo";
let database: Awaited<ReturnType<typeof createDatabase>>;
let proxy: Awaited<ReturnType<typeof startProxy>>;
let service: Awaited<ReturnType<typeof startServiceOn>>;
let sql: ReturnType<typeof openSql>;
let groups: ReturnType<typeof groupClient>;
let customers: ReturnType<typeof customerClient>;

beforeAll(async () => {
  database = await createDatabase();
  proxy = await startProxy(database);
  service = await startServiceOn(proxy.address);
  sql = openSql(database);
  groups = groupClient(service.baseUrl, [insistence]);
  customers = customerClient(service.baseUrl, [insistence]);
});
afterAll(async () => {
  await service.stop();
  await sql.end();
  await proxy.stop();
  await database.drop();
});

/** Repeats a call that came too late for the others' commit; it is told that nothing was written. */
const insistence: Interceptor = (next) => async (request) => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await next(request);
    } catch (error) {
      const { reason } = describeFailure(ConnectError.from(error));
      if (reason !== "BACKEND_UNAVAILABLE" || attempt === 100) throw error;
      await sleep(20);
    }
  }
};

/** What doomed calls say of who makes them: it is in what is written, and not in what is read before. */
const DOOMED = "doomed";
const doomed = { headers: { "x-external-user-id": DOOMED } };

/** Makes doomed calls, and returns what they are told in the end. */
async function losing<Answer>(makeCalls: () => Promise<Answer>[]): Promise<readonly Answer[]> {
  // They gather while a write of another kind is under way, and are sent when it is done.
  const { calls, lostBefore } = await sql.begin(async (held) => {
    await held`select from projects for update`;
    const another = newGroup();
    const gathered = Promise.all([another, ...makeCalls()]);
    await sleep(50);
    proxy.loseAnswersTo(DOOMED);
    return { calls: gathered, lostBefore: proxy.lost() };
  });
  while (proxy.lost() === lostBefore) await sleep(1);
  const [made] = await sql`select from changes where actor ->> 'externalUserId' = ${DOOMED} and sequence = (
    select last_sequence from projects
  )`;
  expect(made).toBeDefined();
  proxy.loseAnswersTo(undefined);
  const [, ...answers] = await calls;
  return answers as Answer[];
}

async function newCustomer(): Promise<string> {
  const draft = { email: `${randomUUID()}@example.test` };
  return customerOf(await customers.createCustomer({ projectKey, draft })).id;
}

function newCustomers(): Promise<readonly string[]> {
  return Promise.all(Array.from({ length: CALLS }, newCustomer));
}

async function newGroup(): Promise<string> {
  const draft = { name: randomUUID() };
  return groupOf(await groups.createCustomerGroup({ projectKey, draft })).id;
}

async function countOf(groupId: string): Promise<number> {
  return groupOf(await groups.getCustomerGroup({ projectKey, ref: byId(groupId) })).customerCount;
}

async function get(id: string) {
  return customerOf(await customers.getCustomer({ projectKey, ref: byId(id) }));
}

async function repeatedly(round: (number: number) => Promise<void>): Promise<void> {
  for (let number = 0; number < ROUNDS; number += 1) await round(number);
  await expectConsistent(sql, projectKey);
}

test.each([{ isNamed: false }, { isNamed: true }])(
  "AddCustomers adds once, and tells as added whom it added: %o",
  ({ isNamed }) =>
    repeatedly(async () => {
      const [groupId, member, ids] = [await newGroup(), await newCustomer(), await newCustomers()];
      const request = { projectKey, ref: byId(groupId) };
      await groups.addCustomers({ ...request, customers: [byId(member)] });
      const answers = await losing(() =>
        ids.map((id) => {
          const requestId = isNamed ? randomUUID() : "";
          return groups.addCustomers(
            { ...request, customers: [id, member, id].map(byId), requestId },
            doomed,
          );
        }),
      );
      for (const { results } of answers) {
        const outcomes = results.map(({ outcome }) => outcome);
        expect(outcomes).toEqual([Added.ADDED, Added.ALREADY_MEMBER, Added.ALREADY_MEMBER]);
      }
      expect(await countOf(groupId)).toBe(CALLS + 1);
      for (const id of ids) expect((await get(id)).version).toBe(2n);
    }),
);

test("RemoveCustomers removes once, and tells as removed whom it removed", () =>
  repeatedly(async () => {
    const [groupId, stranger, ids] = [await newGroup(), await newCustomer(), await newCustomers()];
    const request = { projectKey, ref: byId(groupId) };
    await groups.addCustomers({ ...request, customers: ids.map(byId) });
    const answers = await losing(() =>
      ids.map((id) =>
        groups.removeCustomers({ ...request, customers: [id, stranger, id].map(byId) }, doomed),
      ),
    );
    for (const { results } of answers) {
      const outcomes = results.map(({ outcome }) => outcome);
      expect(outcomes).toEqual([Removed.REMOVED, Removed.NOT_MEMBER, Removed.NOT_MEMBER]);
    }
    expect(await countOf(groupId)).toBe(0);
    for (const id of ids) expect((await get(id)).version).toBe(3n);
  }));

test("RecordOrder records each order once", () =>
  repeatedly(async (round) => {
    const ids = await newCustomers();
    const record = (id: string, order: ReturnType<typeof placedOrder>, options = {}) =>
      customers.recordOrder({ projectKey, ref: byId(id), order }, options);
    const isCancelled = (number: number) => number % 2 === 0;
    for (const [number, id] of ids.entries()) {
      if (isCancelled(number)) await record(id, placedOrder(`${round} ${number}`));
    }
    const answers = await losing(() =>
      ids.map((id, number) => {
        const draft = isCancelled(number) ? cancelledOrder : placedOrder;
        return record(id, draft(`${round} ${number}`), doomed);
      }),
    );
    for (const [number, id] of ids.entries()) {
      const { orders } = await customers.listOrders({ projectKey, ref: byId(id) });
      expect(orders).toEqual([answers[number]?.order]);
      const counted = isCancelled(number)
        ? { version: 3n, placedOrderCount: 0 }
        : { version: 2n, placedOrderCount: 1 };
      expect(await get(id)).toMatchObject(counted);
    }
  }));

test("groups that let their members go are deleted once, and each member leaves once", () =>
  repeatedly(async () => {
    const ids = await newCustomers();
    const groupIds = await Promise.all([newGroup(), newGroup()]);
    for (const groupId of groupIds) {
      await groups.addCustomers({ projectKey, ref: byId(groupId), customers: ids.map(byId) });
    }
    const deletion = { projectKey, expectedVersion: 1n, onMembers: OnMembers.DETACH };
    const answers = await losing(() =>
      groupIds.map((groupId) => groups.deleteCustomerGroup({ ...deletion, ref: byId(groupId) }, doomed)),
    );
    expect(answers.map((answer) => groupOf(answer).customerCount)).toEqual([CALLS, CALLS]);
    for (const id of ids) expect(await get(id)).toMatchObject({ version: 5n, customerGroupAssignments: [] });
  }));

test("updates of a group that was updated just before", async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const ref = byId(await newGroup());
    const update = async (expectedVersion: bigint, priceListId: string, options = {}) => {
      const actions = [{ action: { case: "setPriceList", value: { priceListId } } } as const];
      const call = { projectKey, ref, expectedVersion, actions };
      return groupOf(await groups.updateCustomerGroup(call, options));
    };
    await update(1n, "first");
    const lostBefore = proxy.lost();
    proxy.loseAnswersTo(DOOMED);
    const answer = update(2n, "second", doomed);
    while (proxy.lost() === lostBefore) await sleep(1);
    proxy.loseAnswersTo(undefined);
    expect(await answer).toMatchObject({ version: 3n, priceListId: "second" });
    expect(await update(3n, "third")).toMatchObject({ version: 4n, priceListId: "third" });
    const changes = await sql`select from changes where resource_id = ${ref.value.value}`;
    expect(changes).toHaveLength(4);
  }
  await expectConsistent(sql, projectKey);
});
