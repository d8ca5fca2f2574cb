import type { FieldRules } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";

/** Of a pattern, what no program reads off it. */
type PatternFacts = {
  /** Texts that match, each another. */
  readonly sample: (index: number) => string;
  readonly text: (length: number) => string;
  /** The lengths that the pattern itself allows. */
  readonly lengths?: readonly [least: number, most: number];
  readonly isAscii: boolean;
  readonly matching: readonly string[];
  readonly foreign: readonly string[];
};

const letters = (length: number) => "a".repeat(length);
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
    text: (length) => `https://${letters(length - 8)}`,
    isAscii: true,
    matching: ["http://a", "https://[::1]:1/?a#b"],
    foreign: ["https://", "HTTPS://a", "ftp://a", "javascript:a", " https://a", "https://ä", "https://a b"],
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
  text: (length) => "x".repeat(length),
  isAscii: false,
  matching: [],
  foreign: [],
};

/** Keys of one map, each another. */
export function sampleKey({ type }: FieldRules, index: number): string {
  if (type.case !== "string") throw new Error("a map whose keys are no text: nothing tries it");
  return factsOf(type.value.pattern).sample(index);
}
