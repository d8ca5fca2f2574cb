import { beforeAll, describe, expect, test } from "vitest";
import type { CustomType } from "../../../gen/clientele/v1/custom_type_pb.ts";
import { failureOf } from "../failure.ts";
import { by, type Compare, createdAt, descending, id, modifiedAt, thenBy } from "../order.ts";
import { pageTokenInvalid } from "../stories.ts";
import type { Ground } from "../suite.ts";
import { fields, newType } from "../types.ts";

const projectKey = "queries";
/** One more than the default limit. */
const COUNT = 21;

export function customTypeQueryCases(ground: () => Ground): void {
  describe("a query of types", () => {
    let all: CustomType[] = [];

    beforeAll(async () => {
      const { types } = ground().seeder;
      for (let index = 0; index < COUNT; index += 1) {
        const key = `${["b", "B", "_", "a", "-"][index % 5]}${(index * 8) % COUNT}-type`;
        all.push(await newType(types, { key, ...fields("note") }, projectKey));
      }
      all = all.toSorted(by(id));
    });

    test("gives 20 by id, and nothing of other projects, unless asked otherwise", async () => {
      const { types } = ground();
      const page = await types.queryCustomTypes({ projectKey });
      const said = { limit: 20, offset: 0, count: 20, totalCapped: false };
      expect(page).toMatchObject({ ...said, results: all.slice(0, 20) });
      expect(page.total).toBeUndefined();
      const rest = await types.queryCustomTypes({ projectKey, pageToken: page.nextPageToken });
      expect(rest).toMatchObject({ ...said, count: 1, results: all.slice(20), nextPageToken: "" });
    });

    test.each([
      [{ limit: 3, offset: 5 }, [5, 8]],
      [{ limit: 500, offset: 19 }, [19, 21]],
      [{ offset: 10_000 }, [21, 21]],
      [{ limit: 0, offset: 7 }, [0, 0]],
    ] as const)("gives the slice that %j asks for", async (slice, [begin, end]) => {
      const page = await ground().types.queryCustomTypes({ projectKey, ...slice, withTotal: true });
      expect(page).toMatchObject({ limit: 20, ...slice, count: end - begin, total: COUNT });
      expect(page.results).toEqual(all.slice(begin, end));
    });

    const orders: readonly [sort: string[], order: Compare<CustomType>][] = [
      [["key"], by(({ key }) => key)],
      [["key desc"], descending(by(({ key }) => key))],
      [["id desc"], descending(by(id))],
      [["created_at", "id"], thenBy(by(createdAt), by(id))],
      [["last_modified_at DESC", "id desc"], descending(thenBy(by(modifiedAt), by(id)))],
    ];
    test.each(orders)("sorts by %j, page after page", async (sort, order) => {
      const { types } = ground();
      const found: string[] = [];
      let pageToken = "";
      do {
        const page = await types.queryCustomTypes({ projectKey, sort, limit: 6, pageToken });
        found.push(...page.results.map(({ key }) => key));
        ({ nextPageToken: pageToken } = page);
      } while (pageToken !== "");
      expect(found).toEqual(all.toSorted(order).map(({ key }) => key));
    });

    test("refuses a page token of another order, project or method", async () => {
      const { groups, types } = ground();
      const { nextPageToken: pageToken } = await types.queryCustomTypes({ projectKey, limit: 1 });
      for (const call of [
        () => types.queryCustomTypes({ projectKey, sort: ["key"], pageToken }),
        () => types.queryCustomTypes({ projectKey: "live", pageToken }),
        () => groups.queryCustomerGroups({ projectKey, pageToken }),
      ]) {
        expect(await failureOf(call())).toEqual(pageTokenInvalid);
      }
      const page = await types.queryCustomTypes({ projectKey, limit: 2, pageToken });
      expect(page.results).toEqual(all.slice(1, 3));
    });
  });
}
