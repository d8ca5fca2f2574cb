import type { DescField, JsonObject, JsonValue } from "@bufbuild/protobuf";
import { OrderStatus } from "../../gen/clientele/v1/order_pb.ts";
import type { Place } from "./places.ts";
import type { Probe } from "./probes.ts";
import { requestWith, sampleList } from "./samples.ts";

/** Values by what they are about. Of a message, the fields that matter. */
type Tries = {
  readonly broken: Readonly<Record<string, JsonValue>>;
  readonly kept: Readonly<Record<string, JsonValue>>;
};

const { PENDING, PLACED, CANCELLED } = OrderStatus;
const PLACED_AT = { placed_at: "2026-02-28T14:30:00Z" };

const FIELDS_NEED_TYPE: Tries = {
  broken: { "fields alone": { fields: { tier: "gold" } }, "no fields alone": { fields: {} } },
  kept: {
    neither: {},
    both: { type: { key: "missing" }, fields: {} },
    "a type": { type: { key: "missing" } },
  },
};

/** Every rule in CEL of the API. One that is not here fails the tests. */
const RULES: Readonly<Record<string, (field: DescField | undefined) => Tries>> = {
  "query.offset_or_page_token": () => ({
    broken: { both: { offset: 0, page_token: "token" } },
    kept: { "an offset": { offset: 0 }, "a page token": { page_token: "token" } },
  }),
  "set_custom_type.fields_need_type": () => FIELDS_NEED_TYPE,
  "set_address_custom_type.fields_need_type": () => FIELDS_NEED_TYPE,
  "order.placed_at": () => ({
    broken: { "placed, without": { status: PLACED }, "pending, with": { status: PENDING, ...PLACED_AT } },
    kept: {
      "placed, with": { status: PLACED, ...PLACED_AT },
      "pending, without": { status: PENDING },
      "cancelled, with": { status: CANCELLED, ...PLACED_AT },
      "cancelled, without": { status: CANCELLED },
    },
  }),
  "field_definition.input_hint": () => ({
    broken: {
      "with a boolean": { type: { boolean: {} }, input_hint: 1 },
      "with a number": { type: { number: {} }, input_hint: 2 },
      "with an enum": { type: { enum: { values: [{ key: "a", label: "A" }] } }, input_hint: 1 },
      "with a set of dates": { type: setOf("date"), input_hint: 1 },
    },
    kept: {
      "with a string": { type: { string: {} }, input_hint: 1 },
      "with a localized string": { type: { localized_string: {} }, input_hint: 2 },
      "with a set of strings": { type: setOf("string"), input_hint: 2 },
      "with a set of localized strings": { type: setOf("localized_string"), input_hint: 1 },
      "unspecified, with a boolean": { type: { boolean: {} }, input_hint: 0 },
    },
  }),
  "field_definitions.unique_names": (field) => uniqueBy("name", field),
  "enum.unique_keys": (field) => uniqueBy("key", field),
  "set.no_set_of_sets": () => ({
    broken: { "a set": setOf("string"), "a set of sets": { set: { element_type: setOf("string") } } },
    kept: { text: { string: {} } },
  }),
};

/** Tries every rule in CEL of a place, on both sides. */
export function celProbesOf(place: Place): Probe[] {
  if (place.kind === "oneof") return [];
  return place.rules.cel.flatMap(({ id }) => {
    const triesOf = RULES[id];
    if (!triesOf) throw new Error(`nothing is known that breaks ${id}: add it`);
    const { broken, kept } = triesOf(place.kind === "message" ? undefined : place.field);
    return [...probes(place, broken, id), ...probes(place, kept)];
  });
}

function probes(place: Place, values: Tries["kept"], rule?: string): Probe[] {
  const whole = (value: JsonValue) =>
    place.kind === "message" ? { ...requestWith(place.message), ...(value as JsonObject) } : value;
  return Object.entries(values).map(([label, value]) => ({
    label: `${rule ?? "keeps CEL"}: ${label}`,
    value: whole(value),
    ...(rule && { rule }),
  }));
}

function setOf(element: string): JsonObject {
  return { set: { element_type: { [element]: {} } } };
}

/** Lists whose items have a name that no other may have. */
function uniqueBy(member: string, field: DescField | undefined): Tries {
  if (!field) throw new Error(`no list of what is unique by its ${member}`);
  const named = (...names: readonly string[]) =>
    sampleList(field, names.length).map((item, index) => ({
      ...(item as JsonObject),
      [member]: names[index] ?? "",
    }));
  return { broken: { "one twice": named("aa", "bb", "aa") }, kept: { "in two cases": named("aa", "aA") } };
}
