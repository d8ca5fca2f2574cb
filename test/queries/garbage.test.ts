import fc from "fast-check";
import { expect, test } from "vitest";
import { ErrorInfoSchema } from "../../gen/google/rpc/error_details_pb.ts";
import { Failure } from "../../src/failure.ts";
import { parsePredicate } from "../../src/predicates/parse.ts";
import { anyPredicate } from "./arbitrary-predicates.ts";
import { mutate, randomGarbage } from "./garbage.ts";
import { printPredicate } from "./print.ts";
import { randomOf } from "./random.ts";

type Outcome = "read" | "PREDICATE_SYNTAX" | "PREDICATE_TOO_COMPLEX";

const MANY_RUNS = process.env.TEST_ROUNDS === "all" ? 40_000 : 10_000;

test("text of any kind is read, or refused with a place in it", () => {
  const counts = { read: 0, PREDICATE_SYNTAX: 0, PREDICATE_TOO_COMPLEX: 0 };
  const random = randomOf(1);
  for (let run = 0; run < MANY_RUNS; run += 1) counts[outcomeOf(randomGarbage(random))] += 1;
  expect(counts.PREDICATE_SYNTAX).toBeGreaterThan(0.75 * MANY_RUNS);
});

test("a predicate with a few characters changed is read, or refused with a place in it", () => {
  const counts = { read: 0, PREDICATE_SYNTAX: 0, PREDICATE_TOO_COMPLEX: 0 };
  const rule = fc.property(anyPredicate, fc.nat(), (predicate, seed) => {
    const random = randomOf(seed);
    const text = printPredicate(predicate, random);
    for (let mutant = 0; mutant < 30; mutant += 1) counts[outcomeOf(mutate(text, random))] += 1;
  });
  fc.assert(rule, { numRuns: MANY_RUNS / 20 });
  expect(counts.read).toBeGreaterThan(MANY_RUNS / 40);
  expect(counts.PREDICATE_SYNTAX).toBeGreaterThan(MANY_RUNS / 4);
});

const MANY = 100_000;

type Case = readonly [what: string, text: string, outcome: Outcome, limit: string];

const CASES: readonly Case[] = [
  ["32 brackets", nested("(", "a = 1", ")", 32), "read", ""],
  ["33 brackets", nested("(", "a = 1", ")", 33), "PREDICATE_TOO_COMPLEX", "levels"],
  ["brackets that fill any memory", "(".repeat(MANY), "PREDICATE_TOO_COMPLEX", "levels"],
  ["32 fields in each other", nested("a(", "a = 1", ")", 32), "read", ""],
  ["33 fields in each other", nested("a(", "a = 1", ")", 33), "PREDICATE_TOO_COMPLEX", "levels"],
  ["fields in each other without end", "a(".repeat(MANY), "PREDICATE_TOO_COMPLEX", "levels"],
  ["32 times not", `${"not ".repeat(32)}a = 1`, "read", ""],
  ["33 times not", `${"not ".repeat(33)}a = 1`, "PREDICATE_TOO_COMPLEX", "levels"],
  ["not without end", "not ".repeat(MANY), "PREDICATE_TOO_COMPLEX", "levels"],
  ["200 conditions", joined("a = 1", 200, " and "), "read", ""],
  ["201 conditions", joined("a = 1", 201, " and "), "PREDICATE_TOO_COMPLEX", "conditions"],
  ["conditions without end", joined("a is empty", MANY, " or "), "PREDICATE_TOO_COMPLEX", "conditions"],
  ["500 values", `a in (${joined("1", 500, ",")})`, "read", ""],
  ["501 values", `a in (${joined("1", 501, ",")})`, "PREDICATE_TOO_COMPLEX", "values_in_a_list"],
  ["values without end", `a in (${joined('"x"', MANY, ",")}`, "PREDICATE_TOO_COMPLEX", "values_in_a_list"],
  ["2,000 values", joined(`a in (${joined("1", 500, ",")})`, 4, " or "), "read", ""],
  [
    "2,001 values",
    `${joined(`a in (${joined("1", 500, ",")})`, 4, " or ")} or a = 1`,
    "PREDICATE_TOO_COMPLEX",
    "values",
  ],
  ["400 digits", `a = ${"9".repeat(400)}`, "read", ""],
  ["401 digits", `a = ${"9".repeat(401)}`, "PREDICATE_TOO_COMPLEX", "digits_of_a_number"],
  ["digits without end", `a = -0.${"9".repeat(MANY)}`, "PREDICATE_TOO_COMPLEX", "digits_of_a_number"],
  ["a great exponent", "a = 1e400", "PREDICATE_TOO_COMPLEX", "digits_of_a_number"],
  ["a small exponent", "a = 1e-400", "PREDICATE_TOO_COMPLEX", "digits_of_a_number"],
  ["an exponent of many digits", `a = 1e${"9".repeat(MANY)}`, "PREDICATE_TOO_COMPLEX", "digits_of_a_number"],
  ["an exponent of many zeros", `a = 0e-${"0".repeat(MANY)}1`, "PREDICATE_TOO_COMPLEX", "digits_of_a_number"],
  ["a text without end", `a = "${"\\u0041".repeat(MANY)}`, "PREDICATE_SYNTAX", ""],
  ["a name without end", "a".repeat(MANY), "PREDICATE_SYNTAX", ""],
  ["blanks without end", " \r\n".repeat(MANY), "PREDICATE_SYNTAX", ""],
  ["signs without end", `a ${"=".repeat(MANY)}`, "PREDICATE_SYNTAX", ""],
  ["nothing", "", "PREDICATE_SYNTAX", ""],
];

test.each(CASES)("knows what to do with %s", (_, text, outcome, limit) => {
  expect(outcomeOf(text)).toBe(outcome);
  if (limit !== "") expect(factsOf(text)).toMatchObject({ limit_name: limit });
});

/** What became of a text. Expects that a refusal is one that is documented. */
function outcomeOf(text: string): Outcome {
  const facts = factsOf(text);
  if (!facts) return "read";
  const line = text.split(/\r\n|\n|\r/)[Number(facts.line) - 1];
  expect(line, `line ${facts.line} of ${JSON.stringify(text)}`).toBeDefined();
  expect(Number(facts.column)).toBeGreaterThanOrEqual(1);
  expect(Number(facts.column), JSON.stringify(text)).toBeLessThanOrEqual([...(line ?? "")].length + 1);
  if (facts.reason === "PREDICATE_SYNTAX") {
    expect(facts.found).not.toBe("");
    expect(facts.expected).not.toBe("");
  }
  return facts.reason;
}

type Facts = Readonly<Record<string, string>> & { readonly reason: Exclude<Outcome, "read"> };

function factsOf(text: string): Facts | undefined {
  try {
    parsePredicate(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof Failure))
      throw new Error(`not typed, for ${JSON.stringify(text)}`, { cause: error });
    const { reason } = error;
    if (reason !== "PREDICATE_SYNTAX" && reason !== "PREDICATE_TOO_COMPLEX") throw error;
    return { ...error.findDetails(ErrorInfoSchema)[0]?.metadata, reason };
  }
}

function nested(open: string, inner: string, close: string, times: number): string {
  return open.repeat(times) + inner + close.repeat(times);
}

function joined(text: string, times: number, by: string): string {
  return Array.from({ length: times }, () => text).join(by);
}
