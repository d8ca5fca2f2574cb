import { type DescField, getOption } from "@bufbuild/protobuf";
import type { Path } from "@bufbuild/protobuf/reflect";
import { field as fieldOption } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";

/**
 * The sentence for a value that an enum does not have, or not here: the names of those that it may have,
 * where protovalidate gives numbers or none.
 *
 * @param path of a field that is an enum, or of an item of a list of them.
 */
export function enumInWords(path: Path): string {
  const field = path.findLast((part): part is DescField => part.kind === "field");
  if (field?.enum === undefined) throw new Error("unreachable: rules of enums are at enums");
  const allowed = allowedNumbers(field);
  const names = field.enum.values
    .filter(({ number }) => allowed.length === 0 || allowed.includes(number))
    .map(({ name }) => name);
  return `must be ${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}

/** Empty where all are allowed. */
function allowedNumbers(field: DescField): readonly number[] {
  const { type } = getOption(field, fieldOption);
  const own = type.case === "repeated" ? type.value.items?.type : type;
  return own?.case === "enum" ? own.value.in : [];
}
