import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import fc from "fast-check";
import type { Predicate, Value, Values, Variable } from "../../src/predicates/predicate.ts";
import type { Resource } from "./documents.ts";
import { holds } from "./evaluate.ts";
import { meaningfulPredicates } from "./meaningful-predicates.ts";
import { printPredicate, type Random } from "./print.ts";
import { randomOf } from "./random.ts";

/** What one query asks. All the predicates must hold. */
export type Question = {
  readonly predicates: readonly Predicate[];
  readonly variables: JsonObject;
  /** Of how it is written; undefined: plainly. */
  readonly seed?: number;
};

/** Questions that suit a kind of resource, a fifth of their values in variables. */
export function questions({ kind, documents }: Resource): fc.Arbitrary<Question> {
  const predicate = meaningfulPredicates({ kind, samples: documents });
  return fc
    .tuple(fc.oneof({ weight: 4, arbitrary: fc.tuple(predicate) }, fc.tuple(predicate, predicate)), fc.nat())
    .map(([predicates, seed]) => ({ ...withVariables(predicates, randomOf(seed)), seed }))
    .map((question) =>
      Object.assign(question, { [fc.toStringMethod]: () => JSON.stringify(askedBy(question)) }),
    )
    .filter((question) => askedBy(question).where.join("").length < MAX_LENGTH);
}

/** Far from the bounds of what may be asked. */
const MAX_LENGTH = 5_000;

/** What a request says. */
export function askedBy({ predicates, variables, seed }: Question) {
  const random = seed === undefined ? undefined : randomOf(seed);
  return { where: predicates.map((one) => printPredicate(one, random)), variables };
}

/** The ids of the documents for which all of it holds. */
export function idsThatHold(
  { predicates, variables }: Question,
  { kind, documents }: Resource,
): readonly string[] {
  return documents
    .filter((document) => predicates.every((one) => holds(one, variables, kind, document)))
    .map(({ id }) => String(id));
}

function withVariables(predicates: readonly Predicate[], random: Random) {
  const variables: JsonObject = {};
  const named = (value: JsonValue): Variable => {
    const name = `${NAMES[Math.floor(random() * NAMES.length)]}${Object.keys(variables).length}`;
    variables[name] = value;
    return { kind: "variable", name, at: 0 };
  };
  const replaced = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(replaced);
    if (typeof node !== "object" || node === null) return node;
    const json = random() < 0.2 ? jsonOf(node as Value | Values) : undefined;
    if (json !== undefined) return named(json);
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, replaced(value)]));
  };
  return { predicates: predicates.map((one) => replaced(one) as Predicate), variables };
}

const NAMES = ["v", "in", "Not_", "1"];

/** What a variable would hold; undefined for what is no value, or no double. */
function jsonOf(value: Value | Values): JsonValue | undefined {
  switch (value.kind) {
    case "text":
      return value.text;
    case "boolean":
      return value.isTrue;
    case "number":
      return isStorable(value.digits) ? Number(value.digits) : undefined;
    case "list": {
      const items = value.items.map(jsonOf);
      return items.every((item) => item !== undefined) ? items : undefined;
    }
    default:
      return undefined;
  }
}

/** Whether JSON that the service takes can say it: a double, of a size that can be stored. */
function isStorable(digits: string): boolean {
  const number = Number(digits);
  const isWhole = Number.isInteger(number);
  return String(number) === digits && (isWhole ? Number.isSafeInteger(number) : Math.abs(number) >= 1e-20);
}
