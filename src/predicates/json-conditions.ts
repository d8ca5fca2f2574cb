import { comparison, type OrderOperator } from "../db/comparisons.ts";
import { arrayLiteral } from "../db/connection.ts";
import { type Expression, type Fragment, joined, type Scope } from "../db/expression.ts";
import type { JsonField } from "./field.ts";
import { jsonOf, type Literal } from "./literals.ts";
import { comparedText } from "./spellings.ts";

// Conditions on JSON of any kind. Values are given as texts of JSON.

export function isAny({ value, containsAny }: JsonField, jsons: readonly string[]): Expression {
  if (containsAny) return containsAny(jsons);
  return (scope, of) => scope.sql`${value(scope, of)} = any(${arrayLiteral(jsons)}::text::jsonb[])`;
}

export function isOrHasAny(field: JsonField, jsons: readonly string[]): Expression {
  if (field.containsAny) return field.containsAny([...jsons, ...jsons.map(listOf)]);
  const [is, has] = [isAny(field, jsons), hasAny(field, jsons)];
  return (scope, of) => scope.sql`(${is(scope, of)} or ${has(scope, of)})`;
}

export function hasAny({ value, containsAny }: JsonField, jsons: readonly string[]): Expression {
  const lists = jsons.map(listOf);
  if (containsAny) return containsAny(lists);
  return (scope, of) => scope.sql`${value(scope, of)} @> any(${arrayLiteral(lists)}::text::jsonb[])`;
}

/** @param elements each in all its spellings. */
export function hasAll(field: JsonField, elements: readonly (readonly string[])[]): Expression {
  if (elements.every((spellings) => spellings.length === 1)) {
    const list = `[${elements.flat()}]`;
    if (field.containsAny) return field.containsAny([list]);
    return (scope, of) => scope.sql`${field.value(scope, of)} @> ${list}::text::jsonb`;
  }
  const each = elements.map((spellings) => hasAny(field, spellings));
  return (scope, of) => {
    const parts = each.map((has) => has(scope, of));
    return scope.sql`(${joined(scope.sql, parts, " and ")})`;
  };
}

export function isDefined({ value }: JsonField): Expression {
  return (scope, of) => scope.sql`${value(scope, of)} <> 'null'`;
}

export function isEmpty({ value }: JsonField): Expression {
  return (scope, of) => scope.sql`coalesce(${value(scope, of)}, 'null') in ('null', '[]', '{}')`;
}

export function compares(
  field: JsonField,
  operator: OrderOperator,
  literal: Exclude<Literal, { kind: "boolean" }>,
): Expression {
  if (literal.kind === "text") {
    const wanted = comparedText(literal.text, field.keepsTimes);
    return ifText(field, ({ sql }, text) => comparison(sql, text, operator, sql`${wanted}::text`));
  }
  return (scope, of) => {
    const { sql } = scope;
    const [json, again] = [field.value(scope, of), field.value(scope, of)];
    const compared = comparison(sql, sql`${again}::numeric`, operator, sql`${jsonOf(literal)}::numeric`);
    return sql`case when jsonb_typeof(${json}) = 'number' then ${compared} end`;
  };
}

/** A condition on a text; what is none doesn't satisfy it. */
export function ifText(
  { value }: JsonField,
  condition: (scope: Scope, text: Fragment) => Fragment,
): Expression {
  return (scope, of) => {
    const { sql } = scope;
    const text = sql`(${value(scope, of)} #>> '{}') collate "C"`;
    return sql`case when jsonb_typeof(${value(scope, of)}) = 'string' then ${condition(scope, text)} end`;
  };
}

function listOf(json: string): string {
  return `[${json}]`;
}
