import { type DescField, ScalarType } from "@bufbuild/protobuf";
import {
  type FieldRules,
  FieldRulesSchema,
  type MapRules,
  MapRulesSchema,
  type RepeatedRules,
  RepeatedRulesSchema,
} from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { type Kind, passOfOne } from "./one.ts";
import { all, type Pass } from "./pass.ts";
import { type Context, type Makers, passOfRules } from "./rules.ts";

type Type = FieldRules["type"];

/** Of a list, and of each item. */
export function passOfList(
  field: DescField & { fieldKind: "list" },
  type: Type,
  context: Context,
): Pass | undefined {
  if (type.case !== undefined && type.case !== "repeated") return context.unknown(type.case);
  const makers: Makers<RepeatedRules> = {
    minItems: ({ minItems }) => ofItems(atLeast(minItems)),
    maxItems: ({ maxItems }) => ofItems(atMost(maxItems)),
    unique({ unique }) {
      if (!unique) return undefined;
      // Others are equal when what they hold is.
      return field.enum || COMPARABLE.includes(field.scalar) ? isEachOnce : context.unknown("unique");
    },
    items: () => undefined,
  };
  const item = passOfPart(field, type.value?.items, context);
  return all([
    type.value && passOfRules(RepeatedRulesSchema, type.value, makers, context),
    item && ofItems((items) => items.every(item)),
  ]);
}

const COMPARABLE: readonly (ScalarType | undefined)[] = [ScalarType.STRING, ScalarType.INT32];

const isEachOnce = ofItems((items) => items.length < 2 || new Set(items).size === items.length);

/** Of a map, and of each key and value. Keys are text in every map of the API. */
export function passOfMap(
  field: DescField & { fieldKind: "map" },
  type: Type,
  context: Context,
): Pass | undefined {
  if (field.mapKey !== ScalarType.STRING) return context.unknown("keys that are no text");
  if (type.case !== undefined && type.case !== "map") return context.unknown(type.case);
  const makers: Makers<MapRules> = {
    minPairs: ({ minPairs }) => ofKeys(atLeast(minPairs)),
    maxPairs: ({ maxPairs }) => ofKeys(atMost(maxPairs)),
    keys: () => undefined,
    values: () => undefined,
  };
  const key = passOfPart({ scalar: field.mapKey }, type.value?.keys, context);
  const value = passOfPart(field, type.value?.values, context);
  return all([
    type.value && passOfRules(MapRulesSchema, type.value, makers, context),
    key && ofKeys((keys) => keys.every(key)),
    value && ((map) => Object.values(map as object).every(value)),
  ]);
}

/** Of an item, a key or a value: besides the rules for its type, none is known. */
function passOfPart(kind: Kind, rules: FieldRules | undefined, context: Context): Pass | undefined {
  const one = passOfOne(kind, rules?.type ?? { case: undefined }, context);
  if (!rules) return one;
  const makers: Makers<FieldRules> = rules.type.case ? { [rules.type.case]: () => one } : {};
  return passOfRules(FieldRulesSchema, rules, makers, context) ?? one;
}

type Sized = { readonly length: number };

function atLeast(bound: bigint) {
  const least = Number(bound);
  return ({ length }: Sized) => length >= least;
}

function atMost(bound: bigint) {
  const most = Number(bound);
  return ({ length }: Sized) => length <= most;
}

function ofItems(test: (items: readonly unknown[]) => boolean): Pass {
  return test as Pass;
}

function ofKeys(test: (keys: readonly string[]) => boolean): Pass {
  return (map) => test(Object.keys(map as object));
}
