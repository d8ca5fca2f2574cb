import { randomUUID } from "node:crypto";
import type { DescField, DescMessage, DescOneof, JsonObject, JsonValue } from "@bufbuild/protobuf";
import { FeatureSet_FieldPresence as Presence } from "@bufbuild/protobuf/wkt";
import type { FieldRules, Int32Rules } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { OrderStatus } from "../../gen/clientele/v1/order_pb.ts";
import { factsOf, sampleKey } from "./patterns.ts";
import { isRequired, isTimestamp, rulesOf, type Step } from "./places.ts";

const TIME = "2026-02-28T14:30:00Z";

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
  const companions = COMPANIONS[`${message.typeName}.${steps[0]?.member.name}`]?.(value) ?? {};
  for (const member of message.members) {
    const field = member.kind === "oneof" ? chosen(member, steps[0]) : member;
    if (!field) continue;
    const isOnTheWay = steps[0]?.member === field;
    const entry = isOnTheWay ? alongSteps(field, steps, value) : isNeeded(field) ? sample(field) : undefined;
    if (entry !== undefined) json[field.name] = entry;
  }
  return { ...json, ...companions };
}

/** Members of oneofs, where not every rule that spans fields lets the first one be. */
const FITTING: Readonly<Record<string, string>> = { "clientele.v1.FieldType": "string" };

/** The member of a oneof that the step goes through; else, where one is required, one that fits. */
function chosen(oneof: DescOneof, step: Step | undefined): DescField | undefined {
  if (step?.member === oneof) return undefined;
  const onTheWay = oneof.fields.find((field) => field === step?.member);
  if (onTheWay || !isRequired(oneof)) return onTheWay;
  const fitting = FITTING[oneof.parent.typeName];
  return oneof.fields.find(({ name }) => name === fitting) ?? oneof.fields[0];
}

const withType = () => ({ type: { key: "type" } });

/** Fields that can't be as they are without others, by rules that span fields. */
const COMPANIONS: Readonly<Record<string, (value: JsonValue | undefined) => JsonObject>> = {
  "clientele.v1.CustomerGroupUpdateAction.SetCustomType.fields": withType,
  "clientele.v1.CustomerUpdateAction.SetCustomType.fields": withType,
  "clientele.v1.CustomerUpdateAction.SetAddressCustomType.fields": withType,
  "clientele.v1.OrderDraft.status": (status) => (status === OrderStatus.PLACED ? { placed_at: TIME } : {}),
  "clientele.v1.OrderDraft.placed_at": () => ({ status: OrderStatus.PLACED }),
};

function alongSteps(
  field: DescField,
  [step, ...rest]: readonly Step[],
  value: JsonValue | undefined,
): JsonValue | undefined {
  const inner = field.message && rest.length > 0 ? requestWith(field.message, rest, value) : value;
  if (step?.key !== undefined)
    return inner === undefined ? {} : { ...sampleMap(field, 1), [step.key]: inner };
  if (step?.index === undefined) return inner;
  // The list may have to hold each once.
  const before = sampleList(field, step.index + 1)
    .filter((item) => item !== inner)
    .slice(0, step.index);
  return inner === undefined ? before : [...before, inner];
}

/** Whether a request without the field breaks a rule. */
function isNeeded(field: DescField): boolean {
  const { required, type } = rulesOf(field);
  if (required || field.oneof) return true;
  if (field.presence !== Presence.IMPLICIT) return false;
  switch (type.case) {
    case "string": {
      const { wellKnown, minLen, pattern } = type.value;
      return wellKnown.case === "uuid" || minLen > 0n || !new RegExp(pattern, "u").test("");
    }
    case "int64":
      return type.value.greaterThan.case === "gte" && type.value.greaterThan.value > 0n;
    case "enum":
      return type.value.in.length > 0 && !type.value.in.includes(0);
    case "map":
      return type.value.minPairs > 0n;
    default:
      return type.case === "repeated" && type.value.minItems > 0n;
  }
}

function sample(field: DescField): JsonValue {
  if (field.fieldKind === "list") return sampleList(field, 1);
  if (field.fieldKind === "map") return sampleMap(field, 1);
  if (isTimestamp(field)) return TIME;
  return field.message ? requestWith(field.message) : sampleScalar(rulesOf(field));
}

/** Items that differ, as far as their rules let them. */
export function sampleList(field: DescField, count: number): JsonValue[] {
  const { type } = rulesOf(field);
  const items = type.case === "repeated" ? type.value.items : undefined;
  return Array.from({ length: count }, (_, index) => {
    if (field.message) return requestWith(field.message);
    if (items?.type.case === "enum") return items.type.value.in[index % items.type.value.in.length] ?? 0;
    if (items?.type.case === "int32") return sampleInteger(items.type.value, index);
    return factsOf(items?.type.case === "string" ? items.type.value.pattern : "").sample(index);
  });
}

/** From 0 on, as far as it goes; then the same again. */
function sampleInteger({ lessThan }: Int32Rules, index: number): number {
  return lessThan.case === "lte" ? index % (lessThan.value + 1) : index;
}

/** Entries whose keys differ. */
export function sampleMap(field: DescField, size: number): JsonObject {
  const { type } = rulesOf(field);
  const keys = type.case === "map" ? type.value.keys : undefined;
  if (!keys) throw new Error(`unreachable: ${field.name} is a map, and its keys have rules`);
  return Object.fromEntries(Array.from({ length: size }, (_, index) => [sampleKey(keys, index), "text"]));
}

let names = 0;

/** Texts differ from call to call, since those with a pattern may have to be unique. */
function sampleScalar({ type }: FieldRules): JsonValue {
  if (type.case === "int64" && type.value.greaterThan.case === "gte")
    return `${type.value.greaterThan.value}`;
  if (type.case === "enum") return type.value.in[0] ?? 0;
  if (type.case !== "string") throw new Error(`no sample is known of ${type.case}: add one`);
  if (type.value.wellKnown.case === "uuid") return randomUUID();
  names += 1;
  return factsOf(type.value.pattern).sample(names);
}
