import type { Random } from "./print.ts";
import { pickOf } from "./random.ts";

const PIECES = [
  "and",
  "OR",
  "not",
  "in",
  "contains",
  "all",
  "any",
  "is",
  "defined",
  "empty",
  "within",
  "circle",
  "matches",
  "ignore",
  "case",
  "true",
  "false",
  "a",
  "addresses",
  "2nd",
  "(",
  ")",
  "((",
  "))",
  ",",
  "=",
  "!=",
  "<>",
  "<",
  "<=",
  ">",
  ">=",
  "!",
  ":",
  ":v",
  ":0",
  '"',
  '"x"',
  '"\\',
  '"\\u12',
  '"\\ud800"',
  '"\\u0000"',
  "\0",
  "1",
  "-",
  "-1.5e3",
  "1.",
  ".5",
  "01",
  "1e",
  "1e999999999",
  "'",
  ";",
  "--",
  "/*",
  "\\",
  "ß",
  "😀",
  "\ud800",
  "\u00a0",
  " ",
  "\n",
  "\r\n",
  "\t",
  "\f",
  "\v",
  "{",
  "}",
  "[",
  "]",
  "null",
  "$1",
  "%",
  "like",
] as const;

/** Pieces of predicates and of other languages, in no order. */
export function randomGarbage(random: Random): string {
  const length = Math.floor(random() ** 2 * 40);
  return Array.from({ length }, () => pickOf(random, PIECES) + (random() < 0.5 ? " " : "")).join("");
}

/** A text with a few characters inserted, deleted, replaced or repeated. */
export function mutate(text: string, random: Random): string {
  let mutant = text;
  for (let times = 1 + Math.floor(random() * 3); times > 0; times -= 1) {
    const from = Math.floor(random() * (mutant.length + 1));
    const to = Math.min(mutant.length, from + 1 + Math.floor(random() ** 4 * 20));
    const [head, cut, tail] = [mutant.slice(0, from), mutant.slice(from, to), mutant.slice(to)];
    mutant = pickOf(random, [
      () => head + tail,
      () => head + cut + cut + tail,
      () => head + pickOf(random, PIECES) + cut + tail,
      () => head + pickOf(random, PIECES) + tail,
      () => cut + tail,
      () => head + cut,
    ])();
  }
  return mutant;
}
