import { type DescField, type DescMessage, type DescOneof, getOption } from "@bufbuild/protobuf";
import {
  type FieldRules,
  field as fieldOption,
  type MessageRules,
  message as messageOption,
  oneof as oneofOption,
} from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";

/** One step from a message to a member of it; of a list, to one item. */
export type Step = { readonly member: DescField | DescOneof; readonly index?: number };

/** Where a request can break a rule, and the rules there. */
export type Place = {
  /** As errors spell it. */
  readonly path: string;
  readonly steps: readonly Step[];
} & (
  | { readonly kind: "field" | "item"; readonly field: DescField; readonly rules: FieldRules }
  | { readonly kind: "oneof"; readonly oneof: DescOneof; readonly isRequired: boolean }
  | { readonly kind: "message"; readonly rules: MessageRules }
);

/** Every place of a request, down to the items of lists and the fields of every kind of action. */
export function placesOf(message: DescMessage, steps: readonly Step[] = []): Place[] {
  const here: Place = { kind: "message", ...at(steps), rules: getOption(message, messageOption) };
  return [here, ...message.members.flatMap((member) => placesOfMember(member, steps))];
}

export function rulesOf(field: DescField): FieldRules {
  return getOption(field, fieldOption);
}

export function isRequired(oneof: DescOneof): boolean {
  return getOption(oneof, oneofOption).required;
}

/** Free JSON has rules of its own, and no end. */
export function isFreeJson(field: DescField): boolean {
  return field.message?.typeName === "google.protobuf.Struct";
}

function placesOfMember(member: DescField | DescOneof, steps: readonly Step[]): Place[] {
  const path = at([...steps, { member }]);
  if (member.kind === "oneof") {
    const here: Place = { kind: "oneof", ...path, oneof: member, isRequired: isRequired(member) };
    return [here, ...member.fields.flatMap((field) => placesOfMember(field, steps))];
  }
  const rules = rulesOf(member);
  const here: Place = { kind: "field", ...path, field: member, rules };
  if (member.fieldKind !== "list") return [here, ...placesWithin(member, path.steps)];
  // The second item, so that an index is seen to be the item's own.
  const item = at([...steps, { member, index: 1 }]);
  const itemRules = rules.type.case === "repeated" ? rules.type.value.items : undefined;
  const items: Place[] = itemRules ? [{ kind: "item", ...item, field: member, rules: itemRules }] : [];
  return [here, ...items, ...placesWithin(member, item.steps)];
}

function placesWithin(field: DescField, steps: readonly Step[]): Place[] {
  return field.message && !isFreeJson(field) ? placesOf(field.message, steps) : [];
}

function at(steps: readonly Step[]) {
  const names = steps.map(({ member, index }) => member.name + (index === undefined ? "" : `[${index}]`));
  return { path: names.join("."), steps };
}
