import { byId, byKey, newGroup, update } from "./groups.ts";
import type { Refusal } from "./obstacles.ts";
import { notAllowed, referenceNotFound } from "./stories.ts";
import { custom, groupReference, setField } from "./types.ts";

const NOT_FOR_GROUPS = "is not for this: it is for customer, address";

/** What a group's custom fields run into, besides the rules on their values. */
export const customFieldRefusals: readonly Refusal[] = [
  {
    title: "a new group a type by an id that nobody has",
    call: ({ groups }, { id }) => newGroup(groups, { custom: { type: byId(id.toUpperCase()) } }),
    says: ({ id }) => referenceNotFound("draft.custom.type", "custom-type", "id", id),
  },
  {
    title: "a new group a type by a key that nobody has",
    call: ({ groups }) => newGroup(groups, { custom: { type: byKey("no-such-type") } }),
    says: () => referenceNotFound("draft.custom.type", "custom-type", "key", "no-such-type"),
  },
  {
    title: "a group another project's type",
    call: ({ groups }, { group, foreignType }) =>
      update(groups, group, [{ case: "setCustomType", value: custom(foreignType) }]),
    says: ({ foreignType: { id } }) =>
      referenceNotFound("actions[0].set_custom_type.type", "custom-type", "id", id),
  },
  {
    title: "a new group a type that isn't for groups",
    call: ({ groups }, { notForGroups }) => newGroup(groups, { custom: custom(notForGroups) }),
    says: ({ notForGroups: { key } }) =>
      notAllowed("draft.custom.type", `the custom type "${key}" ${NOT_FOR_GROUPS}`),
  },
  {
    title: "a group a type that isn't for groups",
    call: ({ groups }, { typed, notForGroups }) =>
      update(groups, typed, [
        setField("note", "a"),
        { case: "setCustomType", value: { type: byKey(notForGroups.key) } },
      ]),
    says: ({ notForGroups: { key } }) =>
      notAllowed("actions[1].set_custom_type.type", `the custom type "${key}" ${NOT_FOR_GROUPS}`),
  },
  {
    title: "to set a field of a group that has no type",
    call: ({ groups }, { group }) => update(groups, group, [setField("note", "a")]),
    says: () => notAllowed("actions[0].set_custom_field", "there is no custom type"),
  },
  {
    title: "to set a field of a group that has no type any more",
    call: ({ groups }, { typed }) =>
      update(groups, typed, [{ case: "setCustomType", value: {} }, setField("note", "a")]),
    says: () => notAllowed("actions[1].set_custom_field", "there is no custom type"),
  },
  ...[undefined, null].map(
    (none): Refusal => ({
      title: `to remove a value that isn't there, by ${none}`,
      call: ({ groups }, { typed }) => update(groups, typed, [setField("note", none)]),
      says: () => notAllowed("actions[0].set_custom_field.name", "the field has no value"),
    }),
  ),
  {
    title: "a new group a reference to a group that nobody has",
    call: ({ groups }, { type, id }) => {
      const parent = { typeId: "customer-group", id: id.toUpperCase() };
      return newGroup(groups, { custom: custom(type, { parent }) });
    },
    says: ({ id }) => referenceNotFound("draft.custom.fields.parent.id", "customer-group", "id", id),
  },
  {
    title: "a group a reference to another project's group, in a set",
    call: ({ groups }, { typed, holder, foreign }) =>
      update(groups, typed, [setField("peers", [groupReference(holder), groupReference(foreign)])]),
    says: ({ foreign: { id } }) =>
      referenceNotFound("actions[0].set_custom_field.value[1].id", "customer-group", "id", id),
  },
  {
    title: "a group a type with a reference to a group that nobody has",
    call: ({ groups }, { type, group, id }) => {
      const peers = [groupReference(group), { typeId: "customer-group", id }];
      return update(groups, group, [{ case: "setCustomType", value: custom(type, { peers }) }]);
    },
    says: ({ id }) =>
      referenceNotFound("actions[0].set_custom_type.fields.peers[1].id", "customer-group", "id", id),
  },
];
