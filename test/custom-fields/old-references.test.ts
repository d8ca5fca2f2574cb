import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Actions, byId, getGroup, newGroup, remove, update } from "../conformance/groups.ts";
import type { Callers } from "../conformance/services.ts";
import { failureOf } from "../support/failures.ts";
import { type CustomFieldService, setField, setOf, startCustomFieldService } from "./fixture.ts";

let service: CustomFieldService;
let groups: Callers["groups"];
let type: ReturnType<typeof byId>;

const GROUP = { case: "reference", value: { referenceTypeId: "customer-group" } } as const;

beforeAll(async () => {
  service = await startCustomFieldService();
  groups = service.callers.binary;
  const { id } = await service.newType([
    { name: "note", type: { case: "string", value: {} } },
    { name: "parent", type: GROUP },
    { name: "partner", type: GROUP },
    { name: "peers", type: setOf(GROUP) },
  ]);
  type = byId(id);
});
afterAll(() => service.stop());

const to = (id: string) => ({ typeId: "customer-group", id });

/** A group whose `parent` is gone, and so is one of its two `peers`. */
async function withOldReferences() {
  const [gone, there] = [await newGroup(groups), await newGroup(groups)];
  const fields = { parent: to(gone.id), peers: [to(gone.id), to(there.id)] };
  const group = await newGroup(groups, { custom: { type, fields } });
  await remove(groups, gone);
  return { group, fields, gone: gone.id, there: there.id };
}

type Old = Awaited<ReturnType<typeof withOldReferences>>;

test.each<readonly [string, (old: Old) => Actions, (old: Old) => object]>([
  ["another field", () => [setField("note", "n")], ({ fields }) => ({ ...fields, note: "n" })],
  [
    "the same field to what it was",
    ({ gone }) => [setField("parent", to(gone.toUpperCase())), setField("note", "n")],
    ({ fields }) => ({ ...fields, note: "n" }),
  ],
  [
    "a set in another order, with another group",
    ({ gone, there, group }) => [setField("peers", [to(there), to(group.id), to(gone)])],
    ({ gone, there, group, fields }) => ({ ...fields, peers: [to(there), to(group.id), to(gone)] }),
  ],
  [
    "all fields to what they were",
    ({ fields }) => [
      { case: "setCustomType", value: {} },
      { case: "setCustomType", value: { type, fields: { ...fields, note: "n" } } },
    ],
    ({ fields }) => ({ ...fields, note: "n" }),
  ],
  [
    "one that leads nowhere and goes again",
    () => [
      setField("partner", to(randomUUID())),
      { case: "setCustomField", value: { name: "partner" } },
      setField("note", "n"),
    ],
    ({ fields }) => ({ ...fields, note: "n" }),
  ],
])("a reference that leads nowhere by now is no hindrance to setting %s", async (_, actions, fields) => {
  const old = await withOldReferences();
  const updated = await update(groups, old.group, actions(old));
  expect(updated.custom?.fields).toEqual(fields(old));
  expect(await getGroup(groups, updated.id)).toEqual(updated);
});

test.each<readonly [string, (old: Old) => Actions, path: string]>([
  ["another field", ({ gone }) => [setField("partner", to(gone))], "actions[0].set_custom_field.value"],
  [
    "a set with one more of the kind",
    ({ gone, there }) => [setField("note", "n"), setField("peers", [to(there), to(gone), to(randomUUID())])],
    "actions[1].set_custom_field.value[2]",
  ],
  [
    "all fields, one of them new",
    ({ gone, fields }) => [
      { case: "setCustomType", value: { type, fields: { ...fields, partner: to(gone) } } },
    ],
    "actions[0].set_custom_type.fields.partner",
  ],
])("a reference that leads nowhere can't come into %s", async (_, actions, path) => {
  const old = await withOldReferences();
  const failure = await failureOf(update(groups, old.group, actions(old)));
  expect(failure).toMatchObject({ reason: "REFERENCE_NOT_FOUND", metadata: { field: `${path}.id` } });
  expect(await getGroup(groups, old.group.id)).toEqual(old.group);
});

test("a reference that was taken out can't come back when it leads nowhere", async () => {
  const { group, gone } = await withOldReferences();
  const without = await update(groups, group, [{ case: "setCustomField", value: { name: "parent" } }]);
  const failure = await failureOf(update(groups, without, [setField("parent", to(gone))]));
  expect(failure).toMatchObject({ reason: "REFERENCE_NOT_FOUND", metadata: { id: gone } });
});

test("a group can refer to itself", async () => {
  const group = await newGroup(groups, { custom: { type } });
  const updated = await update(groups, group, [setField("parent", to(group.id))]);
  expect(updated.custom?.fields).toEqual({ parent: to(group.id) });
});
