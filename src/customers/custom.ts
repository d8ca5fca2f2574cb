import { isDeepStrictEqual } from "node:util";
import type { CustomerUpdateAction } from "../../gen/clientele/v1/customer_service_pb.ts";
import { requireRequiredFields } from "../custom-fields/actions.ts";
import { customFieldPath, EVERY_FIELD, type TouchedFields } from "../custom-fields/paths.ts";
import { addedReferences, type WantedReference } from "../custom-fields/references.ts";
import type { CustomState, KnownTypes } from "../custom-fields/state.ts";
import { parseRef, type Ref } from "../refs.ts";
import { addressTypeIdsOf, type CustomerState, customOfAddress } from "./state.ts";

// The custom fields of a customer and of the addresses, over all actions of an update; pure.

type Actions = readonly CustomerUpdateAction[];

/** The custom types that the actions are about: those they name, and those of what they change. */
export function typeRefsOf(customer: CustomerState, actions: Actions): readonly Ref[] {
  const byId = (id: string): Ref => ({ by: "id", value: id });
  const named = actions.flatMap(({ action }) => typeMessagesOf(action)).map(parseRef);
  const own =
    actions.some(({ action }) => action.case === "setCustomField") && customer.customTypeId !== null;
  const ofAddresses = actions.some(({ action }) => changesAddress(action)) ? addressTypeIdsOf(customer) : [];
  return [...named, ...(own ? [byId(customer.customTypeId)] : []), ...ofAddresses.map(byId)];
}

/** The customer groups that the actions are about. */
export function groupRefsOf(actions: Actions): readonly Ref[] {
  return actions.flatMap(({ action }) => {
    switch (action.case) {
      case "setCustomerGroup":
      case "addCustomerGroupAssignment":
      case "removeCustomerGroupAssignment":
        return action.value.customerGroup ? [parseRef(action.value.customerGroup)] : [];
      case "setCustomerGroupAssignments":
        return action.value.customerGroups.map(parseRef);
      default:
        return [];
    }
  });
}

/** @throws Failure FIELD_REQUIRED for a field without a value, where custom fields were written. */
export function requireCompleteFields(
  before: CustomerState,
  after: CustomerState,
  actions: Actions,
  types: KnownTypes,
): void {
  const pathOf = customPathOf(actions);
  if (actions.some(({ action }) => touchedFields(action) !== undefined)) requireFields(after, types, pathOf);
  for (const { id, custom } of changedAddresses(before, after)) {
    requireFields(custom, types, () => addressPath(actions, id));
  }
}

/** The references that come in by an update. */
export function addedReferencesOf(
  before: CustomerState,
  after: CustomerState,
  actions: Actions,
): readonly WantedReference[] {
  const ofAddresses = changedAddresses(before, after).flatMap(({ id, custom, previous }) =>
    addedReferences(previous.customFields, custom.customFields, () => addressPath(actions, id)),
  );
  return [...addedReferences(before.customFields, after.customFields, customPathOf(actions)), ...ofAddresses];
}

/** The addresses whose custom fields change, or come in. */
export function changedAddresses(before: CustomerState | undefined, after: CustomerState) {
  const previousById = new Map(before?.addresses.map((address) => [address.id, customOfAddress(address)]));
  return after.addresses
    .map((address) => ({
      id: address.id,
      custom: customOfAddress(address),
      previous: previousById.get(address.id) ?? { customTypeId: null, customFields: null },
    }))
    .filter(({ custom, previous }) => !isDeepStrictEqual(custom, previous));
}

function requireFields(custom: CustomState, types: KnownTypes, pathOf: (name: string) => string): void {
  const type = custom.customTypeId === null ? undefined : types.get({ by: "id", value: custom.customTypeId });
  if (type) requireRequiredFields(type, custom.customFields, pathOf);
}

function customPathOf(actions: Actions): (name: string) => string {
  const touched = actions.map(({ action }) => touchedFields(action));
  return (name) => customFieldPath(touched, name);
}

function touchedFields(action: CustomerUpdateAction["action"]): TouchedFields {
  if (action.case === "setCustomType") return EVERY_FIELD;
  return action.case === "setCustomField" ? action.value.name : undefined;
}

/** The last action that may have set custom fields of an address; by its key, an address is hard to follow. */
function addressPath(actions: Actions, id: string): string {
  const last = actions.findLastIndex(({ action }) => changesAddress(action));
  const action = actions[last]?.action;
  return `actions[${last}].${ADDRESS_ACTIONS.get(action?.case ?? "") ?? id}`;
}

const ADDRESS_ACTIONS: ReadonlyMap<string, string> = new Map([
  ["addAddress", "add_address"],
  ["changeAddress", "change_address"],
  ["removeAddress", "remove_address"],
  ["setAddressCustomType", "set_address_custom_type"],
  ["setAddressCustomField", "set_address_custom_field"],
]);

function changesAddress(action: CustomerUpdateAction["action"]): boolean {
  return ADDRESS_ACTIONS.has(action.case ?? "");
}

function typeMessagesOf(action: CustomerUpdateAction["action"]) {
  switch (action.case) {
    case "setCustomType":
    case "setAddressCustomType":
      return action.value.type ? [action.value.type] : [];
    case "addAddress":
      return action.value.address?.custom?.type ? [action.value.address.custom.type] : [];
    case "changeAddress":
      return action.value.draft?.custom?.type ? [action.value.draft.custom.type] : [];
    default:
      return [];
  }
}
