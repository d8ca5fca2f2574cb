import { create } from "@bufbuild/protobuf";
import { timestampDate } from "@bufbuild/protobuf/wkt";
import { expect, test } from "vitest";
import { CustomerGroupSchema } from "../../../gen/clientele/v1/customer_group_pb.ts";
import { Mode } from "../../../gen/clientele/v1/mode_pb.ts";
import { getGroup, json, newGroup, TIMESTAMP, UUID_V7, unique } from "../groups.ts";
import type { Ground } from "../suite.ts";

export function createCases(ground: () => Ground): void {
  test("creates a group with every field", async () => {
    const { groups } = ground();
    const draft = {
      name: unique("VIP"),
      key: unique("vip"),
      reference: "crm-4711",
      referenceOrigin: "legacy-crm",
      metadata: { tier: "gold", since: 2019, perks: ["lounge", { nested: [true, null, -1.5] }], empty: {} },
      priceListId: "summer",
      marketIds: ["de", "at", "ch"],
    };
    const group = await newGroup(groups, draft);
    expect(json(group)).toEqual({
      ...draft,
      id: expect.stringMatching(UUID_V7),
      version: "1",
      createdAt: expect.stringMatching(TIMESTAMP),
      lastModifiedAt: json(group).createdAt,
      mode: "MODE_TEST",
      self: `projects/demo/customer-groups/${group.id}`,
    });
    expect(await getGroup(groups, group.id)).toEqual(group);
  });

  test("leaves unset what a draft doesn't say", async () => {
    const { groups } = ground();
    const name = unique("Bare");
    const group = await newGroup(groups, { name });
    expect(group).toEqual(
      create(CustomerGroupSchema, {
        id: group.id,
        version: 1n,
        name,
        createdAt: group.createdAt,
        lastModifiedAt: group.createdAt,
        mode: Mode.TEST,
        self: `projects/demo/customer-groups/${group.id}`,
      } as never),
    );
    const createdAt = group.createdAt && timestampDate(group.createdAt).getTime();
    expect(createdAt).toBeGreaterThan(Date.UTC(2020));
  });

  test.each([
    ["a name of 256 characters", () => ({ name: unique("ñ").padEnd(256, "ñ") })],
    ["a name with blanks around it", () => ({ name: `  ${unique("Blank")}  ` })],
    ["a key of 2 characters", () => ({ key: unique("k").slice(-2) })],
    ["a key of 256 characters", () => ({ key: unique("k_").padEnd(256, "Z") })],
    ["a reference of 256 bytes", () => ({ reference: "ä".repeat(128), referenceOrigin: "o".repeat(256) })],
    ["500 markets", () => ({ marketIds: Array.from({ length: 500 }, (_, index) => `market ${index}`) })],
    ["metadata of 8 levels", () => ({ metadata: { a: { b: { c: { d: { e: { f: { g: { h: 1 } } } } } } } } })],
    ["the largest integers", () => ({ metadata: { most: 2 ** 53 - 1, least: 1 - 2 ** 53, tiny: 1e-20 } })],
    [
      "members that JavaScript objects have",
      () => ({ metadata: { constructor: "c", toString: { length: 1 } } }),
    ],
    ["empty metadata", () => ({ metadata: {} })],
  ])("takes %s", async (_, draft) => {
    const { groups } = ground();
    const said = draft();
    const group = await newGroup(groups, said);
    expect(json(group)).toMatchObject(said);
    expect(await getGroup(groups, group.id)).toEqual(group);
  });

  test("keeps the same reference for two groups", async () => {
    const { groups } = ground();
    const draft = { reference: "crm-1", referenceOrigin: "crm" };
    const twins = [await newGroup(groups, draft), await newGroup(groups, draft)];
    expect(twins.map(({ reference }) => reference)).toEqual(["crm-1", "crm-1"]);
  });

  test("says the mode of the project", async () => {
    const group = await newGroup(ground().groups, {}, "live");
    expect(group.mode).toBe(Mode.LIVE);
    expect(group.self).toBe(`projects/live/customer-groups/${group.id}`);
  });

  test("lets another project use the same name and key", async () => {
    const { groups } = ground();
    const draft = { name: unique("Shared"), key: unique("shared") };
    const [one, other] = [await newGroup(groups, draft), await newGroup(groups, draft, "live")];
    expect([one.key, other.key]).toEqual([draft.key, draft.key]);
    expect(one.id).not.toBe(other.id);
  });
}
