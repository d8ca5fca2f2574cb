import type { Condition, Predicate, Value, Values } from "../../src/predicates/predicate.ts";

/** Draws a number from 0 up to 1. */
export type Random = () => number;

/** Draws the lesser half: no blanks but where they must be, nothing escaped but what must be. */
const PLAIN: Random = () => 0;

/** Writes a predicate so that reading it gives the same tree; with a source of randomness, in an odd way. */
export function printPredicate(predicate: Predicate, random: Random = PLAIN): string {
  return join(tokensOf(predicate, random), random);
}

function tokensOf(predicate: Predicate, random: Random): readonly string[] {
  switch (predicate.kind) {
    case "and":
    case "or": {
      const word = predicate.kind;
      const binds = (term: Predicate) => term.kind === "or" || term.kind === word;
      return predicate.terms.flatMap((term, index) => [
        ...(index === 0 ? [] : [keyword(word, random)]),
        ...(binds(term) ? bracketed(term, random) : perhapsBracketed(term, random)),
      ]);
    }
    case "not": {
      const { term } = predicate;
      const isLoose = term.kind === "and" || term.kind === "or";
      return [
        keyword("not", random),
        ...(isLoose ? bracketed(term, random) : perhapsBracketed(term, random)),
      ];
    }
    default:
      return [predicate.field.name, ...restOf(predicate, random)];
  }
}

function restOf(condition: Condition, random: Random): readonly string[] {
  const word = (text: string) => keyword(text, random);
  const value = (one: Value) => valueToken(one, random);
  switch (condition.kind) {
    case "inside":
      return bracketed(condition.term, random);
    case "compare": {
      const sign = condition.operator === "!=" && random() > 0.5 ? "<>" : condition.operator;
      return [sign, value(condition.value)];
    }
    case "in":
      return [
        ...(condition.isNegated ? [word("not")] : []),
        word("in"),
        ...valuesTokens(condition.values, random),
      ];
    case "contains":
      return [word("contains"), word(condition.quantifier), ...valuesTokens(condition.values, random)];
    case "is":
      return [word("is"), ...(condition.isNegated ? [word("not")] : []), word(condition.state)];
    case "within": {
      const numbers = separated([condition.longitude, condition.latitude, condition.metres].map(value));
      return [word("within"), word("circle"), "(", ...numbers, ")"];
    }
    case "matches":
      return [word("matches"), word("ignore"), word("case"), value(condition.value)];
    default:
      return condition satisfies never;
  }
}

function bracketed(term: Predicate, random: Random): readonly string[] {
  return ["(", ...tokensOf(term, random), ")"];
}

function perhapsBracketed(term: Predicate, random: Random): readonly string[] {
  return random() > 0.9 ? bracketed(term, random) : tokensOf(term, random);
}

function valuesTokens(values: Values, random: Random): readonly string[] {
  if (values.kind === "variable") return [`:${values.name}`];
  return ["(", ...separated(values.items.map((item) => valueToken(item, random))), ")"];
}

function valueToken(value: Value, random: Random): string {
  switch (value.kind) {
    case "text":
      return `"${[...value.text].map((character) => escaped(character, random)).join("")}"`;
    case "number":
      return value.digits;
    case "boolean":
      return keyword(String(value.isTrue), random);
    case "variable":
      return `:${value.name}`;
    default:
      return value satisfies never;
  }
}

const SHORT: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "/": "\\/",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

function escaped(character: string, random: Random): string {
  const mustBe = character === '"' || character === "\\" || character < " ";
  const draw = random();
  if (!mustBe && draw < 0.9) return character;
  const short = SHORT[character];
  return short !== undefined && draw < 0.95 ? short : longEscape(character, random);
}

function longEscape(character: string, random: Random): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units
    .map((unit) => {
      const hex = unit.toString(16).padStart(4, "0");
      return `\\u${random() > 0.5 ? hex.toUpperCase() : hex}`;
    })
    .join("");
}

function keyword(word: string, random: Random): string {
  const draw = random();
  if (draw < 0.6) return word;
  if (draw < 0.8) return word.toUpperCase();
  return [...word].map((letter) => (random() > 0.5 ? letter.toUpperCase() : letter)).join("");
}

function separated(tokens: readonly string[]): readonly string[] {
  return tokens.flatMap((token, index) => (index === 0 ? [token] : [",", token]));
}

const BLANKS = [" ", "\t", "\n", "\r", "\f", "  ", " \r\n "];

/** Two words, or a word and a number, must not run together. */
function join(tokens: readonly string[], random: Random): string {
  let text = "";
  for (const token of tokens) {
    const mustPart = /[\w-]$/.test(text) && /^[\w-]/.test(token);
    if (mustPart || random() > 0.7) text += BLANKS[Math.floor(random() * BLANKS.length)];
    text += token;
  }
  return text;
}
