import type { JsonValue } from "@bufbuild/protobuf";
import type { ElementName } from "./fixture.ts";
import { type Fault, fault, valueTable } from "./value-table.ts";

const table = valueTable();

const ID = "0198c5a0-0000-7000-8000-00000000000a";
const eur = (centAmount: number) => ({ currencyCode: "EUR", centAmount });
const stored = (centAmount: number) => ({ ...eur(centAmount), fractionDigits: 2 });

// Every value in its normal form, in the order that was sent.
table.accepts("booleanSet", [[[true, false]], [[false]]]);
table.accepts("stringSet", [[["b", "a", "", "A", " a", "é", "e\u0301", "0"]]]);
table.accepts("localizedStringSet", [[[{ en: "a" }, { en: "b" }, { de: "a" }, { en: "a", de: "a" }]]]);
table.accepts("enumSet", [[["2", "gold", "constructor"]]]);
table.accepts("localizedEnumSet", [[["xs"]]]);
table.accepts("numberSet", [[[1, 0.5, -1]], [[-0], [0]], [[2 ** 53 - 1, 2 ** 53 - 2]]]);
table.accepts("moneySet", [
  [
    [eur(2), stored(1)],
    [stored(2), stored(1)],
  ],
]);
table.accepts("dateSet", [[["2026-02-28", "2024-02-29"]]]);
table.accepts("timeSet", [
  [
    ["14:30", "09:00:00"],
    ["14:30:00.000", "09:00:00.000"],
  ],
]);
table.accepts("dateTimeSet", [
  [
    ["2026-02-28T14:30:00+01:00", "2026-02-28T14:30:00Z"],
    ["2026-02-28T13:30:00.000Z", "2026-02-28T14:30:00.000Z"],
  ],
]);
table.accepts("storeSet", [
  [
    [
      { typeId: "store", id: "a" },
      { typeId: "store", id: "A" },
    ],
  ],
]);

/** Values that are equal to one another in their normal form. */
const EQUALS: readonly (readonly [ElementName, JsonValue, JsonValue])[] = [
  ["boolean", false, false],
  ["string", "", ""],
  ["string", "a", "a"],
  ["localizedString", { en: "a", de: "b" }, { de: "b", en: "a" }],
  ["enum", "gold", "gold"],
  ["localizedEnum", "xs", "xs"],
  ["number", 1.5, 1.5],
  ["number", 0, -0],
  ["money", eur(1), stored(1)],
  ["money", stored(1), { fractionDigits: 2, centAmount: 1, currencyCode: "EUR" }],
  ["money", eur(0), eur(-0)],
  ["date", "2024-02-29", "2024-02-29"],
  ["time", "14:30", "14:30:00.0"],
  ["dateTime", "2026-02-28T14:30:00+01:00", "2026-02-28T13:30:00.000Z"],
  ["group", { typeId: "customer-group", id: ID }, { id: ID.toUpperCase(), typeId: "customer-group" }],
  ["customer", { typeId: "customer", id: ID }, { typeId: "customer", id: ID }],
  ["store", { typeId: "store", id: "a" }, { id: "a", typeId: "store" }],
];
for (const [name, one, other] of EQUALS) {
  table.refuses(`${name}Set`, fault("[1]", "unique", "is in the set already"), [
    [one, other],
    [one, other, other],
  ]);
}

/** What is wrong with one value of a set is said of it as of a value alone. */
const INNER: readonly (readonly [ElementName, Fault, JsonValue, JsonValue])[] = [
  ["string", fault("", "string", "must be text"), "1", 1],
  ["localizedString", fault(".de", "string", "must be text"), { de: "1" }, { de: 1 }],
  ["enum", fault("", "enum", 'must be one of "gold", "2", "constructor"'), "2", 2],
  [
    "money",
    fault(".centAmount", "cent_amount", "must be an integer of at most 2^53 - 1 in size"),
    eur(1),
    eur(1.5),
  ],
  ["date", fault("", "date", 'must be a day that exists, like "2026-02-28"'), "2024-02-29", "2023-02-29"],
  ["store", fault(".typeId", "reference_type", 'must be "store"'), { typeId: "store", id: "1" }, { id: "2" }],
];
for (const [name, { at, ...said }, good, bad] of INNER) {
  table.refuses(`${name}Set`, { ...said, at: `[1]${at}` }, [
    [good, bad],
    [good, bad, null, good],
  ]);
}
table.refuses("stringSet", fault("[2]", "set", "must not be null"), [["a", "b", null]]);
// The first fault of a set is the one that is told.
table.refuses("stringSet", fault("[1]", "unique", "is in the set already"), [["a", "a", 1]]);
