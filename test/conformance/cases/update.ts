import { expect, test } from "vitest";
import {
  type Actions,
  byKey,
  getGroup,
  groupOf,
  json,
  newGroup,
  PROJECT,
  TIMESTAMP,
  unique,
  update,
} from "../groups.ts";
import type { Ground } from "../suite.ts";
import { attachmentCases } from "./attachments.ts";

const full = {
  reference: "r-1",
  referenceOrigin: "crm",
  metadata: { old: [1, 2] },
  priceListId: "winter",
  marketIds: ["a", "b", "c"],
};
const newName = unique("Renamed");
const newKey = unique("rekeyed");

const changes: readonly [title: string, actions: Actions, after: object][] = [
  ["change_name", [{ case: "changeName", value: { name: newName } }], { name: newName }],
  ["set_key", [{ case: "setKey", value: { key: newKey } }], { key: newKey }],
  ["set_key with none", [{ case: "setKey", value: {} }], { key: undefined }],
  [
    "set_reference",
    [{ case: "setReference", value: { reference: "r-2", referenceOrigin: "erp" } }],
    { reference: "r-2", referenceOrigin: "erp" },
  ],
  [
    "set_reference with a part",
    [{ case: "setReference", value: { referenceOrigin: "erp" } }],
    { reference: undefined, referenceOrigin: "erp" },
  ],
  ["set_metadata", [{ case: "setMetadata", value: { metadata: { new: {} } } }], { metadata: { new: {} } }],
  ["set_metadata with none", [{ case: "setMetadata", value: {} }], { metadata: undefined }],
  ["set_price_list", [{ case: "setPriceList", value: { priceListId: "summer" } }], { priceListId: "summer" }],
  ["set_price_list with none", [{ case: "setPriceList", value: {} }], { priceListId: undefined }],
  [
    "add_markets",
    [{ case: "addMarkets", value: { marketIds: ["d", "b", "e"] } }],
    { marketIds: ["a", "b", "c", "d", "e"] },
  ],
  [
    "remove_markets",
    [{ case: "removeMarkets", value: { marketIds: ["b", "x"] } }],
    { marketIds: ["a", "c"] },
  ],
  [
    "remove_markets with all",
    [{ case: "removeMarkets", value: { marketIds: ["c", "b", "a"] } }],
    { marketIds: undefined },
  ],
  ["set_markets", [{ case: "setMarkets", value: { marketIds: ["c", "a"] } }], { marketIds: ["c", "a"] }],
  ["set_markets with none", [{ case: "setMarkets", value: {} }], { marketIds: undefined }],
  [
    "several actions, each on what the one before left",
    [
      { case: "setMarkets", value: { marketIds: ["x"] } },
      { case: "addMarkets", value: { marketIds: ["y", "x"] } },
      { case: "removeMarkets", value: { marketIds: ["x"] } },
      { case: "setPriceList", value: {} },
      { case: "setPriceList", value: { priceListId: "last" } },
    ],
    { marketIds: ["y"], priceListId: "last" },
  ],
];

const idle: readonly [title: string, actions: Actions][] = [
  ["no actions", []],
  ["a name that is there", [{ case: "changeName", value: { name: "itself" } }]],
  [
    "metadata that is there, its members in another order",
    [{ case: "setMetadata", value: { metadata: { b: -0, a: 1 } } }],
  ],
  ["markets that are there", [{ case: "addMarkets", value: { marketIds: ["m"] } }]],
  ["markets that aren't there to be removed", [{ case: "removeMarkets", value: { marketIds: ["n"] } }]],
  [
    "actions that undo one another",
    [
      { case: "setPriceList", value: { priceListId: "p" } },
      { case: "setPriceList", value: {} },
    ],
  ],
];

export function updateCases(ground: () => Ground): void {
  test.each(changes)("applies %s", async (_, actions, after) => {
    const { groups } = ground();
    const before = await newGroup(groups, { key: unique("update"), ...full });
    const updated = await update(groups, before, actions);
    expect(json(updated)).toEqual({
      ...json(before),
      ...after,
      version: "2",
      lastModifiedAt: expect.stringMatching(TIMESTAMP),
    });
    expect(await getGroup(groups, before.id)).toEqual(updated);
  });

  test.each(idle)("leaves version and last_modified_at alone with %s", async (_, actions) => {
    const { groups } = ground();
    const before = await newGroup(groups, { metadata: { a: 1, b: 0 }, marketIds: ["m"] });
    const own = actions.map((action) =>
      action.case === "changeName" ? { ...action, value: { name: before.name } } : action,
    );
    expect(await update(groups, before, own)).toEqual(before);
    expect(await getGroup(groups, before.id)).toEqual(before);
  });

  test("updates a group by key, even to another key", async () => {
    const { groups } = ground();
    const [key, next] = [unique("from"), unique("to")];
    const before = await newGroup(groups, { key });
    const request = {
      projectKey: PROJECT,
      ref: byKey(key),
      expectedVersion: 1n,
      actions: [{ action: { case: "setKey" as const, value: { key: next } } }],
    };
    const updated = groupOf(await groups.updateCustomerGroup(request));
    expect(updated).toMatchObject({ id: before.id, key: next, version: 2n });
    expect(groupOf(await groups.getCustomerGroup({ projectKey: PROJECT, ref: byKey(next) }))).toEqual(
      updated,
    );
  });

  test("applies 500 actions in order", async () => {
    const { groups } = ground();
    const actions: Actions = Array.from({ length: 500 }, (_, index) => ({
      case: "addMarkets",
      value: { marketIds: [`m${index}`] },
    }));
    const { marketIds, version } = await update(groups, await newGroup(groups), actions);
    expect(marketIds).toEqual(Array.from({ length: 500 }, (_, index) => `m${index}`));
    expect(version).toBe(2n);
  });

  test("applies nothing when one action can't be", async () => {
    const { groups } = ground();
    const before = await newGroup(groups);
    const holder = await newGroup(groups);
    const actions: Actions = [
      { case: "setPriceList", value: { priceListId: "p" } },
      { case: "changeName", value: { name: holder.name } },
    ];
    await expect(update(groups, before, actions)).rejects.toThrow();
    expect(await getGroup(groups, before.id)).toEqual(before);
  });

  attachmentCases(ground);
}
