/** What the patterns of the protos ask for, in words for whoever broke one. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ["^[a-z0-9][a-z0-9-]{1,62}$", 'must be 2 to 63 lower-case letters, digits and "-", and not begin with "-"'],
  ["^[A-Za-z0-9_-]{2,256}$", 'must be 2 to 256 letters, digits, "-" and "_"'],
  ["^\\p{Z}*[^\\p{Cc}\\p{Z}]\\P{Cc}*$", "must not be only blanks, and hold no control characters"],
  ["^[!-~]{0,128}$", "must be up to 128 visible ASCII characters"],
  ["^[A-Za-z0-9_-]{2,36}$", 'must be 2 to 36 letters, digits, "-" and "_"'],
  [
    "^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$",
    'must be a locale, like "en", "de-AT" or "zh-Hant-TW"',
  ],
  ["^[a-z][a-z0-9-]{1,63}$", 'must be 2 to 64 lower-case letters, digits and "-", and begin with a letter'],
  [
    "^[^@\\p{Cc}\\p{Z}]+@[^@\\p{Cc}\\p{Z}]+$",
    'must be an email address: one "@" with text on both sides, no blanks and no control characters',
  ],
  ["^[A-Z]{3}$", "must be three capital letters, as of ISO 4217"],
  ["^[A-Z]{2}$", "must be two capital letters, as of ISO 3166-1"],
  ["^[0-9]{4}$", "must be four digits"],
  ["^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$", 'must be a day, like "1970-12-31"'],
  ["^https?://[!-~]+$", "must be an absolute http or https URL of visible ASCII characters"],
]);

/** The sentence for a broken pattern, or protovalidate's own, which shows the pattern. */
export function patternInWords(message: string): string {
  const [, pattern = ""] = /`(.*)`$/.exec(message) ?? [];
  return WORDS.get(pattern) ?? message;
}
