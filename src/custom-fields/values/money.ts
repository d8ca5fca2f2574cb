import type { JsonValue } from "@bufbuild/protobuf";
import { code as findCurrency } from "currency-codes";
import { accepted, type Checked, objectOf, refused } from "./checked.ts";

const MEMBERS = ["currencyCode", "centAmount", "fractionDigits"] as const;

export function checkMoney(value: JsonValue, path: string): Checked {
  const money = objectOf(value, MEMBERS);
  if (!money) {
    return refused(path, "money", 'must be like {"currencyCode": "EUR", "centAmount": 1999}');
  }
  const { currencyCode, centAmount, fractionDigits } = money;
  const digits = typeof currencyCode === "string" ? fractionDigitsOf(currencyCode) : undefined;
  if (typeof currencyCode !== "string" || digits === undefined) {
    return refused(
      `${path}.currencyCode`,
      "currency",
      'must be the code of a currency of ISO 4217, like "EUR"',
    );
  }
  if (typeof centAmount !== "number" || !Number.isSafeInteger(centAmount)) {
    return refused(`${path}.centAmount`, "cent_amount", "must be an integer of at most 2^53 - 1 in size");
  }
  if (fractionDigits !== undefined && fractionDigits !== digits) {
    return refused(
      `${path}.fractionDigits`,
      "fraction_digits",
      `must be ${digits}, as for all of ${currencyCode}, or left out`,
    );
  }
  // Adding 0 leaves no negative zero.
  return accepted({ currencyCode, centAmount: centAmount + 0, fractionDigits: digits });
}

/** Whether ISO 4217 knows the code. */
export function isCurrency(code: string): boolean {
  return fractionDigitsOf(code) !== undefined;
}

/**
 * The decimal places of a currency; undefined when there is no such currency. ISO's own list knows them
 * best: Intl says that a forint has none. But Intl knows currencies that are younger than the list.
 */
function fractionDigitsOf(currencyCode: string): number | undefined {
  const listed = /^[A-Z]{3}$/.test(currencyCode) ? findCurrency(currencyCode) : undefined;
  if (listed) return listed.digits;
  if (!INTL_CURRENCIES.has(currencyCode)) return undefined;
  const format = new Intl.NumberFormat("en", { style: "currency", currency: currencyCode });
  return format.resolvedOptions().maximumFractionDigits;
}

const INTL_CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf("currency"));
