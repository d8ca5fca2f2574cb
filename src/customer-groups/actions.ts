import { isDeepStrictEqual } from "node:util";
import type { AttachmentDraft } from "../../gen/clientele/v1/attachment_pb.ts";
import type {
  CustomerGroupDraft,
  CustomerGroupUpdateAction,
} from "../../gen/clientele/v1/customer_group_service_pb.ts";
import {
  customOfDraft,
  requireRequiredFields,
  setCustomField,
  setCustomType,
} from "../custom-fields/actions.ts";
import { customFieldPath, EVERY_FIELD, type TouchedFields } from "../custom-fields/paths.ts";
import type { KnownTypes } from "../custom-fields/state.ts";
import { failure } from "../errors.ts";
import { normalForm } from "../json-data.ts";
import { parseRef, type Ref, required } from "../refs.ts";
import { type AttachmentState, type GroupState, MAX_ATTACHMENTS, MAX_MARKETS } from "./state.ts";

/** @throws Failure as `customOfDraft`. */
export function stateOfDraft(draft: CustomerGroupDraft, types: KnownTypes): GroupState {
  return {
    ...customOfDraft(draft.custom, RESOURCE, types, "draft.custom"),
    key: draft.key ?? null,
    name: draft.name,
    reference: draft.reference ?? null,
    referenceOrigin: draft.referenceOrigin ?? null,
    metadata: draft.metadata ? normalForm(draft.metadata) : null,
    priceListId: draft.priceListId ?? null,
    marketIds: draft.marketIds,
    attachments: [],
  };
}

/** What the actions need besides the group. */
export type ActionContext = {
  /** Makes the id of a new attachment. */
  readonly newId: () => string;
  /** Holds those that `typeRefsOf` tells. */
  readonly types: KnownTypes;
};

/** The custom types that the actions are about. */
export function typeRefsOf(
  { customTypeId }: GroupState,
  actions: readonly CustomerGroupUpdateAction[],
): readonly Ref[] {
  const set = actions.flatMap(({ action }) =>
    action.case === "setCustomType" && action.value.type ? [parseRef(action.value.type)] : [],
  );
  const isOwnNeeded = customTypeId !== null && actions.some(({ action }) => action.case === "setCustomField");
  return isOwnNeeded ? [{ by: "id", value: customTypeId }, ...set] : set;
}

/** Where the request says the value of a custom field, if an action sets any. */
export function customPathOf(actions: readonly CustomerGroupUpdateAction[]): (fieldName: string) => string {
  const touched = actions.map(touchedFields);
  return (fieldName) => customFieldPath(touched, fieldName);
}

/**
 * The group after all actions, each on what the one before left.
 *
 * @throws Failure OPERATION_NOT_ALLOWED, naming the action, or LIMIT_REACHED, naming the limit; of custom
 *   fields FIELD_INVALID, FIELD_REQUIRED and REFERENCE_NOT_FOUND too.
 */
export function applyActions<Group extends GroupState>(
  group: Group,
  actions: readonly CustomerGroupUpdateAction[],
  context: ActionContext,
): Group {
  const state = actions.reduce(
    (before, action, index) => applyAction(before, action, `actions[${index}]`, context),
    group,
  );
  // What comes out in the end counts: an action may make up for the one before it.
  requireWithinLimits(group, state);
  const type =
    state.customTypeId === null ? undefined : context.types.get({ by: "id", value: state.customTypeId });
  if (type && actions.some((action) => touchedFields(action) !== undefined)) {
    requireRequiredFields(type, state.customFields, customPathOf(actions));
  }
  return state;
}

/** Whether an update that leads from one to the other changes anything. */
export function isSameState(a: GroupState, b: GroupState): boolean {
  const keys = Object.keys(b) as (keyof GroupState)[];
  // Most are the very same, which is found out at a fraction of the cost.
  return keys.every((key) => a[key] === b[key] || isDeepStrictEqual(a[key], b[key]));
}

function applyAction<Group extends GroupState>(
  group: Group,
  { action }: CustomerGroupUpdateAction,
  path: string,
  { newId, types }: ActionContext,
): Group {
  switch (action.case) {
    case "changeName":
      return { ...group, name: action.value.name };
    case "setKey":
      return { ...group, key: action.value.key ?? null };
    case "setReference":
      return {
        ...group,
        reference: action.value.reference ?? null,
        referenceOrigin: action.value.referenceOrigin ?? null,
      };
    case "setMetadata":
      return { ...group, metadata: action.value.metadata ? normalForm(action.value.metadata) : null };
    case "setPriceList":
      return { ...group, priceListId: action.value.priceListId ?? null };
    case "addMarkets":
      return { ...group, marketIds: [...new Set([...group.marketIds, ...action.value.marketIds])] };
    case "removeMarkets": {
      const removed = new Set(action.value.marketIds);
      return { ...group, marketIds: group.marketIds.filter((id) => !removed.has(id)) };
    }
    case "setMarkets":
      return { ...group, marketIds: action.value.marketIds };
    case "addAttachment":
      return {
        ...group,
        attachments: [...group.attachments, attachmentState(newId(), action.value.attachment)],
      };
    case "changeAttachment": {
      const changed = attachmentState(action.value.id.toLowerCase(), action.value.attachment);
      requireAttachment(group, changed.id, `${path}.change_attachment.id`);
      return {
        ...group,
        attachments: group.attachments.map((one) => (one.id === changed.id ? changed : one)),
      };
    }
    case "removeAttachment": {
      const id = action.value.id.toLowerCase();
      requireAttachment(group, id, `${path}.remove_attachment.id`);
      return { ...group, attachments: group.attachments.filter((one) => one.id !== id) };
    }
    case "setCustomType":
      return { ...group, ...setCustomType(action.value, RESOURCE, types, `${path}.set_custom_type`) };
    case "setCustomField":
      return { ...group, ...setCustomField(group, action.value, types, `${path}.set_custom_field`) };
    case undefined:
      throw new Error("unreachable: the validator requires an action");
    default:
      return action satisfies never;
  }
}

const RESOURCE = "customer-group";

function touchedFields({ action }: CustomerGroupUpdateAction): TouchedFields {
  if (action.case === "setCustomType") return EVERY_FIELD;
  return action.case === "setCustomField" ? action.value.name : undefined;
}

function requireWithinLimits(before: GroupState, after: GroupState): void {
  const limits = [
    ["markets_of_a_customer_group", MAX_MARKETS, before.marketIds, after.marketIds],
    ["attachments_of_a_customer_group", MAX_ATTACHMENTS, before.attachments, after.attachments],
  ] as const;
  for (const [name, limit, { length: current }, { length: wanted }] of limits) {
    if (wanted > limit) throw failure.limitReached(name, limit, current, wanted);
  }
}

function attachmentState(id: string, draft: AttachmentDraft | undefined): AttachmentState {
  const { name, description, url, reference } = required(draft);
  return { id, name, description: description ?? null, url: url ?? null, reference: reference ?? null };
}

function requireAttachment(group: GroupState, id: string, path: string): void {
  if (!group.attachments.some((one) => one.id === id)) {
    throw failure.operationNotAllowed(path, "the group has no such attachment");
  }
}
