import { type JsonObject, type JsonValue, toJson } from "@bufbuild/protobuf";
import {
  type FieldRules,
  FieldRulesSchema,
  type Int32Rules,
  type Int64Rules,
  type RepeatedRules,
  type StringRules,
} from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import type { Place } from "./places.ts";
import { factsOf, sampleItem } from "./samples.ts";

/** A value to try at a place, and the rule that it breaks; none when it has to be accepted. */
export type Probe = { readonly label: string; readonly value: JsonValue | undefined; readonly rule?: string };

/** Every rule that the probes below know of. */
const KNOWN_RULES = [
  "required",
  ...["minLen", "maxLen", "maxBytes", "pattern", "uuid"].map((rule) => `string.${rule}`),
  ...["gte", "lte"].flatMap((rule) => [`int32.${rule}`, `int64.${rule}`]),
  ...["minItems", "maxItems", "unique", "items"].map((rule) => `repeated.${rule}`),
];

/** Requests that break the rules which span fields. */
const MESSAGE_RULES: Readonly<Record<string, JsonObject>> = {
  "query.offset_or_page_token": { offset: 0, page_token: "token" },
};

/** What stands at the bounds of a place's rules, on both sides. Empty for a place without rules. */
export function probesOf(place: Place): Probe[] {
  switch (place.kind) {
    case "message":
      return place.rules.cel.map(({ id }) => {
        const value = MESSAGE_RULES[id];
        if (!value) throw new Error(`no request is known that breaks ${id}: add one`);
        return { label: "both", value, rule: id };
      });
    case "oneof":
      return place.isRequired ? [{ label: "unset", value: undefined, rule: "required" }] : [];
    default:
      refuseUnknownRules(place.path, place.rules);
      return [...probesOfPresence(place.rules), ...probesOfType(place)];
  }
}

function refuseUnknownRules(path: string, rules: FieldRules): void {
  const names = Object.entries(toJson(FieldRulesSchema, rules) as JsonObject).flatMap(([name, value]) =>
    typeof value === "object" && value !== null ? Object.keys(value).map((rule) => `${name}.${rule}`) : name,
  );
  const unknown = names.filter((name) => !KNOWN_RULES.includes(name));
  if (unknown.length > 0) throw new Error(`${path}: nothing tries ${unknown.join(", ")}: add probes`);
}

function probesOfPresence({ required }: FieldRules): Probe[] {
  return required ? [{ label: "unset", value: undefined, rule: "required" }] : [];
}

function probesOfType(place: Extract<Place, { kind: "field" | "item" }>): Probe[] {
  const { type, required } = place.rules;
  switch (type.case) {
    case "string":
      return probesOfText(type.value, required);
    case "int32":
    case "int64":
      return probesOfInteger(type.case, type.value);
    case "repeated":
      return probesOfList(place, type.value);
    default:
      return [];
  }
}

function probesOfText(rules: StringRules, isRequired: boolean): Probe[] {
  const facts = rules.pattern === "" ? undefined : factsOf(rules.pattern);
  const text = facts?.text ?? ((length) => "x".repeat(length));
  const isAscii = facts?.isAscii ?? false;
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
    accept(`${most} characters of 4 bytes`, "😀".repeat(most));
    refuse("string.max_len", `${most + 1} characters of 4 bytes`, "😀".repeat(most + 1));
  }
  if (rules.maxBytes > 0n) {
    const most = Number(rules.maxBytes);
    accept(`${most - 1} bytes`, text(most - 1));
    accept(`${most} bytes`, text(most));
    refuse("string.max_bytes", `${most + 1} bytes`, text(most + 1));
    if (!isAscii) {
      accept(`${most} bytes of 4-byte characters`, "😀".repeat(most / 4));
      refuse("string.max_bytes", `${most + 1} bytes of 4-byte characters`, `${"😀".repeat(most / 4)}a`);
      refuse("string.max_bytes", `${most} 2-byte characters`, "ä".repeat(most));
    }
  }
  if (facts?.lengths) {
    const [least, most] = facts.lengths;
    if (least > 0) refuse("string.pattern", `${least - 1} characters`, text(least - 1));
    accept(`${least} characters`, text(least));
    accept(`${least + 1} characters`, text(least + 1));
    accept(`${most - 1} characters`, text(most - 1));
    accept(`${most} characters`, text(most));
    refuse("string.pattern", `${most + 1} characters`, text(most + 1));
  }
  for (const matching of facts?.matching ?? []) accept(JSON.stringify(matching), matching);
  for (const foreign of facts?.foreign ?? []) refuse("string.pattern", JSON.stringify(foreign), foreign);
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

function probesOfInteger(
  type: "int32" | "int64",
  { greaterThan, lessThan }: Int32Rules | Int64Rules,
): Probe[] {
  const least = greaterThan.case === "gte" ? BigInt(greaterThan.value) : undefined;
  const most = lessThan.case === "lte" ? BigInt(lessThan.value) : undefined;
  const bits = type === "int32" ? 31n : 63n;
  // A rule of two bounds has a name for both.
  const rule = `${type}.${least === undefined ? "lte" : most === undefined ? "gte" : "gte_lte"}`;
  const isWithin = (value: bigint) =>
    (least === undefined || value >= least) && (most === undefined || value <= most);
  return [least, most]
    .flatMap((bound) => (bound === undefined ? [] : [bound - 1n, bound, bound + 1n]))
    .concat(-(2n ** bits), 2n ** bits - 1n)
    .map((value) => ({ label: `${value}`, value: `${value}`, ...(isWithin(value) ? {} : { rule }) }));
}

function probesOfList({ field }: Extract<Place, { kind: "field" | "item" }>, rules: RepeatedRules): Probe[] {
  const items = (count: number) => Array.from({ length: count }, (_, index) => sampleItem(field, index));
  const probe = (count: number, rule?: string): Probe => ({
    label: `${count} items`,
    value: items(count),
    ...(rule && { rule }),
  });
  const least = Number(rules.minItems);
  const most = Number(rules.maxItems);
  return [
    ...(least > 0 ? [probe(least - 1, "repeated.min_items"), probe(least)] : [probe(0)]),
    ...(most > 0 ? [probe(most - 1), probe(most), probe(most + 1, "repeated.max_items")] : []),
    ...(rules.unique ? [{ label: "one twice", value: ["a", "b", "a"], rule: "repeated.unique" }] : []),
    ...(rules.unique ? [{ label: "in two cases", value: ["a", "A"] }] : []),
  ];
}
