import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { CustomerGroup } from "../../gen/clientele/v1/customer_group_pb.ts";
import { type Action, byId, byKey, groupOf } from "../conformance/groups.ts";
import { expectConsistent } from "../support/consistency.ts";
import { customerOf } from "../support/customers.ts";
import { failureOf, tally } from "../support/failures.ts";
import { openCallers } from "./callers.ts";
import { type Instances, race, roundsOf, runRounds, startInstances } from "./instances.ts";

// An instance knows the groups that it wrote last. Here another one writes to them, too.

const ROUNDS = roundsOf(160);
const CALLERS = 8;
/** Callers that follow each other use different instances. */
const [FIRST, SECOND] = [0, 1];

const projectKey = "demo";
let instances: Instances;

beforeAll(async () => {
  instances = await startInstances(projectKey);
});
afterAll(() => instances.stop());

async function createGroup(key = randomUUID()): Promise<CustomerGroup> {
  const draft = { name: randomUUID(), key };
  return groupOf(await instances.groups(FIRST).createCustomerGroup({ projectKey, draft }));
}

async function update(caller: number, { id, version }: CustomerGroup, ...actions: readonly Action[]) {
  const call = { projectKey, ref: byId(id), expectedVersion: version };
  const answer = await instances
    .groups(caller)
    .updateCustomerGroup({ ...call, actions: actions.map((action) => ({ action })) });
  return groupOf(answer);
}

async function read(caller: number, { id }: CustomerGroup): Promise<CustomerGroup> {
  return groupOf(await instances.groups(caller).getCustomerGroup({ projectKey, ref: byId(id) }));
}

async function addMember(caller: number, { id }: CustomerGroup): Promise<void> {
  const draft = { email: `${randomUUID()}@example.test` };
  const customer = customerOf(await instances.customers(caller).createCustomer({ projectKey, draft }));
  await instances.groups(caller).addCustomers({ projectKey, ref: byId(id), customers: [byId(customer.id)] });
}

function priceList(priceListId: string): Action {
  return { case: "setPriceList", value: { priceListId } };
}

function reference(text: string): Action {
  return { case: "setReference", value: { reference: text } };
}

test("an update knows of members who came and went at another instance", async () => {
  const second = await update(FIRST, await createGroup(), priceList("a"));
  await addMember(SECOND, second);
  const third = await update(FIRST, second, priceList("b"));
  expect(third).toMatchObject({ version: 3n, customerCount: 1, priceListId: "b" });
  expect(third).toEqual(await read(SECOND, third));
  await addMember(SECOND, third);
  expect(await update(FIRST, third, priceList("b"))).toEqual({ ...third, customerCount: 2 });
});

test("an update is of what another instance wrote, or is refused", async () => {
  const second = await update(FIRST, await createGroup(), priceList("a"));
  const third = await update(SECOND, second, reference("theirs"));
  const late = await failureOf(update(FIRST, second, priceList("b")));
  expect(late).toMatchObject({ reason: "VERSION_MISMATCH", metadata: { current_version: "3" } });
  expect(await update(FIRST, third, priceList("b"))).toMatchObject({ reference: "theirs", priceListId: "b" });
});

test("what is refused is refused for what is there", async () => {
  const second = await update(FIRST, await createGroup(), priceList("a"));
  await update(SECOND, second, reference("theirs"));
  const impossible: Action = { case: "removeAttachment", value: { id: randomUUID() } };
  expect(await failureOf(update(FIRST, second, impossible))).toMatchObject({ reason: "VERSION_MISMATCH" });
  const gone = await update(FIRST, await createGroup(), priceList("a"));
  await instances
    .groups(SECOND)
    .deleteCustomerGroup({ projectKey, ref: byId(gone.id), expectedVersion: gone.version });
  for (const _ of [1, 2]) {
    expect(await failureOf(update(FIRST, gone, priceList("b")))).toMatchObject({
      reason: "RESOURCE_NOT_FOUND",
    });
  }
});

test("a key is that of the group that has it now", async () => {
  const key = randomUUID();
  const first = await update(FIRST, await createGroup(key), priceList("a"));
  await update(SECOND, first, { case: "setKey", value: { key: randomUUID() } });
  const other = await createGroup(key);
  const call = { projectKey, ref: byKey(key), expectedVersion: other.version };
  const answer = await instances
    .groups(FIRST)
    .updateCustomerGroup({ ...call, actions: [{ action: priceList("b") }] });
  expect(groupOf(answer)).toMatchObject({ id: other.id, version: 2n, priceListId: "b" });
});

test("fields of a type that another instance removes are gone", async () => {
  const { createType, updateType } = openCallers(instances, projectKey);
  const type = await createType(SECOND, randomUUID(), "kept", "removed");
  const custom = { type: byId(type.id), fields: { kept: "k", removed: "r" } };
  const second = await update(FIRST, await createGroup(), { case: "setCustomType", value: custom });
  await updateType(SECOND, type.id, type.version, {
    case: "removeFieldDefinition",
    value: { fieldName: "removed" },
  });
  const third = await update(FIRST, second, priceList("b"));
  expect(third.custom?.fields).toEqual({ kept: "k" });
  const fourth = await update(FIRST, third, { case: "setCustomType", value: {} });
  expect(await update(FIRST, fourth, priceList("c"))).toMatchObject({ version: 5n, priceListId: "c" });
  expect((await read(SECOND, fourth)).custom).toBeUndefined();
});

test("of racing updates each is of the version before it, with as many members as there were", async () => {
  await runRounds(ROUNDS, 4, async () => {
    const group = await createGroup();
    const versions = new Map([[group.version, group]]);
    const calls = race(CALLERS, async (caller) => {
      let known = group;
      for (let time = 0; time < 6; time += 1) {
        if (caller === 0) await addMember(time, group);
        const text = randomUUID();
        const change = caller % 4 < 2 ? priceList(text) : reference(text);
        try {
          known = await update(caller, known, change);
          versions.set(known.version, known);
        } catch (error) {
          expect(await failureOf(Promise.reject(error))).toMatchObject({ reason: "VERSION_MISMATCH" });
          known = await read(caller + 1, known);
        }
      }
    });
    expect((await tally(calls)).counts).toEqual({ OK: CALLERS });
    const all = [...versions.values()].toSorted((a, b) => Number(a.version - b.version));
    expect(all.map(({ version }) => version)).toEqual(all.map((_, index) => BigInt(index + 1)));
    for (const [index, after] of all.entries()) {
      const before = all[index - 1] ?? after;
      const kept = [after.priceListId === before.priceListId, after.reference === before.reference];
      expect(kept.filter(Boolean)).toHaveLength(index === 0 ? 2 : 1);
      expect(after.customerCount).toBeGreaterThanOrEqual(before.customerCount);
    }
    expect(await read(FIRST, group)).toEqual({ ...all.at(-1), customerCount: 6 });
  });
  await expectConsistent(instances.sql, projectKey);
});
