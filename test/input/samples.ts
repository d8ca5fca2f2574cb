import { randomUUID } from "node:crypto";
import type { DescField, DescMessage, DescOneof, JsonObject, JsonValue } from "@bufbuild/protobuf";
import { FeatureSet_FieldPresence as Presence } from "@bufbuild/protobuf/wkt";
import type { FieldRules } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { isRequired, rulesOf, type Step } from "./places.ts";

/** Of a pattern, what no program reads off it. */
type PatternFacts = {
  readonly text: (length: number) => string;
  /** The lengths that the pattern itself allows. */
  readonly lengths?: readonly [least: number, most: number];
  readonly isAscii: boolean;
  readonly matching: readonly string[];
  readonly foreign: readonly string[];
};

const letters = (length: number) => "a".repeat(length);

/** Every pattern of the API. One that is not here fails the tests. */
const patterns: Readonly<Record<string, PatternFacts>> = {
  "^[a-z0-9][a-z0-9-]{1,62}$": {
    text: letters,
    lengths: [2, 63],
    isAscii: true,
    matching: ["0-", "a--"],
    foreign: ["-a", "aB", "a_b", "a.b", "aä", "ab\n", " ab"],
  },
  "^[A-Za-z0-9_-]{2,256}$": {
    text: letters,
    lengths: [2, 256],
    isAscii: true,
    matching: ["-_", "A0"],
    foreign: ["a b", "a.b", "aä", "ab\n", "\nab", "１２"],
  },
  "^[!-~]{0,128}$": {
    text: letters,
    lengths: [0, 128],
    isAscii: true,
    matching: ["!~", "{}"],
    foreign: ["a b", "ä", "a\n", "a\u007f"],
  },
  "^\\p{Z}*[^\\p{Cc}\\p{Z}]\\P{Cc}*$": {
    text: letters,
    isAscii: false,
    matching: [" a", "\u3000b ", "c d", "\u200d", "\u{10ffff}"],
    foreign: [" ", "\u00a0\u3000", "a\tb", "a\n", "a\u007f", "a\u0085", "\u2028"],
  },
  "^https?://[!-~]+$": {
    text: (length) => `https://${letters(length - 8)}`,
    isAscii: true,
    matching: ["http://a", "https://[::1]:1/?a#b"],
    foreign: ["https://", "HTTPS://a", "ftp://a", "javascript:a", " https://a", "https://ä", "https://a b"],
  },
};

export function factsOf(pattern: string): PatternFacts {
  const facts = patterns[pattern];
  if (!facts) throw new Error(`nothing is known of the pattern ${pattern}: add it`);
  return facts;
}

/**
 * The smallest request that breaks no rule, but for `value` where the steps lead; undefined leaves
 * that place unset.
 */
export function requestWith(
  message: DescMessage,
  steps: readonly Step[] = [],
  value?: JsonValue,
): JsonObject {
  const json: JsonObject = {};
  for (const member of message.members) {
    const field = member.kind === "oneof" ? chosen(member, steps[0]) : member;
    if (!field) continue;
    const isOnTheWay = steps[0]?.member === field;
    const entry = isOnTheWay ? alongSteps(field, steps, value) : isNeeded(field) ? sample(field) : undefined;
    if (entry !== undefined) json[field.name] = entry;
  }
  return json;
}

/** The member of a oneof that the step goes through; else, where one is required, the first. */
function chosen(oneof: DescOneof, step: Step | undefined): DescField | undefined {
  if (step?.member === oneof) return undefined;
  const onTheWay = oneof.fields.find((field) => field === step?.member);
  return onTheWay ?? (isRequired(oneof) ? oneof.fields[0] : undefined);
}

function alongSteps(
  field: DescField,
  [step, ...rest]: readonly Step[],
  value: JsonValue | undefined,
): JsonValue | undefined {
  const inner = field.message && rest.length > 0 ? requestWith(field.message, rest, value) : value;
  if (step?.index === undefined) return inner;
  const before = Array.from({ length: step.index }, (_, index) => sampleItem(field, index));
  return inner === undefined ? before : [...before, inner];
}

/** Whether a request without the field breaks a rule. */
function isNeeded(field: DescField): boolean {
  const { required, type } = rulesOf(field);
  if (required || field.oneof) return true;
  if (field.presence !== Presence.IMPLICIT) return false;
  switch (type.case) {
    case "string":
      return type.value.wellKnown.case === "uuid" || type.value.minLen > 0n;
    case "int64":
      return type.value.greaterThan.case === "gte" && type.value.greaterThan.value > 0n;
    default:
      return type.case === "repeated" && type.value.minItems > 0n;
  }
}

function sample(field: DescField): JsonValue {
  if (field.fieldKind === "list") return [sampleItem(field, 0)];
  return field.message ? requestWith(field.message) : sampleScalar(rulesOf(field));
}

/** Items of one list differ. */
export function sampleItem(field: DescField, index: number): JsonValue {
  return field.message ? requestWith(field.message) : `item ${index}`;
}

let names = 0;

function sampleScalar({ type }: FieldRules): JsonValue {
  if (type.case === "int64" && type.value.greaterThan.case === "gte")
    return `${type.value.greaterThan.value}`;
  if (type.case === "string" && type.value.wellKnown.case === "uuid") return randomUUID();
  names += 1;
  return type.case === "string" && type.value.pattern === "" ? "text" : `sample-${names}`;
}
