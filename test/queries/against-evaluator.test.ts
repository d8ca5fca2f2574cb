import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { differenceOf, isDifferent } from "./differences.ts";
import type { Resource } from "./documents.ts";
import { type QueryFixture, startWithRandomRows } from "./fixture.ts";
import { idsThatHold, type Question, questions } from "./questions.ts";

/** How many pairs of a predicate and a customer. `npm run test:queries` asks for more. */
const PAIRS = Number(process.env.QUERY_PAIRS ?? 30_000);
const SEED = Number(process.env.QUERY_SEED ?? 1);

/** A test of a million pairs takes its time. */
const HOURS = 4 * 3_600_000;

let fixture: QueryFixture;

beforeAll(async () => {
  fixture = await startWithRandomRows(SEED);
});
afterAll(() => fixture.stop());

describe.each([
  ["customers", 1],
  ["groups", 1 / 8],
  ["types", 1 / 16],
] as const)("of all %s", (name, share) => {
  const expectNoDifference = async (resource: Resource, question: Question) => {
    expect(await differenceOf(fixture.clients, resource, question)).toBeUndefined();
  };

  test("a query finds exactly those for which the predicate holds", { timeout: HOURS }, async () => {
    const resource = fixture.resource(name);
    const told = progress(resource, (PAIRS * share) / 6);
    const rule = fc.asyncProperty(questions(resource), async (question) => {
      await expectNoDifference(resource, question);
      told.tell(idsThatHold(question, resource).length);
    });
    await fc.assert(rule, { numRuns: told.runs, seed: SEED, endOnFailure: true });
    expect(told.kept()).toBeGreaterThan(0.2);
  });

  test("there is none for which the predicate holds, and shouldn't", { timeout: HOURS }, async () => {
    const resource = fixture.resource(name);
    const told = progress(resource, (PAIRS * share * 5) / 6);
    const rule = fc.asyncProperty(questions(resource), async (question) => {
      // An error is told by the whole query, too.
      if (await isDifferent(fixture.clients, resource, question).catch(() => true)) {
        await expectNoDifference(resource, question);
        expect.unreachable("inside of a larger predicate, the same one finds others");
      }
      told.tell();
    });
    await fc.assert(rule, { numRuns: told.runs, seed: SEED + 1, endOnFailure: true });
  });
});

/** Tells how far it is, and counts what share of the resources is kept. */
function progress({ name, documents }: Resource, pairs: number) {
  const runs = Math.ceil(pairs / documents.length);
  const every = Math.max(1_000, Math.ceil(runs / 20));
  let [done, kept] = [0, 0];
  return {
    runs,
    kept: () => kept / (done * documents.length),
    tell(more = 0): void {
      done += 1;
      kept += more;
      if (done % every === 0)
        console.log(`${name}: ${done * documents.length} of ${Math.round(pairs)} pairs`);
    },
  };
}
