import { type DescEnum, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import type { FieldRules } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { passOfJson } from "./json.ts";
import { passOfEnum, passOfInt32, passOfInt64 } from "./numbers.ts";
import type { Pass } from "./pass.ts";
import type { Context } from "./rules.ts";
import { passOfText } from "./text.ts";

/** What a field, an item of a list or a value of a map holds. */
export type Kind = {
  readonly scalar?: ScalarType | undefined;
  readonly enum?: DescEnum | undefined;
  readonly message?: DescMessage | undefined;
};

/** Of one value, by the rules for its type. */
export function passOfOne(
  { scalar, enum: descEnum, message }: Kind,
  type: FieldRules["type"],
  context: Context,
): Pass | undefined {
  switch (type.case) {
    case undefined:
      if (message) return passOfJson(message) ?? context.passOfMessage(message);
      return scalar === ScalarType.STRING ? passOfText(undefined, context) : undefined;
    case "string":
      if (scalar === ScalarType.STRING) return passOfText(type.value, context);
      break;
    case "int32":
      if (scalar === ScalarType.INT32) return passOfInt32(type.value, context);
      break;
    case "int64":
      if (scalar === ScalarType.INT64) return passOfInt64(type.value, context);
      break;
    case "enum":
      if (descEnum) return passOfEnum(descEnum, type.value, context);
  }
  return context.unknown(type.case);
}
