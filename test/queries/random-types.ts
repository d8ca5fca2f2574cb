import type { JsonValue } from "@bufbuild/protobuf";
import fc from "fast-check";
import { ELEMENTS, type ElementName, type FieldDraft, setOf } from "../custom-fields/fixture.ts";
import { DAYS, LONG_TEXTS, NUMBERS, TEXTS, TIMES } from "./odd-values.ts";

/** The ids that references can lead to. */
export type Targets = { readonly groupIds: readonly string[]; readonly customerIds: readonly string[] };

const LOCALES = ["en", "de-DE", "zh-Hant-TW", "es-419"];
const KINDS = Object.keys(ELEMENTS) as ElementName[];

/** One field of every kind, one of a set of each, and a few whose names are easily confused with others. */
export const FIELDS: readonly (FieldDraft & { readonly kind: ElementName; readonly isSet: boolean })[] = [
  ...KINDS.map((kind) => ({ name: `${kind}-f`, type: ELEMENTS[kind], kind, isSet: false })),
  ...KINDS.map((kind) => ({ name: `${kind}_Set`, type: setOf(ELEMENTS[kind]), kind, isSet: true })),
  { name: "in", type: ELEMENTS.string, kind: "string", isSet: false },
  { name: "2nd", type: ELEMENTS.number, kind: "number", isSet: false },
  { name: "__proto__", type: ELEMENTS.string, kind: "string", isSet: false },
];

/** Values for some of the fields. */
export function fieldValues(
  names: readonly string[],
  targets: Targets,
): fc.Arbitrary<Record<string, JsonValue>> {
  const own = FIELDS.filter(({ name }) => names.includes(name));
  return fc
    .tuple(
      ...own.map(({ kind, isSet }) =>
        fc.option(fieldValue(kind, isSet, targets), { nil: undefined, freq: 3 }),
      ),
    )
    .map((values) => own.flatMap(({ name }, index) => entryOf(name, values[index])))
    .map((entries) => Object.fromEntries(entries));
}

function entryOf(name: string, value: JsonValue | undefined): [string, JsonValue][] {
  return value === undefined ? [] : [[name, value]];
}

function fieldValue(kind: ElementName, isSet: boolean, targets: Targets): fc.Arbitrary<JsonValue> {
  const element = elementOf(kind, targets);
  return isSet ? fc.uniqueArray(element, { maxLength: 4, selector: (one) => JSON.stringify(one) }) : element;
}

function elementOf(kind: ElementName, { groupIds, customerIds }: Targets): fc.Arbitrary<JsonValue> {
  switch (kind) {
    case "boolean":
      return fc.boolean();
    case "string":
      return fc.oneof(
        { weight: 2, arbitrary: fc.constantFrom("", ...TEXTS, ...LONG_TEXTS) },
        {
          weight: 1,
          arbitrary: fc.constantFrom("14:30", "14:30:00.000", "2026-02-28T14:30:00+01:00", ...TIMES),
        },
      );
    case "localizedString":
      return fc.dictionary(fc.constantFrom(...LOCALES), fc.constantFrom("", ...TEXTS), { minKeys: 1 });
    case "enum":
      return fc.constantFrom("gold", "2", "constructor");
    case "localizedEnum":
      return fc.constant("xs");
    case "number":
      return fc.constantFrom(...NUMBERS, -0);
    case "money":
      return fc.record({
        currencyCode: fc.constantFrom("EUR", "JPY", "USD"),
        centAmount: fc.constantFrom(...NUMBERS.filter(Number.isSafeInteger)),
      });
    case "date":
      return fc.constantFrom(...DAYS);
    case "time":
      return fc.constantFrom("00:00", "14:30", "14:30:00.001", "23:59:59.999");
    case "dateTime":
      return fc.constantFrom(...TIMES);
    case "group":
      return fc.constantFrom(...groupIds).map((id) => ({ typeId: "customer-group", id }));
    case "customer":
      return fc.constantFrom(...customerIds).map((id) => ({ typeId: "customer", id }));
    case "store":
      return fc.constantFrom("1", "a-b", "S 1").map((id) => ({ typeId: "store", id }));
    default:
      return kind satisfies never;
  }
}
