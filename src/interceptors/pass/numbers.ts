import type { DescEnum } from "@bufbuild/protobuf";
import {
  type EnumRules,
  EnumRulesSchema,
  type Int32Rules,
  Int32RulesSchema,
  type Int64Rules,
  Int64RulesSchema,
} from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import type { Pass } from "./pass.ts";
import { type Context, type Makers, passOfRules } from "./rules.ts";

export function passOfInt32(rules: Int32Rules, context: Context): Pass | undefined {
  return passOfRules(Int32RulesSchema, rules, BOUNDS, context);
}

export function passOfInt64(rules: Int64Rules, context: Context): Pass | undefined {
  return passOfRules(Int64RulesSchema, rules, BOUNDS, context);
}

export function passOfEnum(desc: DescEnum, rules: EnumRules, context: Context): Pass | undefined {
  const makers: Makers<EnumRules> = {
    definedOnly: ({ definedOnly }) =>
      definedOnly ? oneOf(desc.values.map(({ number }) => number)) : undefined,
    in: ({ in: allowed }) => oneOf(allowed),
  };
  return passOfRules(EnumRulesSchema, rules, makers, context);
}

function oneOf(numbers: readonly number[]): Pass {
  return (value) => numbers.includes(value as number);
}

// Bounds the wrong way round mean "outside of": what is within both is within neither, and never right here.
const BOUNDS: Makers<Int32Rules | Int64Rules> = {
  gte: ({ greaterThan: { value: least = 0 } }) => {
    return (value) => (value as number | bigint) >= least;
  },
  lte: ({ lessThan: { value: most = 0 } }) => {
    return (value) => (value as number | bigint) <= most;
  },
};
