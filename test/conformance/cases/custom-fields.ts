import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { failureOf } from "../failure.ts";
import { byId, byKey, getGroup, json, newGroup, PROJECT, remove, unique, update } from "../groups.ts";
import type { Ground } from "../suite.ts";
import { custom, FIELD_NAMES, field, fields, groupReference, newType, setField } from "../types.ts";

export function customFieldCases(ground: () => Ground): void {
  test("creates a group with custom fields of every kind, and brings them back as they are kept", async () => {
    const { groups, types } = ground();
    const type = await newType(types, fields(...FIELD_NAMES));
    const references = [await newGroup(groups), await newGroup(groups)].map(groupReference);
    const [parent = null] = references;
    const kept = {
      vip: false,
      note: " größe 🎁\n\u2028",
      title: { en: "Gold", "zh-Hant-TW": "金" },
      tier: "gold",
      rank: "2",
      score: -0.1,
      budget: { currencyCode: "EUR", centAmount: -1999, fractionDigits: 2 },
      since: "2028-02-29",
      opens: "14:30:00.000",
      reviewed: "2026-02-28T23:30:00.250Z",
      parent,
      store: { typeId: "store", id: "Köln 1" },
      tags: ["b", "a", ""],
      tiers: ["a"],
      peers: references,
    };
    const said = {
      ...kept,
      budget: { centAmount: -1999, currencyCode: "EUR" },
      opens: "14:30",
      reviewed: "2026-03-01T00:30:00.25+01:00",
    };
    const group = await newGroup(groups, { custom: { type: byKey(type.key), fields: said } });
    expect(json(group).custom).toEqual({ type: { id: type.id }, fields: kept });
    expect(await getGroup(groups, group.id)).toEqual(group);

    const { results } = await groups.batchGetCustomerGroups({
      projectKey: PROJECT,
      refs: [byId(group.id)],
    });
    expect(results[0]?.result).toEqual({ case: "customerGroup", value: group });
    expect(await remove(groups, group)).toEqual(group);
  });

  test("takes null for no value, and fields by the names that JavaScript objects have", async () => {
    const { groups, types } = ground();
    const fieldDefinitions = ["__proto__", "constructor"].map((name) => ({ name, type: { string: {} } }));
    const type = await newType(types, { fieldDefinitions });
    const none = await newGroup(groups, { custom: custom(type, { constructor: null }) });
    expect(json(none).custom).toEqual({ type: { id: type.id }, fields: {} });

    const both = JSON.parse('{"__proto__": "p", "constructor": "c"}') as JsonObject;
    const group = await newGroup(groups, { custom: custom(type, both) });
    expect(Object.entries(group.custom?.fields ?? {}).toSorted()).toEqual(Object.entries(both));
    const removed = await update(groups, group, [setField("__proto__")]);
    expect(Object.entries(removed.custom?.fields ?? {})).toEqual([["constructor", "c"]]);
    const set = await update(groups, removed, [setField("__proto__", "q")]);
    expect(Object.entries(set.custom?.fields ?? {})).toContainEqual(["__proto__", "q"]);
    expect(await getGroup(groups, group.id)).toEqual(set);
  });

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
