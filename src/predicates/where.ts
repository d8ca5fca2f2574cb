import type { JsonObject } from "@bufbuild/protobuf";
import { type Filter, joined } from "../db/expression.ts";
import { bindPredicate } from "./bind.ts";
import type { Fields } from "./field.ts";
import { MAX_TEXT_BYTES } from "./limits.ts";
import { newTally, parsePredicate } from "./parse.ts";
import { faultAt } from "./source.ts";

/** The predicates of a request, and what they name. */
export type WhereRequest = {
  readonly where: readonly string[];
  readonly variables?: JsonObject | undefined;
};

/**
 * The rows for which all the predicates hold; undefined where there are none.
 *
 * @param path of the list in the request.
 * @throws Failure PREDICATE_SYNTAX, PREDICATE_UNKNOWN_FIELD, PREDICATE_TOO_COMPLEX, FIELD_INVALID.
 */
export function parseWhere(
  { where, variables = {} }: WhereRequest,
  fields: Fields,
  path = "where",
): Filter | undefined {
  const tally = newTally();
  let bytes = 0;
  const conditions = where.map((text, index) => {
    const source = { text, path: `${path}[${index}]` };
    const fault = faultAt(source);
    bytes += Buffer.byteLength(text);
    if (bytes > MAX_TEXT_BYTES) throw fault.tooComplex(0, "bytes", MAX_TEXT_BYTES);
    const predicate = parsePredicate(text, source.path, tally);
    return bindPredicate(predicate, fields, { variables, fault, tally });
  });
  if (conditions.length === 0) return undefined;
  return (scope) =>
    joined(
      scope.sql,
      conditions.map((condition) => condition(scope, "t")),
      " and ",
    );
}
