import { equalsAny } from "../db/comparisons.ts";
import type { Expression } from "../db/expression.ts";
import type { ScalarField } from "../predicates/field.ts";
import { column } from "../predicates/fields-of-columns.ts";
import { TEXT } from "../predicates/kinds.ts";
import { canonicalEmail } from "./email.ts";

const canonical = column("email_canonical");
/** The unique index is on the canonical form: so are sorts, and comparisons that must agree with them. */
const ordering: NonNullable<ScalarField["ordering"]> = {
  value: canonical,
  column: "email_canonical",
  formOf: (text) => canonicalEmail(text) ?? text.toLowerCase(),
};

/** An address as it was typed. */
export const email: ScalarField = {
  form: "scalar",
  kind: TEXT,
  value: column("email"),
  isNullable: false,
  isAny: (texts) => (scope, of) =>
    scope.sql`(
    ${isAnyCanonical(texts)(scope, of)} and ${equalsAny(scope.sql, column("email")(scope, of), "text", texts)}
  )`,
  ordering,
};

/** The form in which addresses are unique. */
export const lowercaseEmail: ScalarField = {
  form: "scalar",
  kind: TEXT,
  value: canonical,
  isNullable: false,
  isAny: isAnyCanonical,
  ordering,
};

function isAnyCanonical(texts: readonly string[]): Expression {
  return (scope, of) => equalsAny(scope.sql, canonical(scope, of), "text", texts.map(ordering.formOf));
}
