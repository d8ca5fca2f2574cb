import { isDeepStrictEqual } from "node:util";
import type {
  CustomTypeDraft,
  CustomTypeUpdateAction,
} from "../../gen/clientele/v1/custom_type_service_pb.ts";
import { failure } from "../errors.ts";
import { normalForm } from "../json-data.ts";
import { required } from "../refs.ts";
import { toDefinitionState, toInputHintState } from "./definition.ts";
import { applyEnumAction } from "./enum-actions.ts";
import { changeField, reorder, requireField } from "./field-actions.ts";
import { isText, signatureOf } from "./field-type.ts";
import { toResourceName } from "./resource-types.ts";
import { type CustomTypeState, MAX_FIELD_DEFINITIONS } from "./state.ts";

export function stateOfDraft(draft: CustomTypeDraft): CustomTypeState {
  return {
    key: draft.key,
    name: { ...draft.name },
    description: { ...draft.description },
    resourceTypes: draft.resourceTypes.map(toResourceName),
    fieldDefinitions: draft.fieldDefinitions.map(toDefinitionState),
    reference: draft.reference ?? null,
    referenceOrigin: draft.referenceOrigin ?? null,
    metadata: draft.metadata ? normalForm(draft.metadata) : null,
  };
}

/**
 * The state after all actions, each on what the one before left.
 *
 * @param beingRemoved names of fields whose values are still being removed from resources.
 * @throws Failure OPERATION_NOT_ALLOWED, naming the action, or LIMIT_REACHED, naming the limit.
 */
export function applyActions(
  type: CustomTypeState,
  beingRemoved: readonly string[],
  actions: readonly CustomTypeUpdateAction[],
): CustomTypeState {
  const taken = new Set([...beingRemoved, ...type.fieldDefinitions.map(({ name }) => name)]);
  const state = actions.reduce(
    (before, action, index) => applyAction(before, taken, action, `actions[${index}]`),
    type,
  );
  const [{ length: current }, { length: wanted }] = [type.fieldDefinitions, state.fieldDefinitions];
  if (wanted > MAX_FIELD_DEFINITIONS) {
    throw failure.limitReached("field_definitions_of_a_custom_type", MAX_FIELD_DEFINITIONS, current, wanted);
  }
  return state;
}

/** Whether an update that leads from one to the other changes anything. */
export function isSameState(a: CustomTypeState, b: CustomTypeState): boolean {
  return isDeepStrictEqual(a, b);
}

/** The names of the fields that an update removes. */
export function removedFields(before: CustomTypeState, after: CustomTypeState): readonly string[] {
  const kept = new Set(after.fieldDefinitions.map(({ name }) => name));
  return before.fieldDefinitions.map(({ name }) => name).filter((name) => !kept.has(name));
}

/** The kind of values of each field, by its name. */
export function signaturesOf({ fieldDefinitions }: CustomTypeState): Readonly<Record<string, string>> {
  return Object.fromEntries(fieldDefinitions.map(({ name, type }) => [name, signatureOf(type)]));
}

/** @param taken names that resources may hold values of, so that no new field may have them. */
function applyAction(
  type: CustomTypeState,
  taken: ReadonlySet<string>,
  { action }: CustomTypeUpdateAction,
  path: string,
): CustomTypeState {
  switch (action.case) {
    case "changeKey":
      return { ...type, key: action.value.key };
    case "changeName":
      return { ...type, name: { ...action.value.name } };
    case "setDescription":
      return { ...type, description: { ...action.value.description } };
    case "addFieldDefinition": {
      const definition = toDefinitionState(required(action.value.fieldDefinition));
      const at = `${path}.add_field_definition.field_definition.name`;
      if (type.fieldDefinitions.some(({ name }) => name === definition.name)) {
        throw failure.operationNotAllowed(at, "the type has a field of this name");
      }
      if (taken.has(definition.name)) {
        throw failure.operationNotAllowed(
          at,
          "the values of the field that had this name are still being removed",
        );
      }
      return { ...type, fieldDefinitions: [...type.fieldDefinitions, definition] };
    }
    case "removeFieldDefinition": {
      const { fieldName } = action.value;
      requireField(type, fieldName, `${path}.remove_field_definition.field_name`);
      return { ...type, fieldDefinitions: type.fieldDefinitions.filter(({ name }) => name !== fieldName) };
    }
    case "changeLabel": {
      const { fieldName, label } = action.value;
      const at = `${path}.change_label.field_name`;
      return changeField(type, fieldName, at, (definition) => ({ ...definition, label: { ...label } }));
    }
    case "changeInputHint": {
      const { fieldName, inputHint } = action.value;
      const at = `${path}.change_input_hint.field_name`;
      return changeField(type, fieldName, at, (definition) => {
        if (!isText(definition.type)) throw failure.operationNotAllowed(at, "the field takes no text");
        return { ...definition, inputHint: toInputHintState(inputHint) };
      });
    }
    case "changeFieldDefinitionOrder": {
      const at = `${path}.change_field_definition_order.field_names`;
      const nameOf = ({ name }: { readonly name: string }) => name;
      return {
        ...type,
        fieldDefinitions: reorder(type.fieldDefinitions, nameOf, action.value.fieldNames, at, "fields"),
      };
    }
    case "addEnumValue":
    case "addLocalizedEnumValue":
    case "changeEnumValueLabel":
    case "changeLocalizedEnumValueLabel":
    case "changeEnumValueOrder":
    case "changeLocalizedEnumValueOrder":
      return applyEnumAction(type, action, path);
    case "setReference":
      return {
        ...type,
        reference: action.value.reference ?? null,
        referenceOrigin: action.value.referenceOrigin ?? null,
      };
    case "setMetadata":
      return { ...type, metadata: action.value.metadata ? normalForm(action.value.metadata) : null };
    case undefined:
      throw new Error("unreachable: the validator requires an action");
    default:
      return action satisfies never;
  }
}
