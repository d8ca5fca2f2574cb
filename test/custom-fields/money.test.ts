import { fault, valueTable } from "./value-table.ts";

const table = valueTable();
const BIG = { rule: "json", description: "must be an integer of at most 2^53 - 1, or a string" };

const eur = (centAmount: number) => ({ currencyCode: "EUR", centAmount, fractionDigits: 2 });

table.accepts("money", [
  [{ currencyCode: "EUR", centAmount: 1999 }, eur(1999)],
  [eur(1999)],
  [eur(0)],
  [eur(-1)],
  [{ currencyCode: "EUR", centAmount: -0 }, eur(0)],
  [eur(2 ** 53 - 1)],
  [eur(-(2 ** 53 - 1))],
  [
    { currencyCode: "JPY", centAmount: 5 },
    { currencyCode: "JPY", centAmount: 5, fractionDigits: 0 },
  ],
  [
    { currencyCode: "JPY", centAmount: 5, fractionDigits: -0 },
    { currencyCode: "JPY", centAmount: 5, fractionDigits: 0 },
  ],
  [
    { currencyCode: "KWD", centAmount: 5 },
    { currencyCode: "KWD", centAmount: 5, fractionDigits: 3 },
  ],
  [
    { currencyCode: "CLF", centAmount: 5 },
    { currencyCode: "CLF", centAmount: 5, fractionDigits: 4 },
  ],
  // Browsers round it to whole forints; ISO 4217 does not.
  [
    { currencyCode: "HUF", centAmount: 5 },
    { currencyCode: "HUF", centAmount: 5, fractionDigits: 2 },
  ],
  // Of 2024 and 2025.
  [
    { currencyCode: "ZWG", centAmount: 5 },
    { currencyCode: "ZWG", centAmount: 5, fractionDigits: 2 },
  ],
  [
    { currencyCode: "XCG", centAmount: 5 },
    { currencyCode: "XCG", centAmount: 5, fractionDigits: 2 },
  ],
]);

const SHAPE = fault("", "money", 'must be like {"currencyCode": "EUR", "centAmount": 1999}');
table.refuses("money", SHAPE, [
  { ...eur(1), type: "centPrecision" },
  { currency_code: "EUR", cent_amount: 1 },
  { ...eur(1), constructor: 1 },
  Object.fromEntries([...Object.entries(eur(1)), ["__proto__", {}]]),
]);

const CURRENCY = fault(".currencyCode", "currency", 'must be the code of a currency of ISO 4217, like "EUR"');
table.refuses("money", CURRENCY, [
  {},
  { centAmount: 1 },
  ...["eur", "Eur", " EUR", "EURO", "EU", "", "€", "XYZ", "ZZZ", "978", "EUR\n"].map((currencyCode) => ({
    currencyCode,
    centAmount: 1,
  })),
  { currencyCode: null, centAmount: 1 },
  { currencyCode: 978, centAmount: 1 },
  { currencyCode: ["EUR"], centAmount: 1 },
]);

const AMOUNT = fault(".centAmount", "cent_amount", "must be an integer of at most 2^53 - 1 in size");
table.refuses("money", AMOUNT, [
  { currencyCode: "EUR" },
  { currencyCode: "EUR", centAmount: 19.99 },
  { currencyCode: "EUR", centAmount: "1999" },
  { currencyCode: "EUR", centAmount: null },
  { currencyCode: "EUR", centAmount: true },
]);
table.refuses("money", { ...BIG, at: ".centAmount" }, [eur(2 ** 53), eur(-(2 ** 53))]);

const DIGITS = fault(".fractionDigits", "fraction_digits", "must be 2, as for all of EUR, or left out");
table.refuses("money", DIGITS, [
  ...[0, 3, 2.5, -2, "2", null, false].map((fractionDigits) => ({ ...eur(1), fractionDigits })),
]);
const NO_DIGITS = fault(".fractionDigits", "fraction_digits", "must be 0, as for all of JPY, or left out");
table.refuses("money", NO_DIGITS, [{ currencyCode: "JPY", centAmount: 1, fractionDigits: 2 }]);
