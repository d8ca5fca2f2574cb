import { randomUUID } from "node:crypto";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { UpdateCustomerGroupRequestSchema } from "../../gen/clientele/v1/customer_group_service_pb.ts";
import { expectConsistent } from "../support/consistency.ts";
import { failureOf, tally } from "../support/failures.ts";
import { type Instances, race, roundsOf, startInstances } from "./instances.ts";

// Callers race through two instances of the service on one database, over connections of their own.

const ROUNDS = roundsOf(100);
const CALLERS = 64;

let instances: Instances;
let sql: Instances["sql"];

beforeAll(async () => {
  instances = await startInstances("demo,names,keys,updates,limits,repeats");
  ({ sql } = instances);
});
afterAll(() => instances.stop());

function clientOf(caller: number) {
  return instances.groups(caller);
}

describe("creates", () => {
  test("of one name: one wins, the others hear which field is taken and by whom", async () => {
    const projectKey = "names";
    for (let round = 0; round < ROUNDS; round += 1) {
      const name = `name ${round}`;
      const calls = race(CALLERS, (caller) =>
        clientOf(caller).createCustomerGroup({ projectKey, draft: { name, key: `k-${round}-${caller}` } }),
      );
      const { counts, failures } = await tally(calls);
      expect(counts).toEqual({ OK: 1, "AlreadyExists DUPLICATE_FIELD": CALLERS - 1 });
      const won = (await Promise.any(calls)).customerGroup?.id;
      for (const { metadata } of failures) expect(metadata).toEqual({ field: "name", conflicting_id: won });
      if (round % 10 === 0) {
        await clientOf(round).deleteCustomerGroup({
          projectKey,
          ref: { value: { case: "id", value: won ?? "" } },
          expectedVersion: 1n,
        });
      }
    }
    await expectConsistent(sql, projectKey);
  });

  test("of one key: one wins, the others hear which field is taken", async () => {
    const projectKey = "keys";
    for (let round = 0; round < ROUNDS; round += 1) {
      const key = `key-${round}`;
      const calls = race(CALLERS, (caller) =>
        clientOf(caller).createCustomerGroup({ projectKey, draft: { name: `n ${round} ${caller}`, key } }),
      );
      const { counts, failures } = await tally(calls);
      expect(counts).toEqual({ OK: 1, "AlreadyExists DUPLICATE_FIELD": CALLERS - 1 });
      for (const { metadata } of failures) expect(metadata.field).toBe("key");
    }
    await expectConsistent(sql, projectKey);
  });

  test("against deletes of the same key: the key has one holder at a time", async () => {
    const projectKey = "demo";
    let created = 0;
    let deleted = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const calls = race(32, async (caller) => {
        const client = clientOf(caller);
        const ref = { value: { case: "key", value: "contested" } } as const;
        if (caller % 2 === 0) {
          await client.createCustomerGroup({ projectKey, draft: { name: "contested", key: "contested" } });
          created += 1;
        } else {
          await client.deleteCustomerGroup({ projectKey, ref, expectedVersion: 1n });
          deleted += 1;
        }
      });
      const { counts } = await tally(calls);
      const foreseen = ["OK", "AlreadyExists DUPLICATE_FIELD", "NotFound RESOURCE_NOT_FOUND"];
      expect(Object.keys(counts).filter((outcome) => !foreseen.includes(outcome))).toEqual([]);
      expect(created - deleted).toBeOneOf([0, 1]);
    }
    const { exists } = await clientOf(0).existsCustomerGroup({
      projectKey,
      target: { case: "ref", value: { value: { case: "key", value: "contested" } } },
    });
    expect(exists).toBe(created - deleted === 1);
    expect(created).toBeGreaterThan(0);
    await expectConsistent(sql, projectKey);
  });
});

test("updates of one version: one wins, the others hear the true current version", async () => {
  const projectKey = "updates";
  const { customerGroup } = await clientOf(0).createCustomerGroup({
    projectKey,
    draft: { name: "contested" },
  });
  const ref = { value: { case: "id", value: customerGroup?.id ?? "" } } as const;
  for (let round = 1; round <= ROUNDS; round += 1) {
    const { counts, failures } = await tally(
      race(CALLERS, (caller) =>
        clientOf(caller).updateCustomerGroup({
          projectKey,
          ref,
          expectedVersion: BigInt(round),
          actions: [{ action: { case: "setReference", value: { reference: `${round} ${caller}` } } }],
        }),
      ),
    );
    expect(counts).toEqual({ OK: 1, "Aborted VERSION_MISMATCH": CALLERS - 1 });
    for (const { metadata } of failures) {
      expect(metadata).toEqual({ expected_version: `${round}`, current_version: `${round + 1}` });
    }
  }
  await expectConsistent(sql, projectKey);
});

test("200 creates at ten below the limit: exactly ten succeed", async () => {
  const projectKey = "limits";
  for (let round = 0; round < ROUNDS; round += 1) {
    const [project] = await sql`
      update projects
      set customer_group_limit = customer_group_count + 10
      where key = ${projectKey}
      returning customer_group_limit`;
    const { counts, failures } = await tally(
      race(200, (caller) =>
        clientOf(caller).createCustomerGroup({ projectKey, draft: { name: `limit ${round} ${caller}` } }),
      ),
    );
    expect(counts).toEqual({ OK: 10, "ResourceExhausted LIMIT_REACHED": 190 });
    const limit = `${project?.customerGroupLimit}`;
    for (const { metadata } of failures) {
      expect(metadata).toEqual({ limit_name: "customer_groups", limit, current: limit });
    }
  }
  await expectConsistent(sql, projectKey);
});

describe("calls of one request id", () => {
  test("in pairs: one group each, equal answers", async () => {
    const projectKey = "repeats";
    for (let round = 0; round < ROUNDS; round += 1) {
      const requestId = randomUUID();
      const [one, two] = await Promise.all(
        race(2, (caller) =>
          clientOf(caller).createCustomerGroup({ projectKey, draft: { name: `pair ${round}` }, requestId }),
        ),
      );
      expect(two).toEqual(one);
    }
    const [counted] =
      await sql`select count(*)::integer as groups from customer_groups where name like 'pair %'`;
    expect(counted?.groups).toBe(ROUNDS);
    await expectConsistent(sql, projectKey);
  });

  test("updates and deletes answer a repetition as they answered the first call", async () => {
    const projectKey = "repeats";
    const [updateId, deleteId] = [randomUUID(), randomUUID()];
    const { customerGroup } = await clientOf(0).createCustomerGroup({
      projectKey,
      draft: { name: "repeated" },
    });
    const ref = { value: { case: "id", value: customerGroup?.id ?? "" } } as const;
    const update: MessageInitShape<typeof UpdateCustomerGroupRequestSchema> = {
      projectKey,
      ref,
      expectedVersion: 1n,
      actions: [{ action: { case: "changeName", value: { name: "repeated once" } } }],
      requestId: updateId,
    };
    const updates = await Promise.all(race(8, (caller) => clientOf(caller).updateCustomerGroup(update)));
    expect(new Set(updates.map((answer) => answer.customerGroup?.version))).toEqual(new Set([2n]));
    const deletion = { projectKey, ref, expectedVersion: 2n, requestId: deleteId };
    const deletions = await Promise.all(race(8, (caller) => clientOf(caller).deleteCustomerGroup(deletion)));
    for (const deleted of deletions) expect(deleted).toEqual(deletions[0]);
    expect(await clientOf(1).updateCustomerGroup(update)).toEqual(updates[0]);
  });

  test("with another payload is refused", async () => {
    const requestId = randomUUID();
    const calls = race(2, (caller) =>
      clientOf(caller).createCustomerGroup({
        projectKey: "repeats",
        draft: { name: `other ${caller}` },
        requestId,
      }),
    );
    const { counts } = await tally(calls);
    expect(counts).toEqual({ OK: 1, "InvalidArgument REQUEST_ID_REUSED": 1 });
    const later = clientOf(2).createCustomerGroup({
      projectKey: "repeats",
      draft: { name: "third" },
      requestId,
    });
    expect(await failureOf(later)).toMatchObject({ code: "InvalidArgument", reason: "REQUEST_ID_REUSED" });
  });
});
