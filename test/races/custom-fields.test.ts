import { setTimeout as sleep } from "node:timers/promises";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { CustomTypeUpdateActionSchema } from "../../gen/clientele/v1/custom_type_service_pb.ts";
import { projectIdOf } from "../../src/projects/project-id.ts";
import { byId } from "../conformance/groups.ts";
import { expectConsistent } from "../support/consistency.ts";
import { field } from "../support/custom-types.ts";
import { tally } from "../support/failures.ts";
import { addTo, openCallers, setField, setType } from "./callers.ts";
import { type Instances, race, runRounds, startInstances } from "./instances.ts";

// Fields are set while they are removed, through two instances of the service.

const ROUNDS = 1000;
const AT_ONCE = 12;
/** In one round of so many, the name is given again, to another kind of value. */
const AGAIN_EVERY = 3;

const projectKey = "demo";
const { createType, createGroup, updateGroup } = openCallers(() => instances, projectKey);
let instances: Instances;
let sql: Instances["sql"];

beforeAll(async () => {
  instances = await startInstances(projectKey);
  ({ sql } = instances);
  await sql`update projects set customer_group_limit = 1000000, custom_type_limit = 1000000`;
});
afterAll(() => instances.stop());

test("no value is left that no definition allows, nor ever read", async () => {
  const totals: Record<string, number> = {};
  await runRounds(ROUNDS, AT_ONCE, async (round) => addTo(totals, await runRound(round)));
  expect(Object.keys(totals).toSorted()).toEqual(["InvalidArgument FIELD_INVALID", "OK"]);

  await untilSwept();
  const [ended] = await sql`
    select count(*)::integer as removals
    from changes
    where project_id = ${projectIdOf(projectKey)} and actions -> 0 ? 'finishFieldRemoval'`;
  expect(ended).toEqual({ removals: ROUNDS });
  await expectConsistent(sql, projectKey);
});

/** Returns the outcomes. */
async function runRound(round: number): Promise<Record<string, number>> {
  const name = `field-${round}`;
  const { id: typeId } = await createType(round, `type-${round}`, name, "kept");
  const fields = { [name]: "old" };
  const groups = await Promise.all(
    race(2, (index) => createGroup(round + index, { name: `group ${round} ${index}`, typeId, fields })),
  );
  const ids = groups.map(({ id }) => id);
  const [first = "", second = ""] = ids;
  const state = { isRemoved: false, isGivenAgain: false, isOver: false };

  const reading = readUntilOver(round, ids, name, state);
  const { counts } = await tally([
    updateGroup(round, first, setField(name, "new")),
    updateGroup(round + 1, first, setType(typeId, { kept: "kept", [name]: "newer" })),
    updateGroup(round, second, { case: "changeName", value: { name: `renamed ${round}` } }),
    updateGroup(round + 1, second, setField(name, "new")),
    removeField(round, typeId, name, first, state),
  ]);
  state.isOver = true;
  await reading;
  return counts;
}

type UpdateAction = NonNullable<MessageInitShape<typeof CustomTypeUpdateActionSchema>["action"]>;
type RoundState = { isRemoved: boolean; isGivenAgain: boolean; isOver: boolean };

/** Removes the field; in some rounds gives its name again, for numbers, and sets it on a group. */
async function removeField(
  round: number,
  typeId: string,
  name: string,
  groupId: string,
  state: RoundState,
): Promise<void> {
  const update = (expectedVersion: bigint, action: UpdateAction) =>
    instances
      .types(round)
      .updateCustomType({ projectKey, ref: byId(typeId), expectedVersion, actions: [{ action }] });
  await update(1n, { case: "removeFieldDefinition", value: { fieldName: name } });
  state.isRemoved = true;
  if (round % AGAIN_EVERY > 0) return;

  state.isGivenAgain = true;
  const fieldDefinition = field(name, "number");
  await untilAllowed(() => update(2n, { case: "addFieldDefinition", value: { fieldDefinition } }));
  await updateGroup(round, groupId, setField(name, 7));
}

/** What is removed is never seen by a read that is sent later, and a value is never of the wrong kind. */
async function readUntilOver(
  round: number,
  ids: readonly string[],
  name: string,
  state: RoundState,
): Promise<void> {
  // Not all the time: the writers shall get on.
  for (; !state.isOver; await sleep(5)) {
    const mayBeText = !state.isRemoved;
    const { results } = await instances
      .groups(round + 1)
      .batchGetCustomerGroups({ projectKey, refs: ids.map(byId) });
    for (const { result } of results) {
      const value = result.case === "customerGroup" ? result.value.custom?.fields?.[name] : undefined;
      if (typeof value === "string") expect(mayBeText).toBe(true);
      else if (value !== undefined) expect([value, state.isGivenAgain]).toEqual([7, true]);
    }
  }
}

/** Calls until it's no longer refused for values that are still there. */
async function untilAllowed(call: () => Promise<unknown>): Promise<void> {
  for (let attempt = 0; attempt < 1000; attempt += 1) {
    const calling = call();
    const { failures } = await tally([calling]);
    if (failures[0]?.reason !== "OPERATION_NOT_ALLOWED") return void (await calling);
    await sleep(5);
  }
  throw new Error("the name was not free again after 1,000 attempts");
}

async function untilSwept(): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const left = await sql`select from custom_field_removals limit 1`;
    if (left.length === 0) return;
    await sleep(50);
  }
  throw new Error("there are removals that are not done after 10 s");
}
