import { beforeAll, describe, expect, test } from "vitest";
import type { CustomerGroup } from "../../../gen/clientele/v1/customer_group_pb.ts";
import type { Customer } from "../../../gen/clientele/v1/customer_pb.ts";
import { byEmail } from "../../support/customers.ts";
import { newCustomer } from "../customers.ts";
import { byId, byKey, newGroup } from "../groups.ts";
import { by, type Compare, createdAt, descending, id, modifiedAt, thenBy } from "../order.ts";
import type { Ground } from "../suite.ts";

const projectKey = "members";
/** As they sort: ignoring case and Unicode form, by code point. */
const EMAILS = [
  "Alpha@b.example",
  "alpha@c.example",
  "STRASSE@a.example",
  "straße@b.example",
  "éclair@a.example",
];

export function customerQueryCases(ground: () => Ground): void {
  describe("a query of customers", () => {
    /** By id. */
    let all: Customer[] = [];
    let club: CustomerGroup;
    let tier: CustomerGroup;

    beforeAll(async () => {
      const { customers, groups } = ground().seeder;
      club = await newGroup(groups, { key: "club", name: "Club" }, projectKey);
      tier = await newGroup(groups, { key: "tier", name: "Tier" }, projectKey);
      await newGroup(groups, { name: "Nobody's" }, projectKey);
      const memberships = [
        {},
        { customerGroup: { key: "club" } },
        { customerGroupAssignments: [{ key: "tier" }, { key: "club" }] },
        { customerGroup: { key: "club" }, customerGroupAssignments: [{ key: "club" }] },
        { customerGroup: { key: "tier" } },
      ];
      for (const index of [3, 0, 4, 2, 1]) {
        const draft = { email: EMAILS[index] ?? "", ...memberships[index] };
        all.push(await newCustomer(customers, draft, projectKey));
      }
      all = all.toSorted(by(id));
    });

    const emails = (customers: readonly Customer[]) => customers.map(({ email }) => email);
    const rank = ({ email }: Customer) => EMAILS.indexOf(email);

    test("gives 20 by id, and nothing of other projects, unless asked otherwise", async () => {
      const page = await ground().customers.queryCustomers({ projectKey });
      const counts = { limit: 20, offset: 0, count: 5, totalCapped: false, nextPageToken: "" };
      expect(page).toMatchObject({ ...counts, results: all });
      expect(page.total).toBeUndefined();
    });

    test.each([
      [{ limit: 2, offset: 1 }, [1, 3]],
      [{ limit: 0 }, [0, 0]],
      [{ offset: 10_000 }, [5, 5]],
    ] as const)("gives the slice that %j asks for", async (slice, [begin, end]) => {
      const page = await ground().customers.queryCustomers({ projectKey, ...slice, withTotal: true });
      const results = all.slice(begin, end);
      expect(page).toMatchObject({
        limit: 20,
        offset: 0,
        ...slice,
        count: results.length,
        total: 5,
        results,
      });
    });

    test.each<readonly [sort: string, order: Compare<Customer>]>([
      ["email", by(rank)],
      ["email desc", descending(by(rank))],
      ["id DESC", descending(by(id))],
      ["created_at", thenBy(by(createdAt), by(id))],
      ["last_modified_at desc", descending(thenBy(by(modifiedAt), by(id)))],
    ])("sorts by %j, page after page", async (sort, order) => {
      const { customers } = ground();
      const found: Customer[] = [];
      let pageToken = "";
      do {
        const page = await customers.queryCustomers({ projectKey, sort: [sort], limit: 2, pageToken });
        found.push(...page.results);
        ({ nextPageToken: pageToken } = page);
      } while (pageToken !== "");
      expect(emails(found)).toEqual(emails(all.toSorted(order)));
    });

    test("gives the members of a group, be it their primary one or another, page after page", async () => {
      const { customers } = ground();
      const query = { projectKey, memberOf: byKey("club"), sort: ["email"], limit: 2, withTotal: true };
      const page = await customers.queryCustomers(query);
      expect([page.total, ...emails(page.results)]).toEqual([3, EMAILS[1], EMAILS[2]]);
      const rest = await customers.queryCustomers({
        ...query,
        memberOf: byKey("club"),
        pageToken: page.nextPageToken,
      });
      expect([rest.nextPageToken, ...emails(rest.results)]).toEqual(["", EMAILS[3]]);
    });

    test("gives the groups of a customer", async () => {
      const { groups } = ground();
      const namesOf = async (email: string) => {
        const query = { projectKey, member: byEmail(email), sort: ["name desc"], withTotal: true };
        const { total, results } = await groups.queryCustomerGroups(query);
        return [total, ...results.map(({ id, customerCount }) => [id, customerCount])];
      };
      expect(await namesOf("strasse@A.example")).toEqual([2, [tier.id, 2], [club.id, 3]]);
      expect(await namesOf("ÉCLAIR@a.example")).toEqual([1, [tier.id, 2]]);
      expect(await namesOf("alpha@b.example")).toEqual([0]);
      const inClub = all.find(({ email }) => email === EMAILS[3]);
      const byItsId = { projectKey, member: byId(inClub?.id ?? ""), limit: 1 };
      expect((await groups.queryCustomerGroups(byItsId)).results).toMatchObject([{ id: club.id }]);
    });
  });
}
