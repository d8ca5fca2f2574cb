import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { byId, byKey, newGroup, PROJECT, unique } from "../groups.ts";
import type { Ground } from "../suite.ts";

export function batchGetCases(ground: () => Ground): void {
  test("gets groups in the order asked, with missing ones and duplicates", async () => {
    const { groups } = ground();
    const key = unique("batch");
    const [first, second] = [await newGroup(groups, { key }), await newGroup(groups)];
    const elsewhere = await newGroup(groups, {}, "live");
    const missing = [byKey(unique("none")), byId(randomUUID().toUpperCase()), byId(elsewhere.id)] as const;
    const refs = [
      byId(second.id),
      missing[0],
      byKey(key),
      byId(second.id.toUpperCase()),
      missing[1],
      byId(first.id),
      missing[2],
      missing[0],
    ];
    const { results } = await groups.batchGetCustomerGroups({ projectKey: PROJECT, refs });
    expect(results.map(({ result }) => result)).toMatchObject([
      { case: "customerGroup", value: second },
      { case: "notFound", value: missing[0] },
      { case: "customerGroup", value: first },
      { case: "customerGroup", value: second },
      { case: "notFound", value: missing[1] },
      { case: "customerGroup", value: first },
      { case: "notFound", value: missing[2] },
      { case: "notFound", value: missing[0] },
    ]);
  });

  test("answers no refs with no results", async () => {
    expect((await ground().groups.batchGetCustomerGroups({ projectKey: PROJECT })).results).toEqual([]);
  });

  test("gets as many as it may at once", async () => {
    const { groups, way } = ground();
    const { id } = await newGroup(groups);
    // A request's headers, its URL among them, are at most 16 KiB.
    const most = way.usesGet ? 100 : 500;
    const refs = [...Array.from({ length: most - 1 }, (_, index) => byKey(`nobody-has-${index}`)), byId(id)];
    const { results } = await groups.batchGetCustomerGroups({ projectKey: PROJECT, refs });
    expect(results).toHaveLength(most);
    expect(results.slice(0, -1).every(({ result }) => result.case === "notFound")).toBe(true);
    expect(results.at(-1)?.result).toMatchObject({ case: "customerGroup", value: { id } });
  });
}
