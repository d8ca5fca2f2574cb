import { customValues } from "./custom-field-rules.ts";
import { badRequest, failureStory, fieldInvalid } from "./failure.ts";
import { unlike } from "./field-rules.ts";
import { type Action, byId, newGroup, PROJECT, update } from "./groups.ts";
import type { Refusal } from "./obstacles.ts";
import type { Callers } from "./services.ts";
import { custom, groupReference, setField } from "./types.ts";

const FIELD = "^[A-Za-z0-9_-]{2,36}$";
const required = (name: string) => `the custom field "${name}" is required`;
const EXPAND = 'must be "custom.type" or "custom.fields.<name>"';

const expansions: readonly [expand: string[], field: string, rule: string, description: string][] = [
  [["custom"], "expand[0]", "expand.path", EXPAND],
  [["custom.type", "custom.fields.parent.custom.type"], "expand[1]", "expand.path", EXPAND],
  [["custom.fields.a"], "expand[0]", "expand.path", EXPAND],
  [["custom.fields.peers[0]"], "expand[0]", "expand.path", EXPAND],
  [[`custom.fields.${"a".repeat(115)}`], "expand[0]", "string.max_bytes", "must be at most 128 bytes"],
  [
    Array.from({ length: 21 }, () => "custom.type"),
    "expand",
    "repeated.max_items",
    "must contain no more than 20 item(s)",
  ],
];

/** By which RPCs a request is to be refused for its `expand`. */
const expanding = {
  get: ({ groups }: Callers, id: string, expand: string[]) =>
    groups.getCustomerGroup({ projectKey: PROJECT, ref: byId(id), expand }),
  query: ({ groups }: Callers, _: string, expand: string[]) =>
    groups.queryCustomerGroups({ projectKey: PROJECT, limit: 0, expand }),
  update: ({ groups }: Callers, id: string, expand: string[]) =>
    groups.updateCustomerGroup({ projectKey: PROJECT, ref: byId(id), expectedVersion: 1n, expand }),
};

export const customValueRefusals: readonly Refusal[] = [
  ...customValues.map(
    ([name, value, at, rule, description]): Refusal => ({
      title: `a custom field "${name}" with ${JSON.stringify(value)}`,
      call: ({ groups }, { type }) => newGroup(groups, { custom: custom(type, { [name]: value }) }),
      says: () => fieldInvalid(`draft.custom.fields.${name}${at}`, `custom_field.${rule}`, description),
    }),
  ),
  {
    title: "a value by set_custom_field that the field doesn't take",
    call: ({ groups }, { typed }) =>
      update(groups, typed, [setField("tier", "gold"), setField("tags", ["", ""])]),
    says: () =>
      fieldInvalid("actions[1].set_custom_field.value[1]", "custom_field.unique", "is in the set already"),
  },
  {
    title: "a value by set_custom_type that the field doesn't take",
    call: ({ groups }, { group, type }) => update(groups, group, [setType(custom(type, { score: true }))]),
    says: () =>
      fieldInvalid("actions[0].set_custom_type.fields.score", "custom_field.number", "must be a number"),
  },
  {
    title: "a field that the type hasn't, by any way to say it",
    call: ({ groups }, { type }) => newGroup(groups, { custom: custom(type, { constructor: null }) }),
    says: ({ type: { key } }) =>
      fieldInvalid(
        "draft.custom.fields.constructor",
        "custom_field.unknown",
        `the custom type "${key}" has no such field`,
      ),
  },
  {
    title: "to set a field that the type hasn't",
    call: ({ groups }, { typed }) => update(groups, typed, [setField("colour", "red")]),
    says: ({ type: { key } }) =>
      fieldInvalid(
        "actions[0].set_custom_field.name",
        "custom_field.unknown",
        `the custom type "${key}" has no such field`,
      ),
  },
  {
    title: "several wrong values, and lists them",
    call: ({ groups }, { type }) => newGroup(groups, { custom: custom(type, { note: 1, score: 1, vip: 0 }) }),
    says: () => {
      const [note, vip] = ["draft.custom.fields.note", "draft.custom.fields.vip"];
      const reason = "FIELD_INVALID";
      return failureStory(
        "InvalidArgument",
        reason,
        `${note}: must be text`,
        { field: note, rule: "custom_field.string" },
        badRequest(
          { field: note, description: "must be text", reason },
          { field: vip, description: "must be true or false", reason },
        ),
      );
    },
  },
  {
    title: "a new group without a required field",
    call: ({ groups }, { strict }) => newGroup(groups, { custom: custom(strict, { note: null }) }),
    says: () => fieldInvalid("draft.custom.fields.note", "required", required("note")),
  },
  {
    title: "a group's new type without a required field",
    call: ({ groups }, { group, strict }) => update(groups, group, [setType(custom(strict))]),
    says: () => fieldInvalid("actions[0].set_custom_type.fields.note", "required", required("note")),
  },
  {
    title: "to remove a required field",
    call: ({ groups }, { strictGroup }) =>
      update(groups, strictGroup, [{ case: "setKey", value: {} }, setField("note"), setField("score", 1)]),
    says: () => fieldInvalid("actions[1].set_custom_field.value", "required", required("note")),
  },
  {
    title: "a new group custom fields without a type",
    call: ({ groups }) => newGroup(groups, { custom: { fields: { note: "a" } } }),
    says: () => fieldInvalid("draft.custom.type", "required", "value is required"),
  },
  {
    title: "a group custom fields without a type",
    call: ({ groups }, { typed }) => update(groups, typed, [setType({ fields: { note: "a" } })]),
    says: () =>
      fieldInvalid("actions[0].set_custom_type", "set_custom_type.fields_need_type", "fields need a type"),
  },
  {
    title: "the name of a custom field that none can have",
    call: ({ groups }, { typed }) => update(groups, typed, [setField("a", "b")]),
    says: () => fieldInvalid("actions[0].set_custom_field.name", "string.pattern", unlike(FIELD)),
  },
  {
    title: "a reference with all that an answer includes of it",
    call: ({ groups }, { typed, holder }) =>
      update(groups, typed, [setField("peers", [{ ...groupReference(holder), obj: { name: "a" } }])]),
    says: () =>
      fieldInvalid(
        "actions[0].set_custom_field.value[0]",
        "custom_field.reference",
        'must be like {"typeId": "customer-group", "id": "..."}',
      ),
  },
  ...Object.entries(expanding).flatMap(([rpc, call]) =>
    expansions.map(
      ([expand, ...violation]): Refusal => ({
        title: `to expand ${violation[0]} of ${expand.length} by ${rpc}: ${expand[0]}`,
        call: (callers, { typed }) => call(callers, typed.id, expand),
        says: () => fieldInvalid(...violation),
      }),
    ),
  ),
];

function setType(value: Extract<Action, { case: "setCustomType" }>["value"]): Action {
  return { case: "setCustomType", value };
}
