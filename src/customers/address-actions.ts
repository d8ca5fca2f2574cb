import type { AddressRef } from "../../gen/clientele/v1/address_pb.ts";
import type { CustomerUpdateAction } from "../../gen/clientele/v1/customer_service_pb.ts";
import { setCustomField, setCustomType } from "../custom-fields/actions.ts";
import { failure } from "../errors.ts";
import { parseRef, required } from "../refs.ts";
import type { CustomerContext } from "./context.ts";
import { addressState, withCustom } from "./parts.ts";
import { type AddressRole, type AddressState, type CustomerState, customOfAddress } from "./state.ts";

// What the actions on addresses mean; pure.

/** The actions on addresses. */
export type AddressAction = Extract<
  CustomerUpdateAction["action"],
  { readonly case: `${string}Address${string}` }
>;

/** @throws Failure OPERATION_NOT_ALLOWED within `path`; of custom fields as `setCustomType`, `setCustomField`. */
export function applyAddressAction(
  customer: CustomerState,
  action: AddressAction,
  context: CustomerContext,
  path: string,
): CustomerState {
  switch (action.case) {
    case "addAddress": {
      const at = `${path}.add_address.address`;
      const address = addressState(context.newId(), required(action.value.address), context, at);
      requireFreeKey(customer, address, at);
      return { ...customer, addresses: [...customer.addresses, address] };
    }
    case "changeAddress": {
      const at = `${path}.change_address`;
      const before = requireAddress(customer, action.value.address, at);
      const draft = required(action.value.draft);
      const changed = addressState(before.id, draft, context, `${at}.draft`);
      requireFreeKey(customer, changed, `${at}.draft`);
      const address = draft.custom ? changed : { ...changed, ...withCustom(customOfAddress(before)) };
      return withAddress(customer, address);
    }
    case "removeAddress": {
      const { id } = requireAddress(customer, action.value.address, `${path}.remove_address`);
      const without = unlisted(unlisted(customer, "shipping", id), "billing", id);
      return { ...without, addresses: customer.addresses.filter((address) => address.id !== id) };
    }
    case "setDefaultShippingAddress":
      return setDefault(customer, "shipping", action.value.address, `${path}.set_default_shipping_address`);
    case "setDefaultBillingAddress":
      return setDefault(customer, "billing", action.value.address, `${path}.set_default_billing_address`);
    case "addShippingAddressId": {
      const { id } = requireAddress(customer, action.value.address, `${path}.add_shipping_address_id`);
      return listed(customer, "shipping", id);
    }
    case "addBillingAddressId": {
      const { id } = requireAddress(customer, action.value.address, `${path}.add_billing_address_id`);
      return listed(customer, "billing", id);
    }
    case "removeShippingAddressId":
      return unlist(customer, "shipping", action.value.address, `${path}.remove_shipping_address_id`);
    case "removeBillingAddressId":
      return unlist(customer, "billing", action.value.address, `${path}.remove_billing_address_id`);
    case "setAddressCustomType": {
      const at = `${path}.set_address_custom_type`;
      const address = requireAddress(customer, action.value.address, at);
      const custom = setCustomType(action.value, "address", context.types, at);
      return withAddress(customer, { ...withoutCustom(address), ...withCustom(custom) });
    }
    case "setAddressCustomField": {
      const at = `${path}.set_address_custom_field`;
      const address = requireAddress(customer, action.value.address, at);
      const custom = setCustomField(customOfAddress(address), action.value, context.types, at);
      return withAddress(customer, { ...withoutCustom(address), ...withCustom(custom) });
    }
    default:
      return action satisfies never;
  }
}

function requireAddress(
  { addresses }: CustomerState,
  message: AddressRef | undefined,
  path: string,
): AddressState {
  const { by, value } = parseRef(message);
  const address = addresses.find((one) => (by === "id" ? one.id : one.key) === value);
  if (!address) throw failure.operationNotAllowed(`${path}.address`, "the customer has no such address");
  return address;
}

function requireFreeKey({ addresses }: CustomerState, { id, key }: AddressState, path: string): void {
  if (key !== undefined && addresses.some((one) => one.id !== id && one.key === key)) {
    throw failure.operationNotAllowed(`${path}.key`, "another address of the customer has this key");
  }
}

function withAddress(customer: CustomerState, address: AddressState): CustomerState {
  return { ...customer, addresses: customer.addresses.map((one) => (one.id === address.id ? address : one)) };
}

function withoutCustom({ customTypeId: _, customFields: __, ...address }: AddressState): AddressState {
  return address;
}

function setDefault(
  customer: CustomerState,
  role: AddressRole,
  message: AddressRef | undefined,
  path: string,
): CustomerState {
  if (!message)
    return {
      ...customer,
      ...(role === "shipping" ? { defaultShippingAddressId: null } : { defaultBillingAddressId: null }),
    };
  const { id } = requireAddress(customer, message, path);
  const main = role === "shipping" ? { defaultShippingAddressId: id } : { defaultBillingAddressId: id };
  return { ...listed(customer, role, id), ...main };
}

/** @throws Failure OPERATION_NOT_ALLOWED when the address isn't listed. */
function unlist(
  customer: CustomerState,
  role: AddressRole,
  message: AddressRef | undefined,
  path: string,
): CustomerState {
  const { id } = requireAddress(customer, message, path);
  if (!idsOf(customer, role).includes(id)) {
    throw failure.operationNotAllowed(`${path}.address`, `it is not among the ${role} addresses`);
  }
  return unlisted(customer, role, id);
}

function idsOf(customer: CustomerState, role: AddressRole): readonly string[] {
  return role === "shipping" ? customer.shippingAddressIds : customer.billingAddressIds;
}

function listed(customer: CustomerState, role: AddressRole, id: string): CustomerState {
  const ids = [...new Set([...idsOf(customer, role), id])];
  return { ...customer, ...(role === "shipping" ? { shippingAddressIds: ids } : { billingAddressIds: ids }) };
}

/** What is not listed is not the default either. */
function unlisted(customer: CustomerState, role: AddressRole, id: string): CustomerState {
  const ids = idsOf(customer, role).filter((one) => one !== id);
  const main = (current: string | null) => (current === id ? null : current);
  return role === "shipping"
    ? {
        ...customer,
        shippingAddressIds: ids,
        defaultShippingAddressId: main(customer.defaultShippingAddressId),
      }
    : {
        ...customer,
        billingAddressIds: ids,
        defaultBillingAddressId: main(customer.defaultBillingAddressId),
      };
}
