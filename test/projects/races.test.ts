import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { ConnectError } from "@connectrpc/connect";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ProjectState } from "../../gen/clientele/v1/project_pb.ts";
import { projectIdOf } from "../../src/projects/project-id.ts";
import { byKey } from "../conformance/groups.ts";
import { getProject, projectActions, projectDraft } from "../conformance/projects.ts";
import { addTo } from "../races/callers.ts";
import { type Instances, race, roundsOf, runRounds, startInstances } from "../races/instances.ts";
import { expectConsistent } from "../support/consistency.ts";
import { describeFailure, tally } from "../support/failures.ts";
import { filledTables } from "./full-project.ts";

// Callers race through two instances of the service on one database, over connections of their own.

const CALLERS = 64;

let instances: Instances;

beforeAll(async () => {
  instances = await startInstances("demo");
});
afterAll(() => instances.stop());

describe("creates", () => {
  test("of one key: one wins, the others hear who has it", async () => {
    for (let round = 0; round < 50; round += 1) {
      const projectKey = `one-${round}`;
      const calls = race(CALLERS, (caller) =>
        instances.projects(caller).createProject({ projectKey, draft: projectDraft({ name: `${caller}` }) }),
      );
      const { counts, failures } = await tally(calls);
      expect(counts).toEqual({ OK: 1, "AlreadyExists DUPLICATE_FIELD": CALLERS - 1 });
      const facts = { field: "key", conflicting_id: projectIdOf(projectKey) };
      for (const { metadata } of failures) expect(metadata).toEqual(facts);
      const { project } = await Promise.any(calls);
      expect(await getProject(instances.projects(round), projectKey)).toEqual(project);
      await expectConsistent(instances.sql, projectKey);
    }
  });

  test("of one key and request id: all get the first answer", async () => {
    for (let round = 0; round < 50; round += 1) {
      const request = { projectKey: `same-${round}`, draft: projectDraft(), requestId: randomUUID() };
      const [first, ...others] = await Promise.all(
        race(8, (caller) => instances.projects(caller).createProject(request)),
      );
      for (const other of others) expect(other).toEqual(first);
    }
  });
});

test("updates of one version: one wins, the others hear the true current version", async () => {
  const projectKey = "updated";
  await instances.projects(0).createProject({ projectKey, draft: projectDraft() });
  for (let round = 1; round <= 50; round += 1) {
    const { counts, failures } = await tally(
      race(CALLERS, (caller) =>
        instances.projects(caller).updateProject({
          projectKey,
          expectedVersion: BigInt(round),
          actions: projectActions({ changeName: { name: `${round} ${caller}` } }),
        }),
      ),
    );
    expect(counts).toEqual({ OK: 1, "Aborted VERSION_MISMATCH": CALLERS - 1 });
    for (const { metadata } of failures) {
      expect(metadata).toEqual({ expected_version: `${round}`, current_version: `${round + 1}` });
    }
  }
  await expectConsistent(instances.sql, projectKey);
});

test("deletes of one version: one wins, to the others the project is not there", async () => {
  for (let round = 0; round < 50; round += 1) {
    const projectKey = `deleted-${round}`;
    await instances.projects(0).createProject({ projectKey, draft: projectDraft() });
    const { counts } = await tally(
      race(8, (caller) => instances.projects(caller).deleteProject({ projectKey, expectedVersion: 1n })),
    );
    expect(counts).toEqual({ OK: 1, "NotFound RESOURCE_NOT_FOUND": 7 });
  }
});

test("a delete against all that is done in the project: nothing is done or read once it is answered, and nothing is left", {
  timeout: 180_000,
}, async () => {
  const ROUNDS = roundsOf(120);
  const totals: Record<string, number> = {};
  const keys: string[] = [];
  await runRounds(ROUNDS, 4, async (round) => {
    const projectKey = `torn-${round}`;
    keys.push(projectKey);
    await instances.projects(round).createProject({ projectKey, draft: projectDraft() });
    let isDeleted = false;
    const begunAfter: string[] = [];

    /** Calls again and again, and twice more after the deletion was answered; what those are told is kept. */
    const keepCalling = async (call: (n: number) => Promise<unknown>) => {
      for (let n = 0, after = 0; after < 2; n += 1) {
        const isAfter = isDeleted;
        const outcome = await call(n).then(
          () => "OK",
          (error: unknown) => {
            const { code, reason, metadata } = describeFailure(ConnectError.from(error));
            return `${code} ${reason} ${metadata.resource_type}`;
          },
        );
        if (!isAfter) addTo(totals, { [outcome]: 1 });
        else {
          begunAfter.push(outcome);
          after += 1;
        }
      }
    };

    const callers = [
      ...race(4, (caller) =>
        keepCalling((n) =>
          instances
            .groups(caller)
            .createCustomerGroup({ projectKey, draft: { name: `${caller} ${n}`, key: `k${caller}-${n}` } }),
        ),
      ),
      ...race(4, (caller) =>
        keepCalling((n) =>
          instances
            .customers(caller)
            .createCustomer({ projectKey, draft: { email: `${caller}-${n}@shop.example` } }),
        ),
      ),
      ...race(2, (caller) =>
        keepCalling(() => instances.groups(caller).getCustomerGroup({ projectKey, ref: byKey("k0-0") })),
      ),
      ...race(2, (caller) => keepCalling(() => instances.customers(caller).queryCustomers({ projectKey }))),
      ...race(2, (caller) =>
        keepCalling(() =>
          instances
            .groups(caller)
            .batchGetCustomerGroups({ projectKey, refs: [byKey("k0-0"), byKey("none")] }),
        ),
      ),
    ];
    await sleep(5 + (round % 30));
    await instances.projects(round + 1).deleteProject({ projectKey, expectedVersion: 1n });
    isDeleted = true;
    await Promise.all(callers);
    expect(new Set(begunAfter)).toEqual(new Set(["NotFound RESOURCE_NOT_FOUND project"]));
  });
  expect(totals.OK).toBeGreaterThan(ROUNDS);

  for (const projectKey of keys) {
    await untilDeleted(projectKey);
    expect(await filledTables(instances.sql, projectKey)).toEqual(["projects"]);
  }
});

async function untilDeleted(projectKey: string): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    const { state } = await getProject(instances.projects(attempt), projectKey);
    if (state === ProjectState.DELETED) return;
    await sleep(50);
  }
  throw new Error(`${projectKey} was not deleted within 30 s`);
}
