import type { JsonValue } from "@bufbuild/protobuf";
import type { ElementName } from "./fixture.ts";
import { ELEMENT_NAMES } from "./fixture.ts";
import { type Fault, fault, valueTable } from "./value-table.ts";

// What a field says to a value of another kind of JSON.

const reference = (typeId: string) =>
  fault("", "reference", `must be like {"typeId": "${typeId}", "id": "..."}`);

const SHAPES: Readonly<Record<ElementName, Fault>> = {
  boolean: fault("", "boolean", "must be true or false"),
  string: fault("", "string", "must be text"),
  localizedString: fault(
    "",
    "localized_string",
    'must be an object of texts by locale, like {"en-GB": "text"}',
  ),
  enum: fault("", "enum", 'must be one of "gold", "2", "constructor"'),
  localizedEnum: fault("", "enum", 'must be one of "xs"'),
  number: fault("", "number", "must be a number"),
  money: fault("", "money", 'must be like {"currencyCode": "EUR", "centAmount": 1999}'),
  date: fault("", "date", 'must be a day that exists, like "2026-02-28"'),
  time: fault("", "time", 'must be a time of day to the millisecond, like "14:30" or "14:30:00.000"'),
  dateTime: fault(
    "",
    "date_time",
    'must be a point in time to the millisecond with "Z" or an offset, like "2026-02-28T14:30:00.000Z"',
  ),
  group: reference("customer-group"),
  customer: reference("customer"),
  store: reference("store"),
};

const TEXTS = ["true", "0"];
const NUMBERS = [0, 20260228];
const BOOLEANS = [true, false];
const LISTS = [[], [[]]];
// These are neither texts by locale, nor money, nor a reference.
const OBJECTS = [{ value: 1 }];

/** What is no value of a field at all. */
const OTHERS: Readonly<Record<ElementName, readonly JsonValue[]>> = {
  boolean: [...TEXTS, ...NUMBERS, ...LISTS, ...OBJECTS],
  string: [...NUMBERS, ...BOOLEANS, ...LISTS, ...OBJECTS],
  localizedString: [...TEXTS, ...NUMBERS, ...BOOLEANS, ...LISTS],
  enum: [2, ...TEXTS, ...BOOLEANS, ...LISTS, ...OBJECTS, { key: "gold" }],
  localizedEnum: [...TEXTS, ...NUMBERS, ...BOOLEANS, ...LISTS, ...OBJECTS],
  number: [...TEXTS, ...BOOLEANS, ...LISTS, ...OBJECTS],
  money: [...TEXTS, ...NUMBERS, ...BOOLEANS, ...LISTS, ...OBJECTS, "19.99 EUR"],
  date: [...TEXTS, ...NUMBERS, ...BOOLEANS, ...LISTS, ...OBJECTS],
  time: [...TEXTS, ...NUMBERS, ...BOOLEANS, ...LISTS, ...OBJECTS],
  dateTime: [...TEXTS, ...NUMBERS, ...BOOLEANS, ...LISTS, ...OBJECTS],
  group: [...TEXTS, ...NUMBERS, ...BOOLEANS, ...LISTS, ...OBJECTS],
  customer: [...TEXTS, ...NUMBERS, ...BOOLEANS, ...LISTS, ...OBJECTS],
  store: [...TEXTS, ...NUMBERS, ...BOOLEANS, ...LISTS, ...OBJECTS],
};

const table = valueTable();

for (const name of ELEMENT_NAMES) {
  const shape = SHAPES[name];
  table.refuses(name, shape, OTHERS[name]);
  table.refuses(`${name}Set`, { ...shape, at: "[0]" }, [OTHERS[name].slice(-1)]);
  const noList = fault("", "set", "must be a list");
  table.refuses(`${name}Set`, noList, ["text", true, { 0: true, length: 1 }]);
  table.refuses(`${name}Set`, fault("[0]", "set", "must not be null"), [[null]]);
  table.accepts(`${name}Set`, [[[]]]);
}
