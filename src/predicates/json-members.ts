import type { Expression } from "../db/expression.ts";
import type { JsonField, MapField } from "./field.ts";
import { containsAny } from "./json-index.ts";

/** What a map holds under a name. */
export function memberOf({ value, index, isShown, keepsTimes }: MapField, name: string): JsonField {
  const shown = isShown?.(name);
  const member: Expression = (scope, of) => scope.sql`(${value(scope, of)} -> ${name}::text)`;
  const json = {
    form: "json",
    value: shown ? onlyIf(shown, member) : member,
    keepsTimes,
  } as const;
  if (!index) return json;
  return {
    ...json,
    containsAny(jsons) {
      const members = jsons.map((one) => `{${JSON.stringify(name)}:${one}}`);
      const contains = containsAny(index, members);
      return shown ? (scope, of) => scope.sql`(${contains(scope, of)} and ${shown(scope, of)})` : contains;
    },
  };
}

/** What an object in JSON holds under a name. */
export function partOf({ value, keepsTimes }: JsonField, name: string): JsonField {
  return {
    form: "json",
    value: (scope, of) => scope.sql`(${value(scope, of)} -> ${name}::text)`,
    keepsTimes,
  };
}

function onlyIf(shown: Expression, member: Expression): Expression {
  return (scope, of) => scope.sql`(case when ${shown(scope, of)} then ${member(scope, of)} end)`;
}
