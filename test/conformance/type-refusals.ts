import { byId, byKey, PROJECT } from "./groups.ts";
import type { Refusal } from "./obstacles.ts";
import type { Callers } from "./services.ts";
import {
  definitionConflict,
  duplicate,
  notAllowed,
  notFound,
  referenced,
  versionMismatch,
} from "./stories.ts";
import { field, newType, removeType, typeDraft, updateType } from "./types.ts";

export const typeRefusals: readonly Refusal[] = [
  {
    title: "to get a type by an id that nobody has",
    call: ({ types }, { id }) => types.getCustomType({ projectKey: PROJECT, ref: byId(id) }),
    says: ({ id }) => notFound("custom-type", "id", id),
  },
  {
    title: "to get another project's type by key",
    call: ({ types }, { foreignType: { key } }) =>
      types.getCustomType({ projectKey: PROJECT, ref: byKey(key) }),
    says: ({ foreignType: { key } }) => notFound("custom-type", "key", key),
  },
  {
    title: "to update another project's type",
    call: ({ types }, { foreignType }) => updateType(types, foreignType),
    says: ({ foreignType: { id } }) => notFound("custom-type", "id", id),
  },
  {
    title: "to delete another project's type",
    call: ({ types }, { foreignType }) => removeType(types, foreignType),
    says: ({ foreignType: { id } }) => notFound("custom-type", "id", id),
  },
  ...[
    ({ types }: Callers) => types.getCustomType({ projectKey: "nowhere", ref: byKey("any") }),
    ({ types }: Callers) => types.queryCustomTypes({ projectKey: "nowhere" }),
    ({ types }: Callers) =>
      types.existsCustomType({ projectKey: "nowhere", target: { case: "ref", value: byKey("any") } }),
    ({ types }: Callers) => types.createCustomType({ projectKey: "nowhere", draft: typeDraft() }),
    ({ types }: Callers) =>
      types.updateCustomType({ projectKey: "nowhere", ref: byKey("any"), expectedVersion: 1n }),
    ({ types }: Callers) =>
      types.deleteCustomType({ projectKey: "nowhere", ref: byKey("any"), expectedVersion: 1n }),
  ].map((call) => ({
    title: `a project that isn't there: ${/\.(\w+)\(/.exec(`${call}`)?.[1]}`,
    call,
    says: () => notFound("project", "key", "nowhere"),
  })),
  {
    title: "to update a version of a type that is behind, even with no actions",
    call: ({ types }, { type }) => updateType(types, { ...type, version: 1n }),
    says: () => versionMismatch(1n, 2n),
  },
  {
    title: "to delete a version of a type that isn't there yet, though it is in use too",
    call: ({ types }, { type }) => removeType(types, { ...type, version: 3n }),
    says: () => versionMismatch(3n, 2n),
  },
  {
    title: "a new type a key that another one holds",
    call: ({ types }, { type: { key } }) => newType(types, { key }),
    says: ({ type }) => duplicate("custom-type", "key", type.id),
  },
  {
    title: "a type a key that another one holds",
    call: ({ types }, { type, lone: { key } }) => updateType(types, type, { changeKey: { key } }),
    says: ({ lone }) => duplicate("custom-type", "key", lone.id),
  },
  {
    title: "a new type a field that takes other values in another type",
    call: ({ types }, { loneField: name }) =>
      newType(types, { fieldDefinitions: [field("vip"), { name, type: { localizedString: {} } }] }),
    says: ({ loneField, lone }) => definitionConflict(loneField, lone.id),
  },
  {
    title: "a type a field that takes other values in another type",
    call: ({ types }, { type, loneField: name }) => {
      const fieldDefinition = { name, type: { set: { elementType: { string: {} } } } };
      return updateType(types, type, { addFieldDefinition: { fieldDefinition } });
    },
    says: ({ loneField, lone }) => definitionConflict(loneField, lone.id),
  },
  {
    title: "a type a field under the name of one that the same update removes",
    call: ({ types }, { type }) =>
      updateType(
        types,
        type,
        { removeFieldDefinition: { fieldName: "note" } },
        { addFieldDefinition: { fieldDefinition: field("note") } },
      ),
    says: () =>
      notAllowed(
        "actions[1].add_field_definition.field_definition.name",
        "the values of the field that had this name are still being removed",
      ),
  },
  {
    title: "to delete a type that a group has",
    call: ({ types }, { strict }) => removeType(types, strict),
    says: () => referenced("customer-group", 1, "customer group"),
  },
  {
    title: "to delete a type that groups have",
    call: ({ types }, { type }) => removeType(types, type),
    says: () => referenced("customer-group", 2, "customer groups"),
  },
];
