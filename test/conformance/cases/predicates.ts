import { beforeAll, describe, expect, test } from "vitest";
import { newCustomer } from "../customers.ts";
import { newGroup } from "../groups.ts";
import type { Ground } from "../suite.ts";
import { fields, newType } from "../types.ts";

const projectKey = "predicates";

export function predicateCases(ground: () => Ground): void {
  describe("by predicates", () => {
    beforeAll(async () => {
      const { customers, groups, types } = ground().seeder;
      const { id } = await newGroup(groups, { key: "vip", name: "VIP", marketIds: ["de"] }, projectKey);
      await newGroup(groups, { key: "none", name: "Nobody's" }, projectKey);
      await newType(types, { key: "club", ...fields("note", "tier") }, projectKey);
      for (const [at, lastName] of ["Ito", "Abe", "Ito", "Novák", "Ito"].entries()) {
        const metadata = { points: at / 4, größe: { cm: [at] } };
        const draft = {
          email: `n${at}@example.com`,
          lastName,
          metadata,
          ...(at > 1 && { customerGroup: { id } }),
        };
        await newCustomer(customers, draft, projectKey);
      }
    });

    test("customers are found, sorted and counted, page after page", async () => {
      const { customers } = ground();
      const query = {
        projectKey,
        where: ['lastName in :names and email != "n9@example.com"', "metadata(points >= :least)"],
        variables: { names: ["Ito", "Abe"], least: 0.25, unused: { a: [null, true] } },
        sort: ["lastName", "metadata.points desc"],
        limit: 2,
        withTotal: true,
      };
      const page = await customers.queryCustomers(query);
      expect(page).toMatchObject({ count: 2, total: 3, totalCapped: false });
      expect(page.results.map(({ email }) => email)).toEqual(["n1@example.com", "n4@example.com"]);
      const rest = await customers.queryCustomers({
        ...query,
        exactTotal: true,
        pageToken: page.nextPageToken,
      });
      expect(rest).toMatchObject({ count: 1, total: 3, totalCapped: false, nextPageToken: "" });
      expect(rest.results.map(({ email }) => email)).toEqual(["n2@example.com"]);
    });

    test("groups and types are found", async () => {
      const { groups, types } = ground();
      const found = await groups.queryCustomerGroups({
        projectKey,
        where: ["customerCount = 3", 'marketIds contains all ("de")'],
      });
      expect(found.results.map(({ key }) => key)).toEqual(["vip"]);
      const where = ["fieldDefinitions(name = :field)"];
      const { results } = await types.queryCustomTypes({ projectKey, where, variables: { field: "tier" } });
      expect(results.map(({ key }) => key)).toEqual(["club"]);
    });

    test("customers, groups and types are known to exist, or not", async () => {
      const { customers, groups, types } = ground();
      const predicate = (where: string, it: string | boolean) => ({
        projectKey,
        target: { case: "predicate" as const, value: { where: [where], variables: { it } } },
      });
      for (const isThere of [true, false]) {
        const member = predicate("customerGroup(key = :it)", isThere ? "vip" : "none");
        expect(await customers.existsCustomer(member)).toMatchObject({ exists: isThere });
        const named = predicate("name matches ignore case :it", isThere ? "vip" : "vi");
        expect(await groups.existsCustomerGroup(named)).toMatchObject({ exists: isThere });
        const required = predicate("fieldDefinitions(required = :it)", !isThere);
        expect(await types.existsCustomType(required)).toMatchObject({ exists: isThere });
      }
    });

    test("a query is explained instead of run", async () => {
      const { customers } = ground();
      const query = { projectKey, where: ['email = "n1@example.com"'], withTotal: true, explain: true };
      const { plan, total, ...page } = await customers.queryCustomers(query);
      expect(page).toMatchObject({ limit: 20, count: 0, results: [], nextPageToken: "" });
      expect(total).toBeUndefined();
      expect(plan?.steps.map(({ table }) => table)).toContain("customers");
      expect(plan?.steps[0]).toMatchObject({ depth: 0, operation: "Limit" });
      const indexes = plan?.steps.flatMap(({ index }) => index ?? []);
      expect(plan?.indexes).toEqual([...new Set(indexes)]);
      expect(indexes).not.toEqual([]);
    });
  });
}
