import { afterAll, beforeAll, expect, test } from "vitest";
import { byId, byKey } from "../conformance/groups.ts";
import { expectConsistent } from "../support/consistency.ts";
import { tally } from "../support/failures.ts";
import { addTo, openCallers, setField, setType } from "./callers.ts";
import { type Instances, race, roundsOf, runRounds, startInstances } from "./instances.ts";

// Groups take and leave custom types, through two instances of the service.

const ROUNDS = roundsOf(1000);
const AT_ONCE = 12;
const PASSES = 60;

const projectKey = "demo";
let instances: Instances;
let callers: ReturnType<typeof openCallers>;

beforeAll(async () => {
  instances = await startInstances(projectKey);
  callers = openCallers(instances, projectKey);
  await instances.sql`update projects set customer_group_limit = 1000000, custom_type_limit = 1000000`;
});
afterAll(() => instances.stop());

test("a type is deleted while groups take it: it goes, or they have it", { timeout: 180_000 }, async () => {
  const totals: Record<string, number> = {};
  const kept = new Set<string>();
  await runRounds(ROUNDS, AT_ONCE, async (round) => {
    const [{ id: typeId }, { id: plainId }] = await Promise.all([
      callers.createType(round, `type-${round}`, "kept"),
      callers.createGroup(round + 1, { name: `plain ${round}` }),
    ]);
    const remove = () =>
      instances.types(round).deleteCustomType({ projectKey, ref: byId(typeId), expectedVersion: 1n });
    // Who is sent first mostly wins.
    const early = round % 2 === 0 ? remove() : undefined;
    const takers = [
      callers.createGroup(round + 1, { name: `one ${round}`, typeId, fields: { kept: "kept" } }),
      callers.updateGroup(round + 1, plainId, setType(typeId, {})),
      callers.createGroup(round, { name: `two ${round}`, typeId }),
    ];
    const [deletion, taken] = await Promise.all([tally([early ?? remove()]), tally(takers)]);
    expect([deletion.counts, taken.counts]).toBeOneOf([
      [{ OK: 1 }, { "FailedPrecondition REFERENCE_NOT_FOUND": 3 }],
      [{ "FailedPrecondition REFERENCED": 1 }, { OK: 3 }],
    ]);
    if (!deletion.counts.OK) kept.add(typeId);
    addTo(totals, deletion.counts);
  });
  expect(Object.keys(totals).toSorted()).toEqual(["FailedPrecondition REFERENCED", "OK"]);
  const left = await instances.sql<{ id: string }[]>`select id from custom_types`;
  expect(new Set(left.map(({ id }) => id))).toEqual(kept);
  await expectConsistent(instances.sql, projectKey);
});

test("a field is set by a key that passes from type to type: on the group that has it by then, or not", async () => {
  const { id: withField } = await callers.createType(0, "with-field", "own");
  const { id: without } = await callers.createType(1, "without", "other");
  const totals: Record<string, number> = {};
  let isOver = false;
  const setters = race(6, async (caller) => {
    while (!isOver) {
      const actions = [{ action: setField("own", `${caller}`) }];
      const call = instances
        .groups(caller)
        .updateCustomerGroup({ projectKey, ref: byKey("passing"), expectedVersion: 1n, actions });
      addTo(totals, (await tally([call])).counts);
    }
  });

  const create = (pass: number) =>
    callers.createGroup(0, {
      name: `passing ${pass}`,
      key: "passing",
      typeId: pass % 2 ? withField : without,
    });
  const remove = (id: string) => {
    const removal = (expectedVersion: bigint) =>
      instances.groups(0).deleteCustomerGroup({ projectKey, ref: byId(id), expectedVersion });
    return removal(1n).catch(() => removal(2n));
  };
  let holder = await create(0);
  for (let pass = 1; pass <= PASSES; pass += 1) {
    // Sent together they are mostly committed together, so that the key is seldom without a group.
    const [, created] = await Promise.allSettled([remove(holder.id), create(pass)]);
    holder = created.status === "fulfilled" ? created.value : await create(pass);
  }
  isOver = true;
  await Promise.all(setters);
  expect(Object.keys(totals).toSorted()).toEqual([
    "Aborted VERSION_MISMATCH",
    "InvalidArgument FIELD_INVALID",
    "NotFound RESOURCE_NOT_FOUND",
    "OK",
  ]);
  await expectConsistent(instances.sql, projectKey);
});
