import { failure } from "../errors.ts";
import type { Failure } from "../failure.ts";
import { shortened } from "../json-data.ts";

/** A predicate's text, and where the request holds it: `where[0]`. */
export type Source = { readonly path: string; readonly text: string };

/** A fault of a predicate at a place in its text. */
export type FaultAt = {
  syntax(at: number, expected: readonly string[]): Failure;
  unknownField(at: number, name: string, known: readonly string[]): Failure;
  tooComplex(at: number, what: string, most: number): Failure;
  /** A value that does not suit its field, or a variable that is not there. */
  invalid(at: number, rule: "predicate.kind" | "predicate.variable", description: string): Failure;
};

export function faultAt({ path, text }: Source): FaultAt {
  return {
    syntax(at, expected) {
      const found = at >= text.length ? "the end" : JSON.stringify(shortened(wordAt(text, at), 32));
      const facts = { ...placeOf(text, at), found, expected: expected.join(", ") };
      return failure.predicate(
        "PREDICATE_SYNTAX",
        path,
        `found ${found}, expected ${oneOf(expected)}`,
        facts,
      );
    },
    unknownField(at, name, known) {
      const short = shortened(name);
      const description = `there is no field "${short}"; these there are: ${known.join(", ")}`;
      return failure.predicate("PREDICATE_UNKNOWN_FIELD", path, description, {
        ...placeOf(text, at),
        name: short,
      });
    },
    tooComplex(at, what, most) {
      const facts = { ...placeOf(text, at), limit_name: what, limit: `${most}` };
      return failure.predicate(
        "PREDICATE_TOO_COMPLEX",
        path,
        `more than ${most} ${what.replaceAll("_", " ")}`,
        facts,
      );
    },
    invalid(at, rule, description) {
      return failure.predicate("FIELD_INVALID", path, description, { rule, ...placeOf(text, at) });
    },
  };
}

type Place = { readonly line: string; readonly column: string };

/** Lines and columns count from 1; columns in characters, not in UTF-16 units. */
function placeOf(text: string, at: number): Place {
  const before = text.slice(0, at).split(/\r\n|\n|\r/);
  return { line: `${before.length}`, column: `${[...(before.at(-1) ?? "")].length + 1}` };
}

function wordAt(text: string, at: number): string {
  const [word] = /^(?:[-\w]+|"[^"]*"?|[<>!]=?|.)/su.exec(text.slice(at)) ?? [""];
  return word;
}

function oneOf(expected: readonly string[]): string {
  return expected.length > 1 ? `${expected.slice(0, -1).join(", ")} or ${expected.at(-1)}` : `${expected}`;
}
