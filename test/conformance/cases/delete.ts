import { expect, test } from "vitest";
import { failureOf } from "../failure.ts";
import { byKey, getGroup, groupOf, newGroup, PROJECT, remove, unique, update } from "../groups.ts";
import type { Ground } from "../suite.ts";

export function deleteCases(ground: () => Ground): void {
  test("returns the deleted group as it last was", async () => {
    const { groups } = ground();
    const created = await newGroup(groups, { key: unique("gone"), metadata: { a: [1] } });
    const last = await update(groups, created, [{ case: "setPriceList", value: { priceListId: "p" } }]);
    expect(await remove(groups, last)).toEqual(last);
    expect(await failureOf(getGroup(groups, last.id))).toMatchObject({ code: "NotFound" });
    expect(await failureOf(remove(groups, last))).toMatchObject({ code: "NotFound" });
  });

  test("deletes a group by key, and frees its name and key", async () => {
    const { groups } = ground();
    const draft = { name: unique("Again"), key: unique("again") };
    const first = await newGroup(groups, draft);
    const request = { projectKey: PROJECT, ref: byKey(draft.key), expectedVersion: 1n };
    expect(groupOf(await groups.deleteCustomerGroup(request))).toEqual(first);
    const second = await newGroup(groups, draft);
    expect(second).toMatchObject({ ...draft, version: 1n });
    expect(second.id).not.toBe(first.id);
  });
}
