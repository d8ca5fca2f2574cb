import { type DescEnum, type JsonObject, type JsonValue, toJson } from "@bufbuild/protobuf";
import {
  type EnumRules,
  type FieldRules,
  FieldRulesSchema,
  type Int32Rules,
  type Int64Rules,
  type MapRules,
  MessageRulesSchema,
  type RepeatedRules,
} from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { celProbesOf } from "./cel-probes.ts";
import { type FieldPlace, isTimestamp, type Place } from "./places.ts";
import { sampleList, sampleMap } from "./samples.ts";
import { probesOfText } from "./text-probes.ts";

/** A value to try at a place, and the rule that it breaks; none when it has to be accepted. */
export type Probe = {
  readonly label: string;
  readonly value: JsonValue | undefined;
  readonly rule?: string;
  /** Where in the value the rule is broken, as paths spell it. */
  readonly within?: string;
};

/** Every rule that the probes below know of; `celProbesOf` knows of those in CEL. */
const KNOWN_RULES = [
  "cel",
  "required",
  ...["minLen", "maxLen", "maxBytes", "pattern", "uuid"].map((rule) => `string.${rule}`),
  ...["gte", "lte"].flatMap((rule) => [`int32.${rule}`, `int64.${rule}`]),
  ...["in", "definedOnly"].map((rule) => `enum.${rule}`),
  ...["minItems", "maxItems", "unique", "items"].map((rule) => `repeated.${rule}`),
  ...["minPairs", "maxPairs", "keys", "values"].map((rule) => `map.${rule}`),
];

/** What stands at the bounds of a place's rules, on both sides. Empty for a place without rules. */
export function probesOf(place: Place): Probe[] {
  switch (place.kind) {
    case "message":
      refuseUnknownRules(place.path, toJson(MessageRulesSchema, place.rules) as JsonObject);
      return celProbesOf(place);
    case "oneof":
      return place.isRequired ? [{ label: "unset", value: undefined, rule: "required" }] : [];
    default:
      refuseUnknownRules(place.path, toJson(FieldRulesSchema, place.rules) as JsonObject);
      return [...probesOfPresence(place.rules), ...probesOfType(place), ...celProbesOf(place)];
  }
}

function refuseUnknownRules(path: string, rules: JsonObject): void {
  const names = Object.entries(rules).flatMap(([name, value]) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.keys(value).map((rule) => `${name}.${rule}`)
      : name,
  );
  const unknown = names.filter((name) => !KNOWN_RULES.includes(name));
  if (unknown.length > 0) throw new Error(`${path}: nothing tries ${unknown.join(", ")}: add probes`);
}

function probesOfPresence({ required }: FieldRules): Probe[] {
  return required ? [{ label: "unset", value: undefined, rule: "required" }] : [];
}

function probesOfType(place: FieldPlace): readonly Probe[] {
  const { type, required } = place.rules;
  if (isTimestamp(place.field)) return TIMES;
  switch (type.case) {
    case "string": {
      const probes = probesOfText(type.value, required);
      return place.kind === "keys" ? probes.map(asKey) : probes;
    }
    case "int32":
    case "int64":
      return probesOfInteger(type.case, type.value);
    case "enum":
      return probesOfEnum(place, type.value);
    case "repeated":
      return probesOfList(place, type.value);
    case "map":
      return probesOfMap(place, type.value);
    default:
      return [];
  }
}

/** Only binary requests can say what is beyond: customers.test.ts. */
const TIMES: readonly Probe[] = [
  { label: "the first moment", value: "0001-01-01T00:00:00Z" },
  { label: "the last moment", value: "9999-12-31T23:59:59.999999999Z" },
];

function asKey({ value, ...probe }: Probe): Probe {
  return { ...probe, value: { [`${value}`]: "text" }, within: `[${JSON.stringify(value)}]` };
}

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
    .map((value) => ({
      label: `${value}`,
      value: type === "int32" ? Number(value) : `${value}`,
      ...(isWithin(value) ? {} : { rule }),
    }));
}

function probesOfEnum({ field }: FieldPlace, rules: EnumRules): Probe[] {
  const { values } = field.enum as DescEnum;
  const numbers = values.map(({ number }) => number);
  const brokenBy = (value: number) => {
    if (rules.in.length > 0 && !rules.in.includes(value)) return { rule: "enum.in" };
    return rules.definedOnly && !numbers.includes(value) ? { rule: "enum.defined_only" } : {};
  };
  return [...numbers, Math.max(...numbers) + 1, -1, 2 ** 31 - 1, -(2 ** 31)].map((value) => ({
    label: `${value}`,
    value,
    ...brokenBy(value),
  }));
}

function probesOfList({ field }: FieldPlace, rules: RepeatedRules): Probe[] {
  const items = (count: number) => sampleList(field, count);
  const least = Number(rules.minItems);
  const isText = rules.items?.type.case === "string";
  return [
    ...probesOfSize("repeated", "items", least, Number(rules.maxItems), items),
    ...(rules.unique
      ? [{ label: "one twice", value: [...items(2), ...items(1)], rule: "repeated.unique" }]
      : []),
    ...(rules.unique && isText ? [{ label: "in two cases", value: ["aa", "aA"] }] : []),
  ];
}

function probesOfMap({ field }: FieldPlace, { minPairs, maxPairs }: MapRules): Probe[] {
  return probesOfSize("map", "pairs", Number(minPairs), Number(maxPairs), (size) => sampleMap(field, size));
}

function probesOfSize(
  type: "repeated" | "map",
  what: "items" | "pairs",
  least: number,
  most: number,
  ofSize: (size: number) => JsonValue,
): Probe[] {
  const probe = (size: number, rule?: string): Probe => ({
    label: `${size} ${what}`,
    value: ofSize(size),
    ...(rule && { rule: `${type}.${rule}_${what}` }),
  });
  return [
    ...(least > 0 ? [probe(least - 1, "min"), probe(least)] : [probe(0)]),
    ...(most > 0 ? [probe(most - 1), probe(most), probe(most + 1, "max")] : []),
  ];
}
