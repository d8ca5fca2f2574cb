import { fieldInvalid } from "./failure.ts";
import { byId, PROJECT } from "./groups.ts";
import type { Refusal } from "./obstacles.ts";
import { definitions, typeActions, typeDrafts, typeQueries } from "./type-field-rules.ts";
import { newType, updateType } from "./types.ts";

export const typeFieldRefusals: readonly Refusal[] = [
  ...typeDrafts.map(
    ([draft, ...violation]): Refusal => ({
      title: `a type whose ${violation[0]} breaks ${violation[1]}`,
      call: ({ types }) => newType(types, draft),
      says: () => fieldInvalid(...violation),
    }),
  ),
  ...definitions.map(
    ([definition, path, ...violation]): Refusal => ({
      title: `a field definition whose ${path || "parts"} breaks ${violation[0]}: ${JSON.stringify(definition)}`,
      call: ({ types }) =>
        newType(types, { fieldDefinitions: [{ name: "note", type: { string: {} }, ...definition }] }),
      says: () => fieldInvalid(`draft.field_definitions[0]${path}`, ...violation),
    }),
  ),
  ...typeActions.map(
    ([action, field, ...violation]): Refusal => ({
      title: `an action on a type whose ${field} breaks ${violation[0]}`,
      call: ({ types }, { type }) => updateType(types, type, action),
      says: () => fieldInvalid(`actions[0].${field}`, ...violation),
    }),
  ),
  ...typeQueries.map(
    ([query, ...violation]): Refusal => ({
      title: `the query of types ${JSON.stringify(query)}`,
      call: ({ types }) => types.queryCustomTypes({ projectKey: PROJECT, ...query }),
      says: () => fieldInvalid(...violation),
    }),
  ),
  {
    title: "to get a type without a ref",
    call: ({ types }) => types.getCustomType({ projectKey: PROJECT }),
    says: () => fieldInvalid("ref", "required", "value is required"),
  },
  {
    title: "to ask without a target whether a type exists",
    call: ({ types }) => types.existsCustomType({ projectKey: PROJECT }),
    says: () => fieldInvalid("target", "required", "exactly one field is required in oneof"),
  },
  {
    title: "to create a type without a draft",
    call: ({ types }) => types.createCustomType({ projectKey: PROJECT }),
    says: () => fieldInvalid("draft", "required", "value is required"),
  },
  {
    title: "to delete a type without its version",
    call: ({ types }, { type }) => types.deleteCustomType({ projectKey: PROJECT, ref: byId(type.id) }),
    says: () => fieldInvalid("expected_version", "int64.gte", "must be greater than or equal to 1"),
  },
];
