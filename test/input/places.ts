import { type DescField, type DescMessage, type DescOneof, getOption } from "@bufbuild/protobuf";
import {
  type FieldRules,
  field as fieldOption,
  type MessageRules,
  message as messageOption,
  oneof as oneofOption,
} from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { sampleKey } from "./patterns.ts";

/** One step from a message to a member of it; of a list, to one item; of a map, to one entry. */
export type Step = {
  readonly member: DescField | DescOneof;
  readonly index?: number;
  readonly key?: string;
};

/** Where a request can break a rule, and the rules there. */
export type Place = {
  /** As errors spell it. */
  readonly path: string;
  readonly steps: readonly Step[];
} & (
  | FieldPlace
  | { readonly kind: "oneof"; readonly isRequired: boolean }
  | { readonly kind: "message"; readonly message: DescMessage; readonly rules: MessageRules }
);

/** A field, an item of a list, a value of a map; or the keys of a map, which are at the map itself. */
export type FieldPlace = {
  readonly kind: "field" | "item" | "value" | "keys";
  readonly field: DescField;
  readonly rules: FieldRules;
};

/**
 * Every place of a request, down to the items of lists and the fields of every kind of action. Where a
 * type holds itself, what is within it again is not walked again.
 */
export function placesOf(
  message: DescMessage,
  steps: readonly Step[] = [],
  outer: readonly DescMessage[] = [],
): Place[] {
  const here: Place = { kind: "message", ...at(steps), message, rules: getOption(message, messageOption) };
  const within = [...outer, message];
  return [here, ...message.members.flatMap((member) => placesOfMember(member, steps, within))];
}

export function rulesOf(field: DescField): FieldRules {
  return getOption(field, fieldOption);
}

export function isRequired(oneof: DescOneof): boolean {
  return getOption(oneof, oneofOption).required;
}

/** Free JSON has rules of its own, and no end. */
export function isFreeJson(field: DescField): boolean {
  return ["google.protobuf.Struct", "google.protobuf.Value"].includes(field.message?.typeName ?? "");
}

/** A time is said in one text. */
export function isTimestamp(field: DescField): boolean {
  return field.message?.typeName === "google.protobuf.Timestamp";
}

function placesOfMember(
  member: DescField | DescOneof,
  steps: readonly Step[],
  outer: readonly DescMessage[],
): Place[] {
  const path = at([...steps, { member }]);
  if (member.kind === "oneof") {
    const here: Place = { kind: "oneof", ...path, isRequired: isRequired(member) };
    return [here, ...member.fields.flatMap((field) => placesOfMember(field, steps, outer))];
  }
  const rules = rulesOf(member);
  const here: Place = { kind: "field", ...path, field: member, rules };
  const { type } = rules;
  switch (member.fieldKind) {
    case "map": {
      if (member.message) throw new Error(`${path.path} is a map of messages: nothing tries it`);
      const { keys, values } = type.case === "map" ? type.value : {};
      if (!keys || !values) throw new Error(`${path.path} has keys or values without rules`);
      // The second entry, so that a key is seen to be the entry's own.
      const entry = at([...steps, { member, key: sampleKey(keys, 1) }]);
      return [
        here,
        { kind: "keys", ...path, field: member, rules: keys },
        { kind: "value", ...entry, field: member, rules: values },
      ];
    }
    case "list": {
      // The second item, so that an index is seen to be the item's own.
      const item = at([...steps, { member, index: 1 }]);
      const itemRules = type.case === "repeated" ? type.value.items : undefined;
      const items: Place[] = itemRules ? [{ kind: "item", ...item, field: member, rules: itemRules }] : [];
      return [here, ...items, ...placesWithin(member, item.steps, outer)];
    }
    default:
      return [here, ...placesWithin(member, path.steps, outer)];
  }
}

function placesWithin(field: DescField, steps: readonly Step[], outer: readonly DescMessage[]): Place[] {
  const { message } = field;
  if (!message || isFreeJson(field) || isTimestamp(field) || outer.includes(message)) return [];
  return placesOf(message, steps, outer);
}

function at(steps: readonly Step[]) {
  const names = steps.map(({ member, index, key }) => {
    if (index !== undefined) return `${member.name}[${index}]`;
    return key === undefined ? member.name : `${member.name}[${JSON.stringify(key)}]`;
  });
  return { path: names.join("."), steps };
}
