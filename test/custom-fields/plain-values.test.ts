import { fault, valueTable } from "./value-table.ts";

const table = valueTable();

table.accepts("boolean", [[true], [false]]);

table.accepts("string", [[""], ["0"], ["null"], [" padded "], ["é e\u0301 😀"], ["\u0001\n"], ["__proto__"]]);

table.accepts("number", [
  [0],
  [-0, 0],
  [0.1],
  [-1.5],
  [1e-20],
  [2 ** 52 + 0.5],
  [2 ** 53 - 1],
  [-(2 ** 53 - 1)],
]);

table.accepts("enum", [["gold"], ["2"], ["constructor"]]);
table.accepts("localizedEnum", [["xs"]]);

const ENUM = fault("", "enum", 'must be one of "gold", "2", "constructor"');
table.refuses("enum", ENUM, ["Gold", "gold ", "", "silver", "toString", "__proto__", "0"]);
const LOCALIZED_ENUM = fault("", "enum", 'must be one of "xs"');
table.refuses("localizedEnum", LOCALIZED_ENUM, ["Small", "XS", "en", "gold"]);

table.accepts("localizedString", [
  [{ en: "" }],
  [{ de: "Gold", "en-GB": "gold", "zh-Hant-TW": "金", "es-419": "oro", gsw: "Guld", "sr-Latn": "zlato" }],
]);

const LOCALIZED = fault(
  "",
  "localized_string",
  'must be an object of texts by locale, like {"en-GB": "text"}',
);
table.refuses("localizedString", LOCALIZED, [{}]);

for (const locale of [
  "",
  "e",
  "EN",
  "english",
  "en_GB",
  "en-gb",
  "en-GBR",
  "en-",
  "-GB",
  "en-41",
  "zh-hant",
  "zh-TW-Hant",
  "en\n",
  "*",
  "typeId",
  "constructor",
  "__proto__",
]) {
  const noLocale = fault(`.${locale}`, "locale", 'is no locale; must be like "en", "de-AT" or "zh-Hant-TW"');
  table.refuses("localizedString", noLocale, [Object.fromEntries([[locale, "text"]])]);
}

// The path holds only so much of a name.
const LONG = fault(
  `.${"x".repeat(63)}…`,
  "locale",
  'is no locale; must be like "en", "de-AT" or "zh-Hant-TW"',
);
table.refuses("localizedString", LONG, [{ ["x".repeat(1000)]: "text" }]);

for (const text of [null, 1, false, ["text"], { en: "text" }]) {
  table.refuses("localizedString", fault(".en", "string", "must be text"), [{ de: "gut", en: text }]);
}
