import type { StringRules } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { factsOf } from "./patterns.ts";
import type { Probe } from "./probes.ts";

/** Texts at the bounds of every rule of a text, on both sides. */
export function probesOfText(rules: StringRules, isRequired: boolean): Probe[] {
  const { text, isAscii, lengths, matching, foreign } = factsOf(rules.pattern);
  const probes: Probe[] = [];
  const accept = (label: string, value: string) => probes.push({ label, value });
  const refuse = (rule: string, label: string, value: string) => probes.push({ label, value, rule });

  if (isRequired) refuse("required", "empty", "");
  if (rules.minLen > 0n) {
    const least = Number(rules.minLen);
    refuse("string.min_len", `${least - 1} characters`, text(least - 1));
    accept(`${least} characters`, text(least));
    accept(`${least + 1} characters`, text(least + 1));
    if (least === 1) accept("1 character of 4 bytes", "😀");
  }
  if (rules.maxLen > 0n) {
    const most = Number(rules.maxLen);
    accept(`${most - 1} characters`, text(most - 1));
    accept(`${most} characters`, text(most));
    refuse("string.max_len", `${most + 1} characters`, text(most + 1));
    accept(`${most} characters of 4 bytes`, text(most * 4, "😀"));
    refuse("string.max_len", `${most + 1} characters of 4 bytes`, text((most + 1) * 4, "😀"));
  }
  if (rules.maxBytes > 0n) {
    const most = Number(rules.maxBytes);
    accept(`${most - 1} bytes`, text(most - 1));
    accept(`${most} bytes`, text(most));
    refuse("string.max_bytes", `${most + 1} bytes`, text(most + 1));
    if (!isAscii) {
      accept(`${most} bytes of 4-byte characters`, text(most, "😀"));
      refuse("string.max_bytes", `${most + 1} bytes of 4-byte characters`, `a${text(most, "😀")}`);
      refuse("string.max_bytes", `${most} bytes and one of 2-byte characters`, text(most + 2, "ä"));
    }
  }
  if (lengths) {
    const [least, most] = lengths;
    for (const length of new Set([least - 1, least, least + 1, most - 1, most, most + 1])) {
      if (length < 0) continue;
      const label = `${length} characters`;
      if (length < least || length > most) refuse("string.pattern", label, text(length));
      else accept(label, text(length));
    }
  }
  for (const value of matching) accept(JSON.stringify(value), value);
  for (const value of foreign) {
    // Of a required text, empty is missing, and was tried.
    if (!isRequired || value !== "") refuse("string.pattern", JSON.stringify(value), value);
  }
  return rules.wellKnown.case === "uuid" ? [...probes, ...UUIDS] : probes;
}

const UUIDS: readonly Probe[] = [
  { label: "a UUID", value: "0198c5a0-1234-7abc-8def-0123456789ab" },
  { label: "a UUID in capitals", value: "0198C5A0-1234-7ABC-8DEF-0123456789AB" },
  { label: "the UUID of zeros", value: "00000000-0000-0000-0000-000000000000" },
  { label: "empty", value: "", rule: "string.uuid_empty" },
  { label: "35 characters", value: "0198c5a0-1234-7abc-8def-0123456789a", rule: "string.uuid" },
  { label: "37 characters", value: "0198c5a0-1234-7abc-8def-0123456789abc", rule: "string.uuid" },
  { label: "no hyphens", value: "0198c5a012347abc8def0123456789ab", rule: "string.uuid" },
  { label: "no hex digit", value: "0198c5a0-1234-7abc-8def-0123456789ag", rule: "string.uuid" },
  { label: "braces", value: "{0198c5a0-1234-7abc-8def-0123456789ab}", rule: "string.uuid" },
  { label: "a line feed", value: "0198c5a0-1234-7abc-8def-0123456789ab\n", rule: "string.uuid" },
];
