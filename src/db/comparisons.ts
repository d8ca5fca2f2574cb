import { arrayLiteral, type Sql } from "./connection.ts";
import type { Fragment } from "./expression.ts";

/** What values are compared as. */
export type ValueType = "text" | "uuid" | "numeric" | "boolean" | "timestamptz";

export type OrderOperator = "<" | "<=" | ">" | ">=";

/** Whether a value is one of the texts. */
export function equalsAny(sql: Sql, value: Fragment, type: ValueType, texts: readonly string[]): Fragment {
  const [first] = texts;
  // Of an array PostgreSQL expects ten values.
  if (first !== undefined && texts.length === 1) return sql`${value} = ${typed(sql, type, first)}`;
  const list = arrayLiteral(texts);
  switch (type) {
    case "text":
      return sql`${value} = any(${list}::text[])`;
    case "uuid":
      return sql`${value} = any(${list}::uuid[])`;
    case "numeric":
      return texts.every(isInteger)
        ? sql`${value} = any(${list}::bigint[])`
        : sql`${value} = any(${list}::numeric[])`;
    case "boolean":
      return sql`${value} = any(${list}::text::boolean[])`;
    case "timestamptz":
      return sql`${value} = any(${list}::text::timestamptz[])`;
    default:
      return type satisfies never;
  }
}

/** Without regard to case, in the way of Unicode rather than of the database's locale. */
export function equalsIgnoringCase(sql: Sql, value: Fragment, text: string): Fragment {
  return sql`lower((${value}) collate "und-x-icu") = lower(${text}::text collate "und-x-icu")`;
}

/** A comparison by sign. */
export function comparison(sql: Sql, value: Fragment, operator: OrderOperator, wanted: Fragment): Fragment {
  switch (operator) {
    case "<":
      return sql`${value} < ${wanted}`;
    case "<=":
      return sql`${value} <= ${wanted}`;
    case ">":
      return sql`${value} > ${wanted}`;
    case ">=":
      return sql`${value} >= ${wanted}`;
    default:
      return operator satisfies never;
  }
}

/** A value as a parameter. Times keep their microseconds. */
export function typed(sql: Sql, type: ValueType, text: string): Fragment {
  switch (type) {
    case "text":
      return sql`${text}::text`;
    case "uuid":
      return sql`${text}::uuid`;
    case "numeric":
      // Only integers are looked up in indexes of integers.
      return isInteger(text) ? sql`${text}::bigint` : sql`${text}::numeric`;
    case "boolean":
      return sql`${text}::text::boolean`;
    case "timestamptz":
      // As text, for the driver would make it a Date, which has no microseconds.
      return sql`${text}::text::timestamptz`;
    default:
      return type satisfies never;
  }
}

function isInteger(digits: string): boolean {
  return /^-?\d{1,18}$/.test(digits);
}
