import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { byId, byKey, groupOf, newGroup, PROJECT, unique } from "../groups.ts";
import type { Ground } from "../suite.ts";

export function getCases(ground: () => Ground): void {
  test("gets a group by id, by an upper-case id and by key", async () => {
    const { groups } = ground();
    const key = unique("Key");
    const group = await newGroup(groups, { key, metadata: { a: 1 } });
    for (const ref of [byId(group.id), byId(group.id.toUpperCase()), byKey(key)]) {
      expect(groupOf(await groups.getCustomerGroup({ projectKey: PROJECT, ref }))).toEqual(group);
    }
  });

  test("gets names of metadata whose escapes the engine takes for others that it read before", async () => {
    const { groups } = ground();
    // A name that no object had: what the engine expects behind it is then what came first.
    const name = unique("n");
    await newGroup(groups, { metadata: { [name]: [], [`${name}\\`]: 0 } });
    const metadata = { [`${name}\n`]: 2, [name]: 1 };
    const { id } = await newGroup(groups, { metadata });
    expect(groupOf(await groups.getCustomerGroup({ projectKey: PROJECT, ref: byId(id) })).metadata).toEqual(
      metadata,
    );
  });

  test("says whether a group exists", async () => {
    const { groups } = ground();
    const key = unique("here");
    const { id } = await newGroup(groups, { key });
    const exists = async (ref: ReturnType<typeof byId> | ReturnType<typeof byKey>, projectKey = PROJECT) =>
      (await groups.existsCustomerGroup({ projectKey, target: { case: "ref", value: ref } })).exists;
    expect(await exists(byId(id))).toBe(true);
    expect(await exists(byId(id.toUpperCase()))).toBe(true);
    expect(await exists(byKey(key))).toBe(true);
    expect(await exists(byKey(key.toUpperCase()))).toBe(false);
    expect(await exists(byId(randomUUID()))).toBe(false);
    expect(await exists(byId(id), "live")).toBe(false);
  });
}
