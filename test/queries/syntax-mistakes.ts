/** A predicate with a ‸ before what is wrong, what is found there, and what was expected. */
export type SyntaxMistake = readonly [marked: string, found: string, expected: string];

const END = "the end";
const TERM = '"not", "(", a field';
const OPERATOR =
  '"(", "=", "!=", "<>", "<=", "<", ">=", ">", "not", "in", "contains", "is", "within", "matches"';
const VALUE = 'a text, a number, "true", "false", a variable';
const VALUES = 'a variable, "("';
const MORE = '"and", "or", the end';
const INNER = '"and", "or", ")"';
const JSON_TEXT = "a character or an escape of JSON";
const SOUND_TEXT = "a text without NUL and halves of surrogate pairs";

export const syntaxMistakes: readonly SyntaxMistake[] = [
  ["‸", END, TERM],
  ["   ‸", END, TERM],
  ["not‸", END, TERM],
  ["not not‸", END, TERM],
  ['‸= "a"', '"="', TERM],
  ["‸:v = 1", '":"', TERM],
  ['‸"key" = "a"', '"\\"key\\""', TERM],
  ["‸ä = 1", '"ä"', TERM],
  ["addresses(‸)", '")"', TERM],
  ["addresses(‸", END, TERM],
  ['key = "a" and‸', END, TERM],

  ["key‸", END, OPERATOR],
  ["not key‸", END, OPERATOR],
  ["and‸", END, OPERATOR],
  ['key = "a" or or ‸key = "b"', '"key"', OPERATOR],
  ['key ‸like "a"', '"like"', OPERATOR],
  ['key ‸! "a"', '"!"', OPERATOR],
  ['createdBy‸.clientId = "a"', '"."', OPERATOR],
  ["customer ‸group = 1", '"group"', OPERATOR],

  ["key =‸", END, VALUE],
  ['key =‸= "a"', '"="', VALUE],
  ['key = ‸= "a"', '"="', VALUE],
  ['key =‸! "a"', '"!"', VALUE],
  ["key = ‸'a'", `"'"`, VALUE],
  ["key=‸“a”", '"“"', VALUE],
  ["key = ‸a", '"a"', VALUE],
  ["key = ‸NULL", '"NULL"', VALUE],
  ["key = ‸: v", '":"', VALUE],
  ["key = ‸:ä", '":"', VALUE],
  ["key = ‸$1", '"$"', VALUE],
  ["key = ‸%", '"%"', VALUE],
  ["version = ‸01", '"01"', VALUE],
  ["version = ‸1.", '"1"', VALUE],
  ["version = ‸.5", '"."', VALUE],
  ["version = ‸+1", '"+"', VALUE],
  ["version = ‸1e", '"1e"', VALUE],
  ["version = ‸0x10", '"0x10"', VALUE],
  ["version = ‸1_000", '"1_000"', VALUE],
  ["version = ‸-", '"-"', VALUE],
  ["version = ‸NaN", '"NaN"', VALUE],
  ["isEmailVerified = ‸true1", '"true1"', VALUE],
  ["key matches ignore case‸", END, VALUE],
  ["key in (‸)", '")"', VALUE],
  ['key in ("a",‸)', '")"', VALUE],

  ['key = "a‸', END, '"\\""'],
  ['key = "a‸\nb"', '"\\n"', JSON_TEXT],
  ['key = "a‸\\x"', '"\\\\"', JSON_TEXT],
  ['key = "‸\\u12g4"', '"\\\\"', JSON_TEXT],
  ['key = "a‸\\', '"\\\\"', JSON_TEXT],
  ['key = ‸"\\u0000"', '"\\"\\\\u0000\\""', SOUND_TEXT],
  ['key = ‸"\\ud800"', '"\\"\\\\ud800\\""', SOUND_TEXT],

  ["key in‸", END, VALUES],
  ['key in ‸"a"', '"\\"a\\""', VALUES],
  ['key in ("a" ‸"b")', '"\\"b\\""', '",", ")"'],
  ['key not ‸= "a"', '"="', '"in"'],
  ['key contains ‸("a")', '"("', '"all", "any"'],
  ['key contains ‸some ("a")', '"some"', '"all", "any"'],
  ["tags contains all‸", END, VALUES],
  ["key is ‸null", '"null"', '"not", "defined", "empty"'],
  ["key is not‸", END, '"defined", "empty"'],
  ['key matches ‸case "a"', '"case"', '"ignore"'],
  ['key matches ignore ‸"a"', '"\\"a\\""', '"case"'],
  ["key within ‸box(1)", '"box"', '"circle"'],
  ["key within circle‸", END, '"("'],
  ["key within circle(1, 2‸)", '")"', '","'],
  ["key within circle(1, 2, 3‸, 4)", '","', '")"'],

  ['(key = "a"‸', END, INNER],
  ['addresses(city = "a"‸', END, INNER],
  ['key = "a"‸)', '")"', MORE],
  ['key = "a" ‸key = "b"', '"key"', MORE],
  ['key = "a"‸; drop table customers', '";"', MORE],
  ['key = "a" ‸-- x', '"--"', MORE],
  ['key = "a" ‸# x', '"#"', MORE],
  ['key = "a" ‸/* x */', '"/"', MORE],
  ['key = "a"‸::text', '":"', MORE],
  ['key = "a"‸\u00a0and key = "b"', '"\u00a0"', MORE],
  ["key = :v‸-1", '"-1"', MORE],

  ['NOT KEY = "a" AND‸', END, TERM],
  ["key IS Not DeFined oR‸", END, TERM],
  ['key IN ("a") And‸', END, TERM],
  ["key NOT iN‸", END, VALUES],
  ["tags CONTAINS Any (‸", END, VALUE],
  ["key Matches IGNORE Case‸", END, VALUE],
  ["a WITHIN Circle(1, 2‸", END, '","'],
  ["isEmailVerified = TRUE or isEmailVerified = False or‸", END, TERM],
];
