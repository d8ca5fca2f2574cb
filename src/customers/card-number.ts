/**
 * Whether text holds what looks like the number of a card: 12 to 19 digits, perhaps with blanks, dots or
 * hyphens among them, whose check digit is right (ISO/IEC 7812-1).
 */
export function looksLikeCardNumber(text: string): boolean {
  const runs = text.normalize("NFKC").match(/\d(?:[ ._\p{Pd}]{0,2}\d){11,}/gu) ?? [];
  // A longer run of digits is no card's.
  return runs
    .map((run) => run.replace(/\D/g, ""))
    .some((digits) => digits.length <= 19 && hasRightCheckDigit(digits));
}

function hasRightCheckDigit(digits: string): boolean {
  const sum = [...digits].toReversed().reduce((total, digit, index) => {
    const doubled = index % 2 === 1 ? Number(digit) * 2 : Number(digit);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}
