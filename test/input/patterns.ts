import type { FieldRules } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";

/** Of a pattern, what no program reads off it. */
type PatternFacts = {
  /** Texts that match, each another where there are enough of them. */
  readonly sample: (index: number) => string;
  /** A text of so many bytes, most of them of one letter. */
  readonly text: (bytes: number, letter?: string) => string;
  /** The lengths that the pattern itself allows. */
  readonly lengths?: readonly [least: number, most: number];
  readonly isAscii: boolean;
  readonly matching: readonly string[];
  readonly foreign: readonly string[];
};

const letters = filled("", "");
const sample = (index: number) => `sample-${index}`;
const letterAt = (index: number) => String.fromCodePoint("a".charCodeAt(0) + index);

/** Every pattern of the API. One that is not here fails the tests. */
const patterns: Readonly<Record<string, PatternFacts>> = {
  "^[a-z0-9][a-z0-9-]{1,62}$": {
    sample,
    text: letters,
    lengths: [2, 63],
    isAscii: true,
    matching: ["0-", "a--"],
    foreign: ["-a", "aB", "a_b", "a.b", "aä", "ab\n", " ab"],
  },
  "^[a-z][a-z0-9-]{1,63}$": {
    sample,
    text: letters,
    lengths: [2, 64],
    isAscii: true,
    matching: ["z-", "a0"],
    foreign: ["0a", "-a", "Ab", "aB", "a_b", "a.b", "aä", "ab\n", " ab"],
  },
  "^[A-Za-z0-9_-]{2,256}$": {
    sample,
    text: letters,
    lengths: [2, 256],
    isAscii: true,
    matching: ["-_", "A0"],
    foreign: ["a b", "a.b", "aä", "ab\n", "\nab", "１２"],
  },
  "^[A-Za-z0-9_-]{2,36}$": {
    sample,
    text: letters,
    lengths: [2, 36],
    isAscii: true,
    matching: ["-_", "A0", "__proto__", "constructor"],
    foreign: ["a b", "a.b", "aä", "ab\n", "\nab", "１２"],
  },
  "^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$": {
    sample: (index) => letterAt(Math.floor(index / 26)) + letterAt(index % 26),
    text: letters,
    lengths: [2, 3],
    isAscii: true,
    matching: ["de-AT", "gsw-CH", "zh-Hant-TW", "sr-Latn", "es-419"],
    foreign: ["DE", "de_AT", "de-at", "de-", "-AT", "de-AT-AT", "de-AT\n", " de", "dä", "d1", "__proto__"],
  },
  "^[!-~]{0,128}$": {
    sample,
    text: letters,
    lengths: [0, 128],
    isAscii: true,
    matching: ["!~", "{}"],
    foreign: ["a b", "ä", "a\n", "a\u007f"],
  },
  "^\\p{Z}*[^\\p{Cc}\\p{Z}]\\P{Cc}*$": {
    sample,
    text: letters,
    isAscii: false,
    matching: [" a", "\u3000b ", "c d", "\u200d", "\u{10ffff}"],
    foreign: [" ", "\u00a0\u3000", "a\tb", "a\n", "a\u007f", "a\u0085", "\u2028"],
  },
  "^https?://[!-~]+$": {
    sample: (index) => `https://sample.test/${index}`,
    text: filled("https://", ""),
    isAscii: true,
    matching: ["http://a", "https://[::1]:1/?a#b"],
    foreign: ["https://", "HTTPS://a", "ftp://a", "javascript:a", " https://a", "https://ä", "https://a b"],
  },
  "^[^@\\p{Cc}\\p{Z}]+@[^@\\p{Cc}\\p{Z}]+$": {
    sample: (index) => `sample-${index}@example.test`,
    text: filled("", "@abcd.io"),
    isAscii: false,
    matching: ["a@b", "A.b+c'd@Example.test", "ü@münchen.test", "😀@😀.test", '"\u200d"@[::1]', "a@1.2.3.4"],
    foreign: [
      ...["", "a", "@", "a@", "@b.io", "a@b@c.io", "a b@c.io", "a@b c", " a@b.io", "a@b.io ", "a@b.io\n"],
      ...["a\u00a0@b.io", "a@b\u3000.io", "a\0@b.io", "a\u007f@b.io", "a\u0085@b.io", "a@b.io\u2028"],
    ],
  },
  "^[A-Z]{2}$": {
    sample: () => "DE",
    text: capitals,
    lengths: [2, 2],
    isAscii: true,
    matching: ["ZZ"],
    foreign: ["de", "De", "D1", "D-", "DE\n", " DE", "ÄÖ", "ＤＥ"],
  },
  "^[A-Z]{3}$": {
    sample: () => "EUR",
    text: capitals,
    lengths: [3, 3],
    isAscii: true,
    matching: ["CHF", "ZZZ"],
    foreign: ["eur", "EUr", "EU1", "EUR\n", " EUR", "978", "€€€"],
  },
  "^[0-9]{4}$": {
    sample: () => "4242",
    text: (bytes) => "0".repeat(bytes),
    lengths: [4, 4],
    isAscii: true,
    matching: ["9999"],
    foreign: ["abcd", "12a4", "1 34", "1234\n", "-123", "+123", "1.23", "１２３４", "١٢٣٤"],
  },
  "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$": {
    sample: () => "1970-12-31",
    text: letters,
    isAscii: true,
    matching: ["0001-01-01", "2000-02-29", "9999-12-31"],
    foreign: [
      ...[
        "",
        "1970-13-01",
        "1970-00-01",
        "1970-12-32",
        "1970-12-00",
        "70-12-31",
        "01970-12-31",
        "-1970-12-31",
      ],
      ...["1970-1-01", "1970-01-1", "1970/12/31", "1970-12", "31.12.1970", "1970-12-31T00:00:00Z"],
      ...["1970-12-31\n", " 1970-12-31", "１９７０-12-31"],
    ],
  },
};

/** What is known of a pattern; of none, what is known of any text. */
export function factsOf(pattern: string): PatternFacts {
  if (pattern === "") return anyText;
  const facts = patterns[pattern];
  if (!facts) throw new Error(`nothing is known of the pattern ${pattern}: add it`);
  return facts;
}

const anyText: PatternFacts = {
  sample: (index) => `text ${index}`,
  text: letters,
  isAscii: false,
  matching: [],
  foreign: [],
};

function filled(before: string, after: string) {
  return (bytes: number, letter = "a") =>
    before + letter.repeat((bytes - before.length - after.length) / Buffer.byteLength(letter)) + after;
}

function capitals(bytes: number): string {
  return "A".repeat(bytes);
}

/** Keys of one map, each another. */
export function sampleKey({ type }: FieldRules, index: number): string {
  if (type.case !== "string") throw new Error("a map whose keys are no text: nothing tries it");
  return factsOf(type.value.pattern).sample(index);
}
