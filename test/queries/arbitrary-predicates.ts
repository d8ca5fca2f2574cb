import fc from "fast-check";
import type { Condition, Predicate, Value, Values, Variable } from "../../src/predicates/predicate.ts";

const KEYWORDS = ["and", "or", "in", "is", "contains", "within", "matches", "true", "false", "all", "empty"];
const ODD_NAMES = ["2nd", "-1", "1e5", "de-DE", "_", "-", "__proto__", "0", "notable", "not-", "IN"];

const name = fc.oneof(
  { weight: 3, arbitrary: fc.stringMatching(/^[A-Za-z0-9_-]{1,12}$/) },
  { weight: 1, arbitrary: fc.constantFrom(...KEYWORDS, ...ODD_NAMES) },
);
const isNot = (text: string) => text.toLowerCase() === "not";
const anyField = name.map((text) => ({ name: text, at: 0 }));
// One that is called `not` can only be compared.
const field = anyField.filter((one) => !isNot(one.name));
const comparedField = fc.oneof(
  { weight: 9, arbitrary: anyField },
  { weight: 1, arbitrary: fc.constantFrom("not", "Not").map((text) => ({ name: text, at: 0 })) },
);

const variable: fc.Arbitrary<Variable> = fc
  .oneof(fc.stringMatching(/^\w{1,8}$/), fc.constantFrom("in", "not", "2"))
  .map((text) => ({ kind: "variable", name: text, at: 0 }));

const CHARACTERS = [
  '"',
  "\\",
  "/",
  "\n",
  "\u0001",
  "\u001f",
  "\u007f",
  "\u0085",
  "\u2028",
  "😀",
  "'",
  "%",
  ")",
];
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }).map((one) => one.replaceAll("\0", "0")),
  fc.string({ unit: fc.constantFrom(...CHARACTERS), maxLength: 8 }),
);

const digits = (maxLength: number) => fc.stringMatching(new RegExp(`^[0-9]{1,${maxLength}}$`));
const whole = fc.oneof(
  fc.constant("0"),
  fc.nat().map(String),
  digits(60).map((one) => `9${one}`),
);
const number = fc
  .tuple(
    fc.constantFrom("", "-"),
    whole,
    fc.option(
      digits(60).map((one) => `.${one}`),
      { nil: "" },
    ),
    fc.option(
      fc.tuple(fc.constantFrom("e", "E", "e+", "E-"), fc.nat(200)).map((e) => e.join("")),
      { nil: "" },
    ),
  )
  .map((parts) => parts.join(""));

const value: fc.Arbitrary<Value> = fc.oneof(
  text.map((one): Value => ({ kind: "text", text: one, at: 0 })),
  number.map((one): Value => ({ kind: "number", digits: one, at: 0 })),
  fc.boolean().map((isTrue): Value => ({ kind: "boolean", isTrue, at: 0 })),
  variable,
);
const values: fc.Arbitrary<Values> = fc.oneof(
  fc
    .tuple(value, fc.array(value, { maxLength: 4 }))
    .map(([first, others]): Values => ({ kind: "list", items: [first, ...others] })),
  variable,
);

const operator = fc.constantFrom("=", "!=", "<", "<=", ">", ">=");
const kind = <Name extends string>(one: Name) => fc.constant(one);
const flat: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ kind: kind("compare"), field: comparedField, operator, value }),
  fc.record({ kind: kind("in"), field, isNegated: fc.boolean(), values }),
  fc.record({ kind: kind("contains"), field, quantifier: fc.constantFrom("all", "any"), values }),
  fc.record({ kind: kind("is"), field, isNegated: fc.boolean(), state: fc.constantFrom("defined", "empty") }),
  fc.record({ kind: kind("within"), field, longitude: value, latitude: value, metres: value }),
  fc.record({ kind: kind("matches"), field, value }),
);

/** Any tree that the grammar can say, whatever it means. */
export const anyPredicate: fc.Arbitrary<Predicate> = fc.letrec<{ tree: Predicate }>((tie) => {
  const tree = tie("tree");
  return {
    tree: fc.oneof(
      { maxDepth: 5, depthIdentifier: "predicate" },
      flat,
      fc
        .tuple(fc.constantFrom("and", "or"), tree, tree, fc.array(tree, { maxLength: 2 }))
        .map(([word, first, second, more]): Predicate => ({ kind: word, terms: [first, second, ...more] })),
      tree.map((term): Predicate => ({ kind: "not", term })),
      fc.record({ kind: kind("inside"), field, term: tree }),
    ),
  };
}).tree;
