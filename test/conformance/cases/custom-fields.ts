import type { JsonObject } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { byId, byKey, getGroup, json, newGroup, PROJECT, remove, update } from "../groups.ts";
import type { Ground } from "../suite.ts";
import { custom, FIELD_NAMES, fields, groupReference, newType, setField } from "../types.ts";

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
}
