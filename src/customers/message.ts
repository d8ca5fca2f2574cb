import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import type { Address } from "../../gen/clientele/v1/address_pb.ts";
import type { CustomerGroup, CustomerGroupReference } from "../../gen/clientele/v1/customer_group_pb.ts";
import {
  type Customer,
  type CustomerGroupAssignment,
  CustomerStatus,
} from "../../gen/clientele/v1/customer_pb.ts";
import type { PaymentSource } from "../../gen/clientele/v1/payment_source_pb.ts";
import type { Subscription } from "../../gen/clientele/v1/subscription_pb.ts";
import type { Expanded } from "../custom-fields/expand.ts";
import { customMessage } from "../custom-fields/message.ts";
import type { Project } from "../projects/projects.ts";
import { headerMessage } from "../resource.ts";
import { isAsked } from "./expand.ts";
import {
  type AddressState,
  CUSTOMER_TEXTS,
  customOfAddress,
  type PaymentSourceState,
  type SubscriptionState,
} from "./state.ts";
import type { CustomerRow } from "./store.ts";

/** A literal rather than `create()`, which costs several times as much. */
export function toMessage(row: CustomerRow, project: Project, expanded?: Expanded): Customer {
  const message: Customer = {
    $typeName: "clientele.v1.Customer",
    ...headerMessage(row),
    email: row.email,
    isEmailVerified: row.isEmailVerified,
    // Credentials are still to come.
    hasPassword: false,
    status: statusOf(row.placedOrderCount),
    placedOrderCount: row.placedOrderCount,
    customerGroupAssignments: row.customerGroupAssignments.map((id) =>
      toAssignment(
        id,
        isAsked(expanded, "customer_group_assignments[*].customer_group") ? expanded : undefined,
      ),
    ),
    addresses: row.addresses.map((address) => toAddress(address)),
    shippingAddressIds: [...row.shippingAddressIds],
    billingAddressIds: [...row.billingAddressIds],
    paymentSources: row.paymentSources.map(toPaymentSource),
    subscriptions: row.subscriptions.map(toSubscription),
    tags: [...row.tags],
    mode: project.mode,
    self: `projects/${project.key}/customers/${row.id}`,
  };
  for (const name of CUSTOMER_TEXTS) {
    const text = row[name];
    if (text !== null) message[name] = text;
  }
  if (row.customerGroupId !== null) {
    message.customerGroup = toGroupReference(
      row.customerGroupId,
      isAsked(expanded, "customer_group") ? expanded : undefined,
    );
  }
  if (row.defaultShippingAddressId !== null) message.defaultShippingAddressId = row.defaultShippingAddressId;
  if (row.defaultBillingAddressId !== null) message.defaultBillingAddressId = row.defaultBillingAddressId;
  if (row.metadata !== null) message.metadata = row.metadata;
  const custom = customMessage(row, expanded);
  if (custom) message.custom = custom;
  return message;
}

function statusOf(placedOrderCount: number): CustomerStatus {
  if (placedOrderCount === 0) return CustomerStatus.PROSPECT;
  return placedOrderCount === 1 ? CustomerStatus.ACQUIRED : CustomerStatus.REPEAT;
}

function toAssignment(id: string, expanded: Expanded | undefined): CustomerGroupAssignment {
  return {
    $typeName: "clientele.v1.CustomerGroupAssignment",
    customerGroup: toGroupReference(id, expanded),
  };
}

function toGroupReference(id: string, expanded: Expanded | undefined): CustomerGroupReference {
  const reference: CustomerGroupReference = { $typeName: "clientele.v1.CustomerGroupReference", id };
  const group = expanded?.resources.get("customer-group")?.get(id)?.message;
  // That target gives no other messages.
  if (group) reference.obj = group as CustomerGroup;
  return reference;
}

function toAddress(address: AddressState): Address {
  const { customTypeId: _, customFields: __, ...said } = address;
  const message: Address = { $typeName: "clientele.v1.Address", ...said };
  const custom = customMessage(customOfAddress(address));
  if (custom) message.custom = custom;
  return message;
}

function toPaymentSource(source: PaymentSourceState): PaymentSource {
  return { $typeName: "clientele.v1.PaymentSource", ...source };
}

function toSubscription({ id, reference, startedAt, endedAt }: SubscriptionState): Subscription {
  const message: Subscription = {
    $typeName: "clientele.v1.Subscription",
    id,
    reference,
    startedAt: timestampFromDate(new Date(startedAt)),
  };
  if (endedAt !== undefined) message.endedAt = timestampFromDate(new Date(endedAt));
  return message;
}
