import { type DescField, type DescOneof, getOption, ScalarType } from "@bufbuild/protobuf";
import { FeatureSet_FieldPresence as Presence } from "@bufbuild/protobuf/wkt";
import {
  type FieldRules,
  FieldRulesSchema,
  field as fieldOption,
  OneofRulesSchema,
  oneof as oneofOption,
} from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { passOfCel } from "./known-cel.ts";
import { passOfList, passOfMap } from "./many.ts";
import { passOfOne } from "./one.ts";
import { all, type Pass } from "./pass.ts";
import { type Context, type Makers, passOfRules } from "./rules.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Of a message: its field keeps the rules of the field. */
export function passOfField(field: DescField, context: Context): Pass | undefined {
  const { localName, presence } = field;
  const { required } = getOption(field, fieldOption);
  const pass = passOfValue(field, context);
  if (presence === Presence.IMPLICIT) {
    const whole = all([required ? passOfRequired(field, context) : undefined, pass]);
    return whole && ((message) => whole((message as Fields)[localName]));
  }
  if (!required && !pass) return undefined;
  // What isn't set breaks no rule but that it has to be.
  return (message) => {
    const value = (message as Fields)[localName];
    return value === undefined ? !required : pass === undefined || pass(value);
  };
}

/** Of a message: the chosen member of its oneof keeps the rules of that. */
export function passOfOneof(oneof: DescOneof, context: Context): Pass | undefined {
  const { localName } = oneof;
  const rules = getOption(oneof, oneofOption);
  const passes = new Map(oneof.fields.map((field) => [field.localName, passOfChosen(field, context)]));
  const chosen: Pass = (message) => {
    const { case: name, value } = (message as Readonly<Record<string, Chosen>>)[localName] ?? NONE;
    if (name === undefined) return !rules.required;
    const pass = passes.get(name);
    return pass === undefined || pass(value);
  };
  return all([passOfRules(OneofRulesSchema, rules, { required: () => undefined }, context), chosen]);
}

type Chosen = { readonly case: string | undefined; readonly value?: unknown };
const NONE: Chosen = { case: undefined };

function passOfChosen(field: DescField, context: Context): Pass | undefined {
  const { required } = getOption(field, fieldOption);
  return required ? context.unknown("required in a oneof") : passOfValue(field, context);
}

/** Of what a field holds, whether it must be set or not. */
function passOfValue(field: DescField, context: Context): Pass | undefined {
  const rules = getOption(field, fieldOption);
  const makers: Makers<FieldRules> = {
    required: () => undefined,
    cel: ({ cel }) => all(cel.map(({ id, expression }) => passOfCel(expression) ?? context.unknown(id))),
    // Below, where fields without rules of their own are known too.
    ...(rules.type.case && { [rules.type.case]: () => undefined }),
  };
  return all([passOfType(field, rules.type, context), passOfRules(FieldRulesSchema, rules, makers, context)]);
}

function passOfType(field: DescField, type: FieldRules["type"], context: Context): Pass | undefined {
  switch (field.fieldKind) {
    case "list":
      return passOfList(field, type, context);
    case "map":
      return passOfMap(field, type, context);
    default:
      return passOfOne(field, type, context);
  }
}

function passOfRequired({ fieldKind, scalar }: DescField, { unknown }: Context): Pass {
  const isText = fieldKind === "scalar" && scalar === ScalarType.STRING;
  return isText ? (text) => text !== "" : unknown("required");
}
