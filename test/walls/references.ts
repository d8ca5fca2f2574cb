import { randomUUID } from "node:crypto";
import type { DescMessage, DescMethodUnary, JsonObject, JsonValue } from "@bufbuild/protobuf";
import { isFreeJson, type Place, placesOf } from "../input/places.ts";
import { requestWith } from "../input/samples.ts";
import { type Content, CUSTOMERS, GROUPS, TYPE } from "./content.ts";

/** Something that a request can refer to, in words that fit one place of it. */
export type Reference = { readonly title: string; readonly value: JsonValue; readonly word: string };

/** A place of a method's requests where a reference can stand. */
export type ReferencePlace = {
  readonly method: DescMethodUnary;
  readonly place: Place;
  /** What is there in a project, and what is nowhere, in the same words but for one. */
  pairs(theirs: Content): readonly (readonly [theirs: Reference, nowhere: Reference])[];
};

/** Every one, read off the descriptors. */
export function referencePlaces(method: DescMethodUnary): ReferencePlace[] {
  return placesOf(method.input).flatMap((place) => {
    const pairs = pairsAt(place);
    return pairs ? [{ method, place, pairs }] : [];
  });
}

/** A request of `own`'s that breaks no rule, with the value at the place. */
export function requestAt(
  { method, place }: ReferencePlace,
  own: Content,
  value: JsonValue,
  version: string,
): JsonObject {
  const request = settle(
    method.input,
    requestWith(method.input, place.steps, value),
    own,
    value,
  ) as JsonObject;
  const isVersioned = method.input.fields.some(({ name }) => name === "expected_version");
  return { ...request, project_key: own.projectKey, ...(isVersioned && { expected_version: version }) };
}

/** The keys of what is about a method: what it refers to first. */
export function subjectOf({ input, parent }: DescMethodUnary): string {
  const message = input.fields.find(({ name }) => name === "ref")?.message;
  const keys = KEYS[message?.typeName ?? ""] ?? KEYS[BY_SERVICE[parent.name] ?? ""];
  return keys?.[0] ?? "";
}

const KEYS: Readonly<Record<string, readonly string[]>> = {
  "clientele.v1.CustomerRef": CUSTOMERS,
  "clientele.v1.CustomerGroupRef": GROUPS,
  "clientele.v1.CustomTypeRef": [TYPE],
};
const BY_SERVICE: Readonly<Record<string, string>> = {
  CustomerService: "clientele.v1.CustomerRef",
  CustomerGroupService: "clientele.v1.CustomerGroupRef",
  CustomTypeService: "clientele.v1.CustomTypeRef",
};

/** Which list of a resource holds the parts that a message of an action names by their id. */
const PARTS: Readonly<Record<string, readonly [key: string, list: string]>> = {
  Attachment: ["group-0", "attachments"],
  PaymentSource: ["customer-0", "paymentSources"],
  Subscription: ["customer-0", "subscriptions"],
  AddressRef: ["customer-0", "addresses"],
};

function partOf({ name }: DescMessage): readonly [key: string, list: string] | undefined {
  return Object.entries(PARTS).find(([part]) => name.endsWith(part))?.[1];
}

function pairsAt(place: Place): ReferencePlace["pairs"] | undefined {
  if (place.kind === "message") {
    const keys = KEYS[place.message.typeName];
    if (keys) return (theirs) => refPairs(theirs, keys[0] ?? "", keys === CUSTOMERS);
    const part = partOf(place.message);
    if (part && place.message.name.endsWith("Ref"))
      return (theirs) => [idPair((id) => ({ id }), theirs.partId(...part))];
    return undefined;
  }
  if (place.kind !== "field") return undefined;
  const { field, rules } = place;
  if (isFreeJson(field) && ["fields", "value"].includes(field.name)) {
    const whole = (reference: JsonObject, name: string): JsonObject =>
      field.name === "fields" ? { [name]: reference } : reference;
    return (theirs) => [
      idPair((id) => whole({ typeId: "customer-group", id }, "club"), theirs.id("group-1")),
    ];
  }
  const isId = rules.type.case === "string" && rules.type.value.wellKnown.case === "uuid";
  const part = isId ? partOf(field.parent) : undefined;
  if (!isId || field.parent.name.endsWith("Ref")) return undefined;
  if (!part) throw new Error(`${place.path} is the id of nothing that is known: add it`);
  return (theirs) => [idPair((id) => id, theirs.partId(...part))];
}

function refPairs(theirs: Content, key: string, hasEmail: boolean) {
  const nowhere = (say: (word: string) => JsonValue, title: string, there: string, word: string) =>
    [
      { title, value: say(there), word: there },
      { title, value: say(word), word },
    ] as const;
  return [
    idPair((id) => ({ id }), theirs.id(key)),
    idPair((id) => ({ id }), theirs.id(key).toUpperCase()),
    nowhere((word) => ({ key: word }), "key", `${key}-theirs`, `${key}-nobody`),
    ...(hasEmail
      ? [nowhere((email) => ({ email }), "email", "theirs@shop.example", "nobody@shop.example")]
      : []),
  ];
}

function idPair(say: (id: string) => JsonValue, id: string): readonly [Reference, Reference] {
  const other = id === id.toUpperCase() ? randomUUID().toUpperCase() : randomUUID();
  return [
    { title: "id", value: say(id), word: id },
    { title: "id", value: say(other), word: other },
  ];
}

/** The request with what is `own` wherever it refers to something, but for `value`. */
function settle(message: DescMessage, json: JsonValue, own: Content, value: JsonValue): JsonValue {
  if (json === value) return json;
  const keys = KEYS[message.typeName];
  if (keys) return { id: own.id(keys[0] ?? "") };
  const part = partOf(message);
  if (part && message.name.endsWith("Ref")) return { id: own.partId(...part) };
  const settled: Record<string, JsonValue> = { ...(json as JsonObject) };
  for (const field of message.fields) {
    const inner = settled[field.name];
    if (inner === undefined) continue;
    if (field.message && !isFreeJson(field) && field.fieldKind !== "map" && typeof inner === "object") {
      const within = field.message;
      settled[field.name] = Array.isArray(inner)
        ? inner.map((item) => settle(within, item, own, value))
        : settle(within, inner, own, value);
    } else if (field.name === "id" && part && inner !== value) settled[field.name] = own.partId(...part);
  }
  // The field that references stand in.
  if (/^Set(?:Address)?CustomField$/.test(message.name)) settled.name = "club";
  return settled;
}
