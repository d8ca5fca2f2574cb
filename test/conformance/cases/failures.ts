import { beforeAll, describe, expect, test } from "vitest";
import { failureOf, fieldInvalid } from "../failure.ts";
import { newGroup, PROJECT, unique } from "../groups.ts";
import { type Obstacles, setObstacles } from "../obstacles.ts";
import { essentialRefusals, ruleRefusals } from "../refusals.ts";
import type { Ground } from "../suite.ts";
import type { Way } from "../way.ts";
import { plainWays } from "../ways/all.ts";

/** For the ways that parity.test.ts doesn't ask for all refusals that there are. */
export function refusalCases(ground: () => Ground, way: Way): void {
  if (plainWays.some(({ name }) => name === way.name)) return;
  describe("refuses", () => {
    let obstacles: Obstacles;

    beforeAll(async () => {
      obstacles = await setObstacles(ground().seeder);
    });

    const all = [...essentialRefusals, ...ruleRefusals];
    test.each(all.map((refusal) => [refusal.title, refusal] as const))("%s", async (_, { call, says }) => {
      expect(await failureOf(call(ground(), obstacles))).toEqual(says(obstacles));
    });
  });
}

export function failureCases(ground: () => Ground, way: Way): void {
  describe("refuses", () => {
    test.each(["", "x".repeat(129), "two words"])("the user id %j", async (user) => {
      const { groups } = ground();
      const headers = { "x-external-user-id": user };
      const call = groups.queryCustomerGroups({ projectKey: PROJECT }, { headers });
      const description = "must be 1 to 128 visible ASCII characters";
      expect(await failureOf(call)).toEqual(
        fieldInvalid("x-external-user-id", "string.pattern", description),
      );
    });

    // JSON has no words for these.
    test.runIf(way.encoding === "binary").each([
      ["NaN", { list: [Number.NaN] }, "draft.metadata.list[0]"],
      ["an infinity", { deep: { n: Number.NEGATIVE_INFINITY } }, "draft.metadata.deep.n"],
    ])("%s in metadata", async (_, metadata, field) => {
      const call = newGroup(ground().groups, { name: unique("Number"), metadata });
      expect(await failureOf(call)).toEqual(fieldInvalid(field, "json", "must be a finite number"));
    });
  });
}
