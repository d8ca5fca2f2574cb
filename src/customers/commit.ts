import { isDeepStrictEqual } from "node:util";
import { type Customer, CustomerSchema } from "../../gen/clientele/v1/customer_pb.ts";
import type { KnownTypes } from "../custom-fields/state.ts";
import { encoderOf } from "../encoding/encoder.ts";
import type { MutationKind } from "../mutation.ts";
import { byteSizeOf } from "../resource.ts";
import { changedAddresses } from "./custom.ts";
import { addressTypeIdsOf, type CustomerState, groupIdsOf } from "./state.ts";
import { type CustomerRow, commitCustomers } from "./store.ts";

export const customerMutation: MutationKind = {
  resourceType: "customer",
  limitName: "customers",
  commit: commitCustomers,
};

/**
 * What the commit function writes of a customer.
 *
 * @param before absent for a creation.
 * @param types what custom fields were checked against.
 * @throws Failure TOO_LARGE
 */
export function customerColumns(
  customer: CustomerRow,
  message: Customer,
  before: CustomerState | undefined,
  types: KnownTypes,
): { readonly byte_size: number } {
  const columns = {
    key: customer.key,
    customer_number: customer.customerNumber,
    external_id: customer.externalId,
    email: customer.email,
    email_canonical: customer.emailCanonical,
    is_email_verified: customer.isEmailVerified,
    first_name: customer.firstName,
    last_name: customer.lastName,
    middle_name: customer.middleName,
    title: customer.title,
    salutation: customer.salutation,
    date_of_birth: customer.dateOfBirth,
    company_name: customer.companyName,
    vat_id: customer.vatId,
    locale: customer.locale,
    customer_group_id: customer.customerGroupId,
    customer_group_assignments: customer.customerGroupAssignments,
    default_shipping_address_id: customer.defaultShippingAddressId,
    shipping_address_ids: customer.shippingAddressIds,
    default_billing_address_id: customer.defaultBillingAddressId,
    billing_address_ids: customer.billingAddressIds,
    payment_sources: customer.paymentSources,
    subscriptions: customer.subscriptions,
    tags: customer.tags,
    reference: customer.reference,
    reference_origin: customer.referenceOrigin,
    metadata: customer.metadata,
  };
  const whole = {
    ...columns,
    addresses: customer.addresses,
    custom_fields: customer.customFields,
    memberships: customer.customerGroupAssignments.map(() => MEMBERSHIP_JSON),
  };
  return {
    ...columns,
    ...groupColumns(before, customer),
    ...customColumns(before, customer, types),
    byte_size: byteSizeOf("the customer", whole, encoderOf(CustomerSchema).sizeOf(message)),
  };
}

/** What JSON says of a membership, besides the id. */
const MEMBERSHIP_JSON = '{"customerGroup":{"id":""}}';

function groupColumns(before: CustomerState | undefined, after: CustomerState): object {
  const groupIds = groupIdsOf(after);
  const isSame = before
    ? isDeepStrictEqual(groupIdsOf(before).toSorted(), groupIds.toSorted())
    : groupIds.length === 0;
  return isSame ? {} : { sets_groups: true, group_ids: groupIds };
}

/** Addresses and custom fields that stay as they are aren't written: a type may have changed since they were read. */
function customColumns(before: CustomerState | undefined, after: CustomerState, types: KnownTypes): object {
  const isOwnSame =
    before?.customTypeId === after.customTypeId && isDeepStrictEqual(before.customFields, after.customFields);
  const areAddressesSame = isDeepStrictEqual(before?.addresses, after.addresses);
  const changed = changedAddresses(before, after).map(({ custom }) => custom.customTypeId);
  const kept = areAddressesSame ? [] : addressTypeIdsOf(after);
  const typeIds = new Set(
    [...(isOwnSame ? [] : [after.customTypeId]), ...changed, ...kept].filter((id) => id !== null),
  );
  const checked = [...typeIds].flatMap((id) => {
    const type = types.get({ by: "id", value: id });
    return type ? [{ id, version: `${type.version}` }] : [];
  });
  return {
    ...(isOwnSame
      ? {}
      : { sets_custom: true, custom_type_id: after.customTypeId, custom_fields: after.customFields }),
    ...(areAddressesSame
      ? {}
      : { sets_addresses: true, addresses: after.addresses, address_type_ids: addressTypeIdsOf(after) }),
    ...(checked.length > 0 && { custom_types: checked }),
  };
}
