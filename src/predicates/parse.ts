import { MAX_CONDITIONS, MAX_DEPTH, MAX_DIGITS, MAX_LIST, MAX_VALUES } from "./limits.ts";
import type { Condition, Name, Predicate, Value, Values, Variable } from "./predicate.ts";
import { createScanner } from "./scanner.ts";
import { type FaultAt, faultAt } from "./source.ts";

/** What the predicates of one request hold so far. */
export type Tally = { conditions: number; values: number };

export function newTally(): Tally {
  return { conditions: 0, values: 0 };
}

/**
 * @param tally is counted up.
 * @throws Failure PREDICATE_SYNTAX, PREDICATE_TOO_COMPLEX.
 */
export function parsePredicate(text: string, path = "where", tally = newTally()): Predicate {
  const fault = faultAt({ text, path });
  const scanner = createScanner(text, fault);
  const predicate = parseOr(0);
  if (!scanner.isAtEnd()) throw scanner.unexpected();
  return predicate;

  function parseOr(depth: number): Predicate {
    return parseTerms("or", () => parseAnd(depth));
  }

  function parseAnd(depth: number): Predicate {
    return parseTerms("and", () => parseUnary(depth));
  }

  function parseTerms(kind: "and" | "or", parse: () => Predicate): Predicate {
    const first = parse();
    const more: Predicate[] = [];
    while (scanner.takeKeyword(kind)) more.push(parse());
    const [second, ...others] = more;
    return second ? { kind, terms: [first, second, ...others] } : first;
  }

  function parseUnary(depth: number): Predicate {
    if (depth > MAX_DEPTH) throw fault.tooComplex(scanner.position(), "levels", MAX_DEPTH);
    if (scanner.takeNot()) return { kind: "not", term: parseUnary(depth + 1) };
    if (!scanner.takeSign("(")) return parseCondition(depth);
    const predicate = parseOr(depth + 1);
    requireSign(")");
    return predicate;
  }

  function parseCondition(depth: number): Condition {
    const at = scanner.position();
    const name = scanner.takeName();
    if (name === undefined) throw scanner.unexpected();
    const field: Name = { name, at };
    if (scanner.takeSign("(")) {
      const term = parseOr(depth + 1);
      requireSign(")");
      return { kind: "inside", field, term };
    }
    tally.conditions += 1;
    if (tally.conditions > MAX_CONDITIONS) throw fault.tooComplex(at, "conditions", MAX_CONDITIONS);
    const sign = scanner.takeSign("=", "!=", "<>", "<=", "<", ">=", ">");
    if (sign) {
      return { kind: "compare", field, operator: sign === "<>" ? "!=" : sign, value: parseValue() };
    }
    return parseWords(field);
  }

  function parseWords(field: Name): Condition {
    const keyword = scanner.takeKeyword("not", "in", "contains", "is", "within", "matches");
    switch (keyword) {
      case "not":
        requireKeyword("in");
        return { kind: "in", field, isNegated: true, values: parseValues() };
      case "in":
        return { kind: "in", field, isNegated: false, values: parseValues() };
      case "contains":
        return { kind: "contains", field, quantifier: requireKeyword("all", "any"), values: parseValues() };
      case "is": {
        const isNegated = scanner.takeKeyword("not") !== undefined;
        return { kind: "is", field, isNegated, state: requireKeyword("defined", "empty") };
      }
      case "within":
        return parseCircle(field);
      case "matches":
        requireKeyword("ignore");
        requireKeyword("case");
        return { kind: "matches", field, value: parseValue() };
      case undefined:
        throw scanner.unexpected();
      default:
        return keyword satisfies never;
    }
  }

  function parseCircle(field: Name): Condition {
    requireKeyword("circle");
    requireSign("(");
    const longitude = parseValue();
    requireSign(",");
    const latitude = parseValue();
    requireSign(",");
    const metres = parseValue();
    requireSign(")");
    return { kind: "within", field, longitude, latitude, metres };
  }

  function parseValues(): Values {
    const variable = parseVariable();
    if (variable) return variable;
    requireSign("(");
    const first = parseValue();
    const more: Value[] = [];
    while (scanner.takeSign(",")) {
      if (more.length + 1 === MAX_LIST) {
        throw fault.tooComplex(scanner.position(), "values_in_a_list", MAX_LIST);
      }
      more.push(parseValue());
    }
    requireSign(")");
    return { kind: "list", items: [first, ...more] };
  }

  function parseValue(): Value {
    const at = scanner.position();
    tally.values += 1;
    if (tally.values > MAX_VALUES) throw fault.tooComplex(at, "values", MAX_VALUES);
    const text = scanner.takeText();
    if (text !== undefined) return { kind: "text", text, at };
    const digits = scanner.takeNumber();
    if (digits !== undefined) return { kind: "number", digits: bounded(digits, at, fault), at };
    const word = scanner.takeKeyword("true", "false");
    if (word) return { kind: "boolean", isTrue: word === "true", at };
    const variable = parseVariable();
    if (variable) return variable;
    throw scanner.unexpected();
  }

  function parseVariable(): Variable | undefined {
    const at = scanner.position();
    const name = scanner.takeVariable();
    return name === undefined ? undefined : { kind: "variable", name, at };
  }

  function requireSign(sign: string): void {
    if (!scanner.takeSign(sign)) throw scanner.unexpected();
  }

  function requireKeyword<Keyword extends string>(...keywords: readonly Keyword[]): Keyword {
    const keyword = scanner.takeKeyword(...keywords);
    if (keyword === undefined) throw scanner.unexpected();
    return keyword;
  }
}

/** A number that a database can write out. */
function bounded(digits: string, at: number, fault: FaultAt): string {
  const exponent = Math.abs(Number(/[eE](.*)$/.exec(digits)?.[1] ?? 0));
  if (digits.length + exponent > MAX_DIGITS) throw fault.tooComplex(at, "digits_of_a_number", MAX_DIGITS);
  return digits;
}
