import { beforeAll, describe, expect, test } from "vitest";
import type { CustomerGroup } from "../../../gen/clientele/v1/customer_group_pb.ts";
import { failureOf } from "../failure.ts";
import { newGroup } from "../groups.ts";
import { by, type Compare, createdAt, descending, id, modifiedAt, thenBy } from "../order.ts";
import { pageTokenInvalid } from "../stories.ts";
import type { Ground } from "../suite.ts";

const projectKey = "queries";
/** One more than the default limit. */
const COUNT = 21;

export function queryCases(ground: () => Ground): void {
  describe("query", () => {
    let all: CustomerGroup[] = [];

    beforeAll(async () => {
      const { groups } = ground().seeder;
      const words = ["zeta", "Zeta", "alpha", "Ähre", "aa", "a b", "éclair", "顧客", "_", "🎁"];
      for (let index = 0; index < COUNT; index += 1) {
        const key = index % 3 === 0 ? {} : { key: `key-${(index * 8) % COUNT}` };
        all.push(
          await newGroup(groups, { name: `${words[index % words.length]} ${index}`, ...key }, projectKey),
        );
      }
      all = all.toSorted(by(id));
    });

    test("gives 20 groups by id, and nothing of other projects, unless asked otherwise", async () => {
      const { groups } = ground();
      const page = await groups.queryCustomerGroups({ projectKey });
      expect(page).toMatchObject({
        limit: 20,
        offset: 0,
        count: 20,
        totalCapped: false,
        results: all.slice(0, 20),
      });
      expect(page.total).toBeUndefined();
      const rest = await groups.queryCustomerGroups({ projectKey, pageToken: page.nextPageToken });
      expect(rest).toMatchObject({
        limit: 20,
        offset: 0,
        count: 1,
        results: all.slice(20),
        nextPageToken: "",
      });
    });

    const slices: readonly [
      slice: { readonly limit?: number; readonly offset?: number },
      part: [number, number],
    ][] = [
      [{ limit: 3 }, [0, 3]],
      [{ limit: 3, offset: 5 }, [5, 8]],
      [{ limit: 500, offset: 19 }, [19, 21]],
      [{ offset: 21 }, [21, 21]],
      [{ offset: 10_000 }, [21, 21]],
      [{ limit: 21 }, [0, 21]],
      [{ limit: 0 }, [0, 0]],
      [{ limit: 0, offset: 7 }, [0, 0]],
    ];
    test.each(slices)("gives the slice that %j asks for", async (slice, [begin, end]) => {
      const page = await ground().groups.queryCustomerGroups({ projectKey, ...slice, withTotal: true });
      expect(page).toMatchObject({ limit: 20, offset: 0, ...slice, count: end - begin, total: COUNT });
      expect(page.results).toEqual(all.slice(begin, end));
      const isMore = slice.limit !== 0 && end < COUNT;
      expect(page.nextPageToken !== "").toBe(isMore);
    });

    const orders: readonly [sort: string[], order: Compare<CustomerGroup>][] = [
      [["name"], by(({ name }) => name)],
      [["name desc"], descending(by(({ name }) => name))],
      [["key"], thenBy(by(key), by(id))],
      [["key DESC"], thenBy(descending(by(key)), descending(by(id)))],
      [["key asc", "name desc"], thenBy(by(key), descending(by(({ name }) => name)))],
      [["id desc"], descending(by(id))],
      [["created_at"], thenBy(by(createdAt), by(id))],
      [["last_modified_at desc", "key"], thenBy(descending(by(modifiedAt)), by(key), by(id))],
    ];
    test.each(orders)("sorts by %j, page after page", async (sort, order) => {
      const { groups } = ground();
      const found: CustomerGroup[] = [];
      let pageToken = "";
      do {
        const page = await groups.queryCustomerGroups({ projectKey, sort, limit: 6, pageToken });
        found.push(...page.results);
        ({ nextPageToken: pageToken } = page);
      } while (pageToken !== "");
      expect(found.map(({ name }) => name)).toEqual(all.toSorted(order).map(({ name }) => name));
    });

    test("refuses a page token that was altered, or is of another query or project", async () => {
      const { groups } = ground();
      const { nextPageToken } = await groups.queryCustomerGroups({ projectKey, sort: ["name"], limit: 1 });
      const altered = `${nextPageToken.startsWith("A") ? "B" : "A"}${nextPageToken.slice(1)}`;
      for (const request of [
        { projectKey, sort: ["name"], pageToken: altered },
        { projectKey, sort: ["name desc"], pageToken: nextPageToken },
        { projectKey, pageToken: nextPageToken },
        { projectKey: "live", sort: ["name"], pageToken: nextPageToken },
      ]) {
        expect(await failureOf(groups.queryCustomerGroups(request))).toEqual(pageTokenInvalid);
      }
    });

    test("takes a page token with another limit", async () => {
      const { groups } = ground();
      const { nextPageToken } = await groups.queryCustomerGroups({ projectKey, limit: 1 });
      const page = await groups.queryCustomerGroups({ projectKey, limit: 4, pageToken: nextPageToken });
      expect(page.results).toEqual(all.slice(1, 5));
    });
  });
}

function key(group: CustomerGroup): string | undefined {
  return group.key;
}
