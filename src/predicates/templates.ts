import type { Context } from "./context.ts";
import { type Literal, literalOf } from "./literals.ts";
import type { Name, Predicate } from "./predicate.ts";

/** A member of an object, and the texts of JSON that it may be. */
type Member = { readonly name: string; readonly jsons: readonly string[] };

/** More of them are no faster than to look at each element. */
const MAX_TEMPLATES = 8;

/**
 * The objects, as JSON, of which an object contains one exactly if it satisfies the term: where that is
 * made of `=` and `and` only, and of objects or lists of these. Undefined for all other terms.
 *
 * @param memberOf what must be there for `name = literal`; undefined where that can't be said.
 */
export function templatesOf(
  term: Predicate,
  memberOf: (name: Name, literal: Literal) => Member | undefined,
  context: Context,
): readonly string[] | undefined {
  const members = membersOf(term, memberOf, context);
  if (!members || new Set(members.map(({ name }) => name)).size < members.length) return undefined;
  let templates: readonly string[] = [""];
  for (const { name, jsons } of members) {
    templates = templates.flatMap((before) =>
      jsons.map((json) => `${before === "" ? "" : `${before},`}${JSON.stringify(name)}:${json}`),
    );
    if (templates.length > MAX_TEMPLATES) return undefined;
  }
  return templates.map((text) => `{${text}}`);
}

function membersOf(
  term: Predicate,
  memberOf: (name: Name, literal: Literal) => Member | undefined,
  context: Context,
): readonly Member[] | undefined {
  if (term.kind === "and") {
    const all = term.terms.map((one) => membersOf(one, memberOf, context));
    return all.every((one) => one !== undefined) ? all.flat() : undefined;
  }
  if (term.kind === "inside") {
    const jsons = templatesOf(term.term, memberOf, context)?.flatMap((json) => [json, `[${json}]`]);
    return jsons && [{ name: term.field.name, jsons }];
  }
  if (term.kind !== "compare" || term.operator !== "=") return undefined;
  const member = memberOf(term.field, literalOf(term.value, context));
  return member && [member];
}
