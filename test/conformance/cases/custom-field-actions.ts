import type { JsonValue } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { failureOf } from "../failure.ts";
import { getGroup, json, newGroup, unique, update } from "../groups.ts";
import type { Ground } from "../suite.ts";
import { custom, field, fields, newType, setField } from "../types.ts";

export function customFieldActionCases(ground: () => Ground): void {
  test("replaces type and fields by set_custom_type as a whole, and removes both without a type", async () => {
    const { groups, types } = ground();
    const [type, next] = [
      await newType(types, fields("note", "score")),
      await newType(types, fields("note")),
    ];
    const group = await newGroup(groups, { custom: custom(type, { note: "a", score: 1 }) });

    const changed = await update(groups, group, [
      { case: "setCustomType", value: custom(type, { score: 2 }) },
    ]);
    expect(json(changed)).toMatchObject({ version: "2", custom: { fields: { score: 2 } } });
    expect(changed.custom?.fields).not.toHaveProperty("note");

    const moved = await update(groups, changed, [{ case: "setCustomType", value: custom(next) }]);
    expect(json(moved).custom).toEqual({ type: { id: next.id }, fields: {} });

    const without = await update(groups, moved, [{ case: "setCustomType", value: {} }]);
    expect(without).toMatchObject({ version: 4n });
    expect(without.custom).toBeUndefined();
    expect(await getGroup(groups, group.id)).toEqual(without);
  });

  const falsy = { vip: false, score: 0, note: "", tags: [] };
  test.each(Object.entries(falsy))(
    "takes for %s the value %j, and removes it by null or nothing",
    async (name, value) => {
      const { groups, types } = ground();
      const type = await newType(types, fields("vip", "score", "note", "tags", "tier"));
      const group = await newGroup(groups, { custom: custom(type, { tier: "gold" }) });
      const set = await update(groups, group, [setField(name, value)]);
      expect(json(set)).toMatchObject({ version: "2", custom: { fields: { tier: "gold", [name]: value } } });
      expect(await getGroup(groups, group.id)).toEqual(set);

      for (const none of [undefined, null]) {
        const again = await update(groups, await getGroup(groups, group.id), [setField(name, value)]);
        const removed = await update(groups, again, [setField(name, none)]);
        expect(json(removed).custom).toEqual({ type: { id: type.id }, fields: { tier: "gold" } });
      }
    },
  );

  test("sets fields together with other actions, all or nothing", async () => {
    const { groups, types } = ground();
    const type = await newType(types, fields("note", "score"));
    const group = await newGroup(groups);
    const name = unique("Renamed");
    const set = await update(groups, group, [
      { case: "changeName", value: { name } },
      { case: "setCustomType", value: custom(type, { note: "a" }) },
      setField("note", "b"),
      setField("score", 1),
      setField("score"),
    ]);
    expect(json(set)).toMatchObject({ name, version: "2", custom: { fields: { note: "b" } } });
    expect(set.custom?.fields).not.toHaveProperty("score");

    const refused = update(groups, set, [
      setField("note", "c"),
      { case: "setPriceList", value: { priceListId: "p" } },
      setField("score", "many"),
    ]);
    expect(await failureOf(refused)).toMatchObject({ code: "InvalidArgument" });
    expect(await getGroup(groups, group.id)).toEqual(set);
  });

  test("asks for required fields only when all actions of an update are done", async () => {
    const { groups, types } = ground();
    const fieldDefinitions = [field("note", { required: true }), field("score")];
    const type = await newType(types, { fieldDefinitions });
    const typed = await update(groups, await newGroup(groups), [
      { case: "setCustomType", value: custom(type, { score: 1 }) },
      setField("note", ""),
    ]);
    const replaced = await update(groups, typed, [
      setField("note"),
      setField("score"),
      setField("note", "b"),
    ]);
    expect(json(replaced).custom).toEqual({ type: { id: type.id }, fields: { note: "b" } });
  });

  const idle: readonly [title: string, name: string, value: JsonValue][] = [
    ["a value in another order", "budget", { centAmount: 1, fractionDigits: 2, currencyCode: "EUR" }],
    ["a value in another form", "opens", "08:00"],
  ];
  test.each(idle)("leaves version and last_modified_at alone with %s", async (_, name, value) => {
    const { groups, types } = ground();
    const budget = { currencyCode: "EUR", centAmount: 1 };
    const type = await newType(types, fields("budget", "opens"));
    const group = await newGroup(groups, { custom: custom(type, { budget, opens: "08:00:00" }) });
    expect(await update(groups, group, [setField(name, value)])).toEqual(group);
    expect(await getGroup(groups, group.id)).toEqual(group);
  });
}
