import { expect, test } from "vitest";
import { failureOf } from "../failure.ts";
import { type Actions, getGroup, newGroup, remove, unique, update } from "../groups.ts";
import { limitReached, tooLarge } from "../stories.ts";
import type { Ground } from "../suite.ts";

export function limitCases(ground: () => Ground): void {
  test("refuses a group more than the project may hold, and takes it when one is gone", async () => {
    const { groups, sql } = ground();
    await sql`update projects set customer_group_limit = 2 where key = 'limits'`;
    await newGroup(groups, {}, "limits");
    const second = await newGroup(groups, {}, "limits");
    expect(await failureOf(newGroup(groups, {}, "limits"))).toEqual(limitReached("customer_groups", 2, 2));

    const { id, version } = second;
    await groups.deleteCustomerGroup({
      projectKey: "limits",
      ref: { value: { case: "id", value: id } },
      expectedVersion: version,
    });
    expect((await newGroup(groups, {}, "limits")).version).toBe(1n);
  });

  test("refuses more markets than a group may have", async () => {
    const { groups } = ground();
    const marketIds = Array.from({ length: 499 }, (_, index) => `m${index}`);
    const group = await newGroup(groups, { marketIds });
    const adding: Actions = [{ case: "addMarkets", value: { marketIds: ["m0", "m500", "m501"] } }];
    expect(await failureOf(update(groups, group, adding))).toEqual(
      limitReached("markets_of_a_customer_group", 500, 499, 501),
    );
    expect(await getGroup(groups, group.id)).toEqual(group);
  });

  test("takes as many markets as a group may have, when an action makes room for the one before", async () => {
    const { groups } = ground();
    const marketIds = Array.from({ length: 500 }, (_, index) => `m${index}`);
    const group = await newGroup(groups, { marketIds });
    const moved = await update(groups, group, [
      { case: "addMarkets", value: { marketIds: ["new"] } },
      { case: "removeMarkets", value: { marketIds: ["m0"] } },
    ]);
    expect(moved.marketIds).toEqual([...marketIds.slice(1), "new"]);
  });

  test("refuses more attachments than a group may have", async () => {
    const { groups } = ground();
    const adding: Actions = Array.from({ length: 100 }, (_, index) => ({
      case: "addAttachment",
      value: { attachment: { name: `a${index}` } },
    }));
    const group = await update(groups, await newGroup(groups), adding);
    expect(await failureOf(update(groups, group, adding.slice(0, 1)))).toEqual(
      limitReached("attachments_of_a_customer_group", 100, 100),
    );
  });

  test("refuses a group of more than 128 KiB, new or grown, and lets it shrink", async () => {
    const { groups } = ground();
    const metadata = { text: "x".repeat(128 * 1024) };
    const creation = await failureOf(newGroup(groups, { metadata }));
    expect(creation).toEqual(tooLarge("the customer group", 131072, creation.message));

    const group = await newGroup(groups, {
      key: unique("large"),
      metadata: { text: "x".repeat(120 * 1024) },
    });
    const growing: Actions = [{ case: "setMetadata", value: { metadata } }];
    expect(await failureOf(update(groups, group, growing))).toMatchObject({ code: "InvalidArgument" });
    const smaller = await update(groups, group, [{ case: "setMetadata", value: {} }]);
    expect(smaller.version).toBe(2n);
    await remove(groups, smaller);
  });
}
