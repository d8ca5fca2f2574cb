import { isDeepStrictEqual } from "node:util";
import type { AttachmentDraft } from "../../gen/clientele/v1/attachment_pb.ts";
import type {
  CustomerGroupDraft,
  CustomerGroupUpdateAction,
} from "../../gen/clientele/v1/customer_group_service_pb.ts";
import { failure } from "../errors.ts";
import { normalForm } from "../json-data.ts";
import { required } from "../refs.ts";
import { type AttachmentState, type GroupState, MAX_ATTACHMENTS, MAX_MARKETS } from "./state.ts";

export function stateOfDraft(draft: CustomerGroupDraft): GroupState {
  return {
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

/**
 * The state after all actions, each on what the one before left.
 *
 * @param newId makes the id of a new attachment.
 * @throws Failure OPERATION_NOT_ALLOWED, naming the action, or LIMIT_REACHED, naming the limit.
 */
export function applyActions(
  group: GroupState,
  actions: readonly CustomerGroupUpdateAction[],
  newId: () => string,
): GroupState {
  return actions.reduce(
    (state, action, index) => applyAction(state, action, `actions[${index}]`, newId),
    group,
  );
}

/** Whether an update that leads from one to the other changes anything. */
export function isSameState(a: GroupState, b: GroupState): boolean {
  return isDeepStrictEqual(a, b);
}

function applyAction(
  group: GroupState,
  { action }: CustomerGroupUpdateAction,
  path: string,
  newId: () => string,
): GroupState {
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
      return addMarkets(group, action.value.marketIds);
    case "removeMarkets": {
      const removed = new Set(action.value.marketIds);
      return { ...group, marketIds: group.marketIds.filter((id) => !removed.has(id)) };
    }
    case "setMarkets":
      return { ...group, marketIds: action.value.marketIds };
    case "addAttachment":
      return addAttachment(group, attachmentState(newId(), action.value.attachment));
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
    case undefined:
      throw new Error("unreachable: the validator requires an action");
    default:
      return action satisfies never;
  }
}

function addMarkets(group: GroupState, added: readonly string[]): GroupState {
  const marketIds = [...new Set([...group.marketIds, ...added])];
  if (marketIds.length > MAX_MARKETS) {
    throw failure.limitReached("markets_of_a_customer_group", MAX_MARKETS, group.marketIds.length);
  }
  return { ...group, marketIds };
}

function addAttachment(group: GroupState, attachment: AttachmentState): GroupState {
  if (group.attachments.length >= MAX_ATTACHMENTS) {
    throw failure.limitReached("attachments_of_a_customer_group", MAX_ATTACHMENTS, group.attachments.length);
  }
  return { ...group, attachments: [...group.attachments, attachment] };
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
