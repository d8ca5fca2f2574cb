import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { failureOf, fieldInvalid } from "../conformance/failure.ts";
import { type Actions, byId, getGroup, newGroup, PROJECT, unique, update } from "../conformance/groups.ts";
import type { Callers } from "../conformance/services.ts";
import { type CustomFieldService, setField, startCustomFieldService } from "./fixture.ts";

let service: CustomFieldService;
let groups: Callers["groups"];
/** With required fields `tier` and `level`, and a free `note`. */
let strict: Awaited<ReturnType<CustomFieldService["newType"]>>;
/** With a free `color`. */
let loose: typeof strict;

const TEXT = { case: "string", value: {} } as const;
const NUMBER = { case: "number", value: {} } as const;

beforeAll(async () => {
  service = await startCustomFieldService();
  groups = service.callers.binary;
  strict = await service.newType([
    { name: "tier", type: TEXT, required: true },
    { name: "level", type: NUMBER, required: true },
    { name: "note", type: TEXT },
  ]);
  loose = await service.newType([{ name: "color", type: TEXT }]);
});
afterAll(() => service.stop());

const setType = (type: { readonly id: string }, fields = {}) =>
  ({ case: "setCustomType", value: { type: byId(type.id), fields } }) as const;
const unset = (name: string) => ({ case: "setCustomField", value: { name } }) as const;
const whole = () => ({ type: byId(strict.id), fields: { tier: "gold", level: 1 } });

describe("what comes out of all actions counts:", () => {
  test.each<readonly [string, () => Actions, object]>([
    [
      "a type, and its required fields behind it",
      () => [setType(strict), setField("level", 0), setField("tier", "")],
      { tier: "", level: 0 },
    ],
    [
      "a required field that goes and comes back",
      () => [unset("tier"), setField("note", "n"), setField("tier", "new")],
      { tier: "new", level: 1, note: "n" },
    ],
    [
      "a field of the new type",
      () => [setField("note", "n"), setType(loose), setField("color", "red")],
      { color: "red" },
    ],
    ["a type that loses its fields", () => [setType(loose, { color: "red" }), setType(loose)], {}],
    [
      "the last of several values",
      () => [setField("level", 2), setField("level", 3)],
      { tier: "gold", level: 3 },
    ],
  ])("%s", async (_, actions, fields) => {
    const group = await newGroup(groups, { custom: whole() });
    const updated = await update(groups, group, actions());
    expect(updated.custom?.fields).toEqual(fields);
    expect(await getGroup(groups, group.id)).toEqual(updated);
  });

  test.each<readonly [string, () => Actions, path: string, name: string]>([
    [
      "a type alone",
      () => [setType(strict, { tier: "a" })],
      "actions[0].set_custom_type.fields.level",
      "level",
    ],
    [
      "a type and one of its fields",
      () => [setType(loose), setType(strict), setField("level", 1)],
      "actions[1].set_custom_type.fields.tier",
      "tier",
    ],
    [
      "a field that goes",
      () => [setField("note", "n"), unset("level")],
      "actions[1].set_custom_field.value",
      "level",
    ],
    [
      "a field that comes and goes",
      () => [setType(strict, { level: 1 }), setField("tier", "a"), unset("tier")],
      "actions[2].set_custom_field.value",
      "tier",
    ],
  ])("required are the fields that are missing behind %s", async (_, actions, path, name) => {
    const group = await newGroup(groups, { custom: whole() });
    const story = fieldInvalid(path, "required", `the custom field "${name}" is required`);
    expect(await failureOf(update(groups, group, actions()))).toEqual(story);
    expect(await getGroup(groups, group.id)).toEqual(group);
  });
});

test("a required field that is new binds at the next write of custom fields", async () => {
  const type = await service.newType([{ name: "note", type: TEXT }]);
  const group = await newGroup(groups, { custom: { type: byId(type.id), fields: { note: "n" } } });
  const fieldDefinition = { name: "code", type: { type: TEXT }, required: true };
  await service.types.updateCustomType({
    projectKey: PROJECT,
    ref: byId(type.id),
    expectedVersion: type.version,
    actions: [{ action: { case: "addFieldDefinition", value: { fieldDefinition } } }],
  });

  const renamed = await update(groups, group, [{ case: "changeName", value: { name: unique("Renamed") } }]);
  expect(renamed.custom?.fields).toEqual({ note: "n" });
  const path = "actions[1].set_custom_field";
  const story = fieldInvalid(path, "required", 'the custom field "code" is required');
  const other = update(groups, renamed, [{ case: "setKey", value: {} }, setField("note", "m")]);
  expect(await failureOf(other)).toEqual(story);
  const updated = await update(groups, renamed, [setField("note", "m"), setField("code", "")]);
  expect(updated.custom?.fields).toEqual({ note: "m", code: "" });
});
