import { isDeepStrictEqual } from "node:util";
import type { CustomerGroup } from "../../gen/clientele/v1/customer_group_pb.ts";
import type { CustomState, KnownTypes } from "../custom-fields/state.ts";
import type { Encoded } from "../encoding/encoded.ts";
import type { MutationKind } from "../mutation.ts";
import { byteSizeOf } from "../resource.ts";
import { commitGroups, type GroupRow } from "./store.ts";

export const groupMutation: MutationKind = {
  resourceType: "customer-group",
  limitName: "customer_groups",
  commit: commitGroups,
};

/**
 * What the commit function writes of a group.
 *
 * @param before the custom fields that it had.
 * @param types what the new ones were checked against.
 * @throws Failure TOO_LARGE
 */
export function groupColumns(
  group: GroupRow,
  { bytes }: Encoded<CustomerGroup>,
  before: CustomState,
  types: KnownTypes,
): { readonly byte_size: number } {
  const columns = {
    key: group.key,
    name: group.name,
    reference: group.reference,
    reference_origin: group.referenceOrigin,
    metadata: group.metadata,
    price_list_id: group.priceListId,
    market_ids: group.marketIds,
    attachments: group.attachments,
  };
  const whole = { ...columns, custom_fields: group.customFields };
  return {
    ...columns,
    ...(isSameCustom(before, group) ? {} : customColumns(group, types)),
    byte_size: byteSizeOf("the customer group", whole, bytes.length),
  };
}

/** Those that stay as they are aren't written: their type may have changed since they were read. */
function isSameCustom(a: CustomState, b: CustomState): boolean {
  return a.customTypeId === b.customTypeId && isDeepStrictEqual(a.customFields, b.customFields);
}

function customColumns({ customTypeId, customFields }: CustomState, types: KnownTypes): object {
  const type = customTypeId === null ? undefined : types.get({ by: "id", value: customTypeId });
  return {
    sets_custom: true,
    custom_type_id: customTypeId,
    custom_type_version: type ? `${type.version}` : null,
    custom_fields: customFields,
  };
}
