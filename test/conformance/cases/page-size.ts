import { randomBytes } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { failureOf } from "../failure.ts";
import { byId, newGroup } from "../groups.ts";
import { tooLarge } from "../stories.ts";
import type { Ground } from "../suite.ts";

const projectKey = "pages";
const MAX_PAGE_BYTES = 4 * 1024 * 1024 - 64 * 1024;
/** Of 110 KiB each: more than a page. */
const COUNT = 40;

export function pageSizeCases(ground: () => Ground): void {
  describe("groups of more than 4 MiB in all", () => {
    const ids: string[] = [];

    beforeAll(async () => {
      const text = randomBytes(55 * 1024).toString("hex");
      for (let index = 0; index < COUNT; index += 1) {
        ids.push((await newGroup(ground().seeder.groups, { metadata: { text } }, projectKey)).id);
      }
      ids.sort();
    });

    test("come in short pages that say that there is more", async () => {
      const { groups } = ground();
      const first = await groups.queryCustomerGroups({ projectKey, limit: 500, withTotal: true });
      expect(first.count).toBeGreaterThan(30);
      expect(first.count).toBeLessThan(COUNT);
      expect(first).toMatchObject({ limit: 500, total: COUNT });
      expect(first.nextPageToken).not.toBe("");

      const second = await groups.queryCustomerGroups({
        projectKey,
        limit: 500,
        pageToken: first.nextPageToken,
      });
      expect([...first.results, ...second.results].map(({ id }) => id)).toEqual(ids);
      expect(second.nextPageToken).toBe("");
    });

    test("can't be got in one batch", async () => {
      const { groups } = ground();
      const failure = await failureOf(groups.batchGetCustomerGroups({ projectKey, refs: ids.map(byId) }));
      const [, actual = ""] = /would be (\d+) bytes/.exec(failure.message) ?? [];
      expect(Number(actual)).toBeGreaterThan(COUNT * 110 * 1024);
      expect(failure).toEqual(tooLarge("the answer", MAX_PAGE_BYTES, failure.message));
    });
  });
}
