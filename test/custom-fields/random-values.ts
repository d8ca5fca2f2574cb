import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import fc from "fast-check";
import { canonical } from "../input/wire.ts";
import { CURRENCIES, ENUM_KEYS, type Field, KINDS, type Kind } from "./oracle.ts";

const SPECIAL_NAMES = ["__proto__", "constructor", "toString", "typeId"];
const name = fc.oneof(
  { weight: 4, arbitrary: fc.stringMatching(/^[A-Za-z0-9_-]{2,36}$/) },
  { weight: 1, arbitrary: fc.constantFrom(...SPECIAL_NAMES) },
);
// There are no customers yet: a value of such a field always leads nowhere.
const kind = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom(...KINDS.filter((one) => one !== "customer")) },
  { weight: 1, arbitrary: fc.constant("customer" as const) },
);

/** The fields of a type. */
export const fields: fc.Arbitrary<Field[]> = fc.uniqueArray(
  fc.record({ name, kind, isSet: fc.boolean(), required: fc.boolean() }),
  { minLength: 1, maxLength: 6, selector: (field) => field.name },
);

const anyJson = fc.jsonValue({ maxDepth: 4, stringUnit: "binary" }) as fc.Arbitrary<JsonValue>;
const text = fc.string({ unit: "binary", maxLength: 12 }).map((one) => one.replaceAll("\0", ""));
const digits = (most: number, length = 2) => fc.nat(most).map((number) => `${number}`.padStart(length, "0"));
const date = fc
  .tuple(fc.integer({ min: 1, max: 9999 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 31 }))
  .map(([year, month, day]) => {
    const last = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
    // The last of February may become one that does not exist: the oracle knows.
    const two = `${month === 2 ? Math.min(day, 29) : Math.min(day, last)}`.padStart(2, "0");
    return `${`${year}`.padStart(4, "0")}-${`${month}`.padStart(2, "0")}-${two}`;
  });
const seconds = fc
  .tuple(digits(23), digits(59), digits(59), fc.constantFrom("", ".5", ".25", ".125", ".1250", ".000000000"))
  .map(([h, m, s, fraction]) => `${h}:${m}:${s}${fraction}`);
const offset = fc.oneof(
  fc.constant("Z"),
  fc.tuple(fc.constantFrom("+", "-"), digits(23), digits(59)).map(([sign, h, m]) => `${sign}${h}:${m}`),
);
const number = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.constantFrom(-0, 0.1, 1e-20, 2 ** 53 - 1),
  fc.integer().map((one) => one / 1000),
);

function valuesOf(one: Kind, groupIds: readonly string[]): fc.Arbitrary<JsonValue> {
  switch (one) {
    case "boolean":
      return fc.boolean();
    case "string":
      return text;
    case "localizedString":
      return fc.dictionary(fc.constantFrom("en", "de-AT", "zh-Hant-TW", "es-419", "gsw"), text, {
        minKeys: 1,
      });
    case "enum":
    case "localizedEnum":
      return fc.constantFrom(...ENUM_KEYS);
    case "number":
      return number;
    case "money":
      return fc
        .tuple(fc.constantFrom(...CURRENCIES), fc.oneof(fc.maxSafeInteger(), fc.constant(-0)), fc.boolean())
        .map(([[currencyCode, fractionDigits], centAmount, isFull]) => ({
          currencyCode: currencyCode as string,
          centAmount,
          ...(isFull && { fractionDigits }),
        }));
    case "date":
      return date;
    case "time":
      return fc.oneof(
        seconds,
        fc.tuple(digits(23), digits(59)).map(([h, m]) => `${h}:${m}`),
      );
    case "dateTime":
      return fc.tuple(date, seconds, offset).map(([day, time, zone]) => `${day}T${time}${zone}`);
    case "group":
      return fc
        .tuple(fc.constantFrom(...groupIds), fc.boolean())
        .map(([id, isUpper]) => ({ typeId: "customer-group", id: isUpper ? id.toUpperCase() : id }));
    case "customer":
      return fc.uuid().map((id) => ({ typeId: "customer", id }));
    case "store":
      return text.map((id) => ({ typeId: "store", id: id || "1" }));
    default:
      return one satisfies never;
  }
}

/** What changes a value a little, and mostly breaks it. */
function mutantsOf(value: JsonValue): readonly JsonValue[] {
  const around: JsonValue[] = [null, [value], { value }, JSON.stringify(value), [value, value]];
  if (typeof value === "string") {
    return [
      ...around,
      `${value}0`,
      ` ${value}`,
      [...value].slice(1).join(""),
      value.toLowerCase(),
      `${value}\0`,
      value.replace(/\d\d/, "60"),
    ];
  }
  if (typeof value === "number") return [...around, -value, value + 0.5, 2 ** 53, 1e-21];
  if (typeof value !== "object" || value === null) return around;
  if (Array.isArray(value)) {
    const [first = null] = value;
    return [
      ...around,
      [...value, first],
      [...value, null],
      first,
      value.toReversed(),
      ...mutantsOf(first).map((one) => [one]),
    ];
  }
  const members = Object.entries(value);
  return [
    ...around,
    { ...value, obj: {} },
    ...members.map(([key]) => Object.fromEntries(members.filter(([other]) => other !== key))),
    ...members.flatMap(([key, inner]) => mutantsOf(inner).map((mutant) => ({ ...value, [key]: mutant }))),
  ];
}

/** Values for the fields of a type: half as they should be, half with something changed. */
export function candidates(ofType: readonly Field[], groupIds: readonly string[]): fc.Arbitrary<JsonObject> {
  const single = ofType.map(({ kind: one, isSet, required }) => {
    const element = valuesOf(one, groupIds);
    const whole = isSet ? fc.uniqueArray(element, { maxLength: 4, selector: canonical }) : element;
    return required ? whole : fc.option(whole, { nil: undefined });
  });
  const good = fc
    .tuple(...single)
    .map((values) => ofType.map((field, index) => [field.name, values[index]] as const));
  const twisted = good.chain((entries) =>
    fc.nat(entries.length - 1).chain((at) => {
      const [own, value = null] = entries[at] ?? [""];
      const withTwist = (entry: readonly [string, JsonValue | undefined]) => entries.with(at, entry);
      return fc.oneof(
        {
          weight: 6,
          arbitrary: fc.constantFrom(...mutantsOf(value)).map((mutant) => withTwist([own, mutant])),
        },
        { weight: 3, arbitrary: anyJson.map((any) => withTwist([own, any])) },
        { weight: 1, arbitrary: fc.constant(withTwist([own, undefined])) },
        { weight: 1, arbitrary: fc.tuple(name, anyJson).map((entry) => [...entries, entry]) },
      );
    }),
  );
  return fc
    .oneof(good, twisted)
    .map((entries) =>
      Object.fromEntries(
        entries.flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as [string, JsonValue]])),
      ),
    );
}
