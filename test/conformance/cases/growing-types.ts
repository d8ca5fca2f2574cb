import { expect, test, vi } from "vitest";
import { failureOf, fieldInvalid } from "../failure.ts";
import { byId, getGroup, json, newGroup, PROJECT, unique, update } from "../groups.ts";
import type { Ground } from "../suite.ts";
import { custom, field, fields, newType, setField, updateType } from "../types.ts";

export function growingTypeCases(ground: () => Ground): void {
  test("hides a field that is removed from the type at once, and takes no value for it", async () => {
    const { groups, types } = ground();
    const type = await newType(types, fields("note", "score"));
    const group = await newGroup(groups, { custom: custom(type, { note: "a", score: 1 }) });
    await updateType(types, type, { removeFieldDefinition: { fieldName: "note" } });

    const left = { ...json(group), custom: { type: { id: type.id }, fields: { score: 1 } } };
    expect(json(await getGroup(groups, group.id))).toEqual(left);
    const { results } = await groups.batchGetCustomerGroups({ projectKey: PROJECT, refs: [byId(group.id)] });
    expect(results.map(({ result }) => result.case === "customerGroup" && json(result.value))).toEqual([
      left,
    ]);
    const page = await groups.queryCustomerGroups({ projectKey: PROJECT, sort: ["id desc"], limit: 500 });
    expect(page.results.filter(({ id }) => id === group.id).map(json)).toEqual([left]);

    const description = `the custom type "${type.key}" has no such field`;
    expect(await failureOf(update(groups, group, [setField("note", "b")]))).toEqual(
      fieldInvalid("actions[0].set_custom_field.name", "custom_field.unknown", description),
    );
    const renamed = await update(groups, group, [{ case: "setKey", value: { key: unique("k") } }]);
    expect(json(renamed).custom).toEqual(left.custom);
  });

  test("gives the name of a removed field again, even for other values, once the old ones are gone", async () => {
    const { groups, types } = ground();
    const name = unique("f");
    const type = await newType(types, { fieldDefinitions: [{ name, type: { string: {} } }] });
    const group = await newGroup(groups, { custom: custom(type, { [name]: "old" }) });
    const removed = await updateType(types, type, { removeFieldDefinition: { fieldName: name } });

    const adding = { addFieldDefinition: { fieldDefinition: { name, type: { number: {} } } } };
    await vi.waitFor(() => updateType(types, removed, adding), { timeout: 20_000 });
    expect((await getGroup(groups, group.id)).custom?.fields).toEqual({});
    const set = await update(groups, group, [setField(name, 1)]);
    expect(set.custom?.fields).toEqual({ [name]: 1 });
  });

  test("asks for a new required field at the next write of custom fields only", async () => {
    const { groups, types } = ground();
    const type = await newType(types, fields("score"));
    const group = await newGroup(groups, { custom: custom(type, { score: 1 }) });
    const fieldDefinition = field("note", { required: true });
    await updateType(types, type, { addFieldDefinition: { fieldDefinition } });

    const renamed = await update(groups, group, [{ case: "changeName", value: { name: unique("R") } }]);
    expect(renamed).toMatchObject({ version: 2n, custom: { fields: { score: 1 } } });
    const missing = 'the custom field "note" is required';
    expect(await failureOf(update(groups, renamed, [setField("score", 2)]))).toEqual(
      fieldInvalid("actions[0].set_custom_field", "required", missing),
    );
    const whole = await update(groups, renamed, [setField("score", 2), setField("note", "n")]);
    expect(whole.custom?.fields).toEqual({ score: 2, note: "n" });
  });

  test("takes a new value of an enum at once, and keeps values under a new key of the type", async () => {
    const { groups, types } = ground();
    const type = await newType(types, fields("tier"));
    const group = await newGroup(groups, { custom: custom(type, { tier: "gold" }) });
    await updateType(
      types,
      type,
      { addEnumValue: { fieldName: "tier", value: { key: "platinum", label: "Platinum" } } },
      { changeKey: { key: unique("rekeyed") } },
    );
    expect(await getGroup(groups, group.id)).toEqual(group);
    const promoted = await update(groups, group, [setField("tier", "platinum")]);
    expect(promoted.custom).toMatchObject({ type: { id: type.id }, fields: { tier: "platinum" } });
  });
}
