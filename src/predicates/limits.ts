// What bounds the work that one query can ask for, over all its predicates together.

/** Levels of `(`, `not` and `field(`. */
export const MAX_DEPTH = 32;
export const MAX_CONDITIONS = 200;
/** Values in one list. */
export const MAX_LIST = 500;
/** Values in all lists and conditions. */
export const MAX_VALUES = 2000;
/** Digits of a number, written out without its exponent. */
export const MAX_DIGITS = 400;
/** Bytes of text. */
export const MAX_TEXT_BYTES = 16 * 1024;
