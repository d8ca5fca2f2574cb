import { textFault } from "../json-data.ts";
import type { FaultAt } from "./source.ts";

/** Reads a predicate from left to right. What was asked for in vain is what an error says was expected. */
export type Scanner = {
  /** Where the next token begins. */
  position(): number;
  isAtEnd(): boolean;
  takeSign<Sign extends string>(...signs: readonly Sign[]): Sign | undefined;
  /** Keywords may be in any case. */
  takeKeyword<Keyword extends string>(...keywords: readonly Keyword[]): Keyword | undefined;
  /** `not`, unless it is compared like a field. */
  takeNot(): boolean;
  takeName(): string | undefined;
  takeVariable(): string | undefined;
  takeNumber(): string | undefined;
  /** @throws Failure PREDICATE_SYNTAX for a text that doesn't end, or holds what JSON's may not. */
  takeText(): string | undefined;
  /** The failure that something else was expected here. */
  unexpected(): Error;
};

const BLANKS = /[ \t\n\r\f]*/y;
const WORD = /[-\w]+/y;
const NOT = /not(?![-\w])(?![ \t\n\r\f]*(?:[=<>]|!=))/iy;
const VARIABLE = /:(\w+)/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?(?![-\w.])/y;
// JSON's text, as far as it goes.
const TEXT_START = /"(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/uy;

export function createScanner(text: string, fault: FaultAt): Scanner {
  let at = 0;
  let expected = new Set<string>();

  skip(0);
  return {
    position: () => at,
    isAtEnd() {
      const isAtEnd = at >= text.length;
      if (!isAtEnd) expected.add("the end");
      return isAtEnd;
    },
    takeSign: (...signs) =>
      signs.find((sign) => take(text.startsWith(sign, at) ? sign : undefined, `"${sign}"`)),
    takeKeyword(...keywords) {
      const word = match(WORD)?.[0].toLowerCase();
      return keywords.find((keyword) => take(word === keyword ? keyword : undefined, `"${keyword}"`));
    },
    takeNot: () => take(match(NOT)?.[0], '"not"') !== undefined,
    takeName: () => take(match(WORD)?.[0], "a field"),
    takeVariable: () => take(match(VARIABLE)?.[0], "a variable")?.slice(1),
    takeNumber: () => take(match(NUMBER)?.[0], "a number"),
    takeText() {
      const start = match(TEXT_START)?.[0];
      if (start === undefined) {
        take(undefined, "a text");
        return undefined;
      }
      const end = at + start.length;
      if (text[end] !== '"')
        throw fault.syntax(end, end < text.length ? ["a character or an escape of JSON"] : ['"\\""']);
      const value = JSON.parse(`${start}"`) as string;
      if (textFault(value) !== undefined)
        throw fault.syntax(at, ["a text without NUL and halves of surrogate pairs"]);
      skip(start.length + 1);
      return value;
    },
    unexpected: () => fault.syntax(at, [...expected]),
  };

  function match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = at;
    return pattern.exec(text);
  }

  function take<Token extends string>(token: Token | undefined, what: string): Token | undefined {
    if (token === undefined) expected.add(what);
    else skip(token.length);
    return token;
  }

  function skip(length: number): void {
    BLANKS.lastIndex = at + length;
    at += length + (BLANKS.exec(text)?.[0].length ?? 0);
    expected = new Set();
  }
}
