import type { JsonValue } from "@bufbuild/protobuf";
import type { FieldName } from "./types.ts";

/** A value that its field doesn't take: where behind the field, by which rule, and what is said. */
type Row = readonly [name: FieldName, value: JsonValue, at: string, rule: string, description: string];

const REFERENCE = 'must be like {"typeId": "customer-group", "id": "..."}';
const id = "0198c5a0-0000-7000-8000-000000000000";

export const customValues: readonly Row[] = [
  ["vip", "true", "", "boolean", "must be true or false"],
  ["note", 1, "", "string", "must be text"],
  ["title", {}, "", "localized_string", 'must be an object of texts by locale, like {"en-GB": "text"}'],
  [
    "title",
    { de: "a", DE: "b" },
    ".DE",
    "locale",
    'is no locale; must be like "en", "de-AT" or "zh-Hant-TW"',
  ],
  ["tier", "Gold", "", "enum", 'must be one of "silver", "gold"'],
  ["rank", 1, "", "enum", 'must be one of "1", "2"'],
  ["score", "1", "", "number", "must be a number"],
  ["budget", 1, "", "money", 'must be like {"currencyCode": "EUR", "centAmount": 1999}'],
  [
    "budget",
    { currencyCode: "EURO", centAmount: 1 },
    ".currencyCode",
    "currency",
    'must be the code of a currency of ISO 4217, like "EUR"',
  ],
  [
    "budget",
    { currencyCode: "EUR", centAmount: 0.5 },
    ".centAmount",
    "cent_amount",
    "must be an integer of at most 2^53 - 1 in size",
  ],
  ["since", "2026-02-29", "", "date", 'must be a day that exists, like "2026-02-28"'],
  ["opens", "24:00", "", "time", 'must be a time of day to the millisecond, like "14:30" or "14:30:00.000"'],
  [
    "reviewed",
    "2026-02-28T14:30:00",
    "",
    "date_time",
    'must be a point in time to the millisecond with "Z" or an offset, like "2026-02-28T14:30:00.000Z"',
  ],
  ["parent", id, "", "reference", REFERENCE],
  ["parent", { typeId: "customer-group", id, obj: {} }, "", "reference", REFERENCE],
  ["parent", { typeId: "customer", id }, ".typeId", "reference_type", 'must be "customer-group"'],
  ["parent", { typeId: "customer-group", id: "1" }, ".id", "reference_id", "must be a UUID"],
  ["store", { typeId: "store", id: "" }, ".id", "reference_id", "must be text of 1 to 256 bytes"],
  ["tags", "a", "", "set", "must be a list"],
  ["tags", ["a", null], "[1]", "set", "must not be null"],
  ["tags", ["a", "b", "a"], "[2]", "unique", "is in the set already"],
  ["tiers", ["a", "b"], "[1]", "enum", 'must be one of "a"'],
];
