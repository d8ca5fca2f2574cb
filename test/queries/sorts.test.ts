import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { walk } from "./ask.ts";
import { type QueryFixture, startWithRandomRows } from "./fixture.ts";
import { askedBy, idsThatHold, questions } from "./questions.ts";
import { idsInOrder, printSort, sortLists } from "./sorts.ts";

let fixture: QueryFixture;

beforeAll(async () => {
  fixture = await startWithRandomRows();
});
afterAll(() => fixture.stop());

test.each(["customers", "groups", "types"] as const)(
  "pages of %s are in any order, each once",
  async (name) => {
    const resource = fixture.resource(name);
    const limit = fc.constantFrom(11, 40, 149, 500);
    const rule = fc.asyncProperty(sortLists(resource), limit, async (sorts, most) => {
      const found = await walk(fixture.clients, name, { sort: sorts.map(printSort), limit: most });
      expect(found).toEqual(idsInOrder(sorts, resource));
    });
    await fc.assert(rule, { numRuns: 24, seed: 1 });
  },
);

test.each(["customers", "groups", "types"] as const)("pages of some %s are in order, too", async (name) => {
  const resource = fixture.resource(name);
  const limit = fc.constantFrom(11, 40, 149, 500);
  const rule = fc.asyncProperty(
    questions(resource),
    sortLists(resource),
    limit,
    async (question, sorts, most) => {
      const page = { ...askedBy(question), sort: sorts.map(printSort), limit: most };
      const kept = new Set(idsThatHold(question, resource));
      expect(await walk(fixture.clients, name, page)).toEqual(
        idsInOrder(sorts, resource).filter((id) => kept.has(id)),
      );
    },
  );
  await fc.assert(rule, { numRuns: 12, seed: 1, endOnFailure: true });
});
