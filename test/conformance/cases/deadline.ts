import { expect, test } from "vitest";
import { failureOf } from "../failure.ts";
import { getGroup, newGroup, PROJECT } from "../groups.ts";
import type { Ground } from "../suite.ts";

export function deadlineCases(ground: () => Ground): void {
  test("answers by the deadline of its caller", async () => {
    const { groups, sql } = ground();
    const group = await newGroup(groups);
    await sql.begin(async (transaction) => {
      await transaction`lock table customer_groups in access exclusive mode`;
      const call = groups.queryCustomerGroups({ projectKey: PROJECT }, { timeoutMs: 150 });
      // Of its own clock or by the answer, whichever is first.
      expect(await failureOf(call)).toMatchObject({ code: "DeadlineExceeded" });
    });
    expect(await getGroup(groups, group.id)).toEqual(group);
  });
}
