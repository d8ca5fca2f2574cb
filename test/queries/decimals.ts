/** A number as it's written, whatever its size: `digits` times ten to the power of `exponent`. */
type Decimal = { readonly digits: bigint; readonly exponent: number };

/** Below 0 when `a` is the lesser number, 0 when they are equal. @param a like `-1.5e3` */
export function compareNumbers(a: string, b: string): number {
  const [one, other] = [toDecimal(a), toDecimal(b)];
  const exponent = Math.min(one.exponent, other.exponent);
  const difference = scale(one, exponent) - scale(other, exponent);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

function toDecimal(text: string): Decimal {
  const [, sign, whole, fraction = "", exponent = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  if (whole === undefined) throw new Error(`not a number: ${text}`);
  const digits = BigInt(whole + fraction);
  return { digits: sign === "-" ? -digits : digits, exponent: Number(exponent) - fraction.length };
}

function scale({ digits, exponent }: Decimal, to: number): bigint {
  return digits * 10n ** BigInt(exponent - to);
}
