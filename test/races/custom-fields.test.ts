import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { expectConsistent } from "../support/consistency.ts";
import { field } from "../support/custom-types.ts";
import { tally } from "../support/failures.ts";
import { addTo, type Callers, openCallers, setField, setType } from "./callers.ts";
import { type Instances, race, roundsOf, runRounds, startInstances } from "./instances.ts";

// Fields are set while they are removed, through two instances of the service.

const ROUNDS = roundsOf(1000);
const AT_ONCE = 12;
/** In one round of so many, the name is given again, to another kind of value. */
const AGAIN_EVERY = 3;

const projectKey = "demo";
let instances: Instances;
let sql: Instances["sql"];

beforeAll(async () => {
  instances = await startInstances(projectKey);
  ({ sql } = instances);
  await sql`update projects set customer_group_limit = 1000000, custom_type_limit = 1000000`;
});
afterAll(() => instances.stop());

test("no value is left that no definition allows, nor ever read", { timeout: 180_000 }, async () => {
  const totals: Record<string, number> = {};
  await runRounds(ROUNDS, AT_ONCE, async (round) => addTo(totals, await runRound(round)));
  expect(Object.keys(totals).toSorted()).toEqual(["InvalidArgument FIELD_INVALID", "OK"]);

  await untilSwept();
  const [ended] = await sql`
    select count(*)::integer as removals
    from changes
    where actions -> 0 ? 'finishFieldRemoval'`;
  expect(ended).toEqual({ removals: ROUNDS });
  await expectConsistent(sql, projectKey);
});

/** Returns the outcomes. */
async function runRound(number: number): Promise<Record<string, number>> {
  const callers = openCallers(instances, projectKey);
  const { createType, createGroup, updateGroup } = callers;
  const name = `field-${number}`;
  const { id: typeId } = await createType(number, `type-${number}`, name, "kept");
  const fields = { [name]: "old" };
  const groups = await Promise.all(
    race(2, (index) => createGroup(number + index, { name: `group ${number} ${index}`, typeId, fields })),
  );
  const [first = "", second = ""] = groups.map(({ id }) => id);
  const state = { isRemoved: false, isGivenAgain: false, isOver: false };
  const round = { number, callers, name, typeId, groupIds: [first, second], state } as const;

  const reading = readUntilOver(round);
  const { counts } = await tally([
    updateGroup(number, first, setField(name, "new")),
    updateGroup(number + 1, first, setType(typeId, { kept: "kept", [name]: "newer" })),
    updateGroup(number, second, { case: "changeName", value: { name: `renamed ${number}` } }),
    updateGroup(number + 1, second, setField("kept", "kept")),
    removeField(round),
  ]);
  state.isOver = true;
  await reading;
  return counts;
}

type Round = {
  readonly number: number;
  readonly callers: Callers;
  readonly name: string;
  readonly typeId: string;
  readonly groupIds: readonly string[];
  readonly state: { isRemoved: boolean; isGivenAgain: boolean; isOver: boolean };
};

/** Removes the field; in some rounds gives its name again, for numbers, and sets it on a group. */
async function removeField({ number, callers, name, typeId, groupIds, state }: Round): Promise<void> {
  const update = callers.updateType;
  await update(number, typeId, 1n, { case: "removeFieldDefinition", value: { fieldName: name } });
  state.isRemoved = true;
  if (number % AGAIN_EVERY > 0) return;

  state.isGivenAgain = true;
  const fieldDefinition = field(name, "number");
  await untilAllowed(() =>
    update(number, typeId, 2n, { case: "addFieldDefinition", value: { fieldDefinition } }),
  );
  await callers.updateGroup(number, groupIds[0] ?? "", setField(name, 7));
}

/** What is removed is never seen by a read that is sent later, and a value is never of the wrong kind. */
async function readUntilOver({ number, callers, name, groupIds, state }: Round): Promise<void> {
  // Not all the time: the writers shall get on.
  for (; !state.isOver; await sleep(25)) {
    const mayBeText = !state.isRemoved;
    for (const { custom } of await callers.getGroups(number + 1, groupIds)) {
      const value = custom?.fields?.[name];
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
    await sleep(10);
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
