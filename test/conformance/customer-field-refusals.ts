import type { OnMembers } from "../../gen/clientele/v1/customer_group_service_pb.ts";
import { customerFields } from "../../src/customers/fields.ts";
import { byEmail } from "../support/customers.ts";
import { actions, between, drafts, EMAIL, orders } from "./customer-field-rules.ts";
import { newCustomer, orderDraft, recordOrder, updateCustomer } from "./customers.ts";
import { fieldInvalid } from "./failure.ts";
import { type Row, unlike } from "./field-rules.ts";
import { byId, PROJECT } from "./groups.ts";
import type { Refusal } from "./obstacles.ts";
import { noSuchSort } from "./sorts.ts";

const others: readonly [...Row<Refusal["call"]>, title: string][] = [
  [
    ({ customers }) => customers.getCustomer({ projectKey: PROJECT, ref: byEmail("nobody") }),
    "ref.email",
    "string.pattern",
    unlike(EMAIL),
    "a malformed email address",
  ],
  [
    ({ customers }, { customer: { id } }) =>
      customers.recordOrder({
        projectKey: PROJECT,
        ref: byId(id),
        order: { ...orderDraft({}), total: undefined },
      }),
    "order.total",
    "required",
    "value is required",
    "an order without a total",
  ],
  [
    ({ customers }, { customer: { id } }) =>
      customers.listOrders({ projectKey: PROJECT, ref: byId(id), limit: 0 }),
    "limit",
    "int32.gte_lte",
    between(1, 500),
    "a page of no orders",
  ],
  [
    ({ customers }) => customers.queryCustomers({ projectKey: PROJECT, sort: ["tier"] }),
    "sort[0]",
    "sort.field",
    noSuchSort("tier", customerFields),
    "customers sorted by a field that they have not",
  ],
  [
    ({ groups }, { group: { id } }) => groups.addCustomers({ projectKey: PROJECT, ref: byId(id) }),
    "customers",
    "repeated.min_items",
    "must contain at least 1 item(s)",
    "to add no customers",
  ],
  [
    ({ groups }, { group: { id } }) =>
      groups.deleteCustomerGroup({
        projectKey: PROJECT,
        ref: byId(id),
        expectedVersion: 2n,
        onMembers: 9 as OnMembers,
      }),
    "on_members",
    "enum.defined_only",
    "must be ON_MEMBERS_UNSPECIFIED, ON_MEMBERS_REFUSE or ON_MEMBERS_DETACH",
    "to do with members what isn't known",
  ],
];

/** Rules of fields; of fields that several messages have, one of them. */
export const customerFieldRefusals: readonly Refusal[] = [
  ...drafts.map(
    ([draft, ...violation]): Refusal => ({
      title: `a customer whose ${violation[0]} breaks ${violation[1]}`,
      call: ({ customers }) => newCustomer(customers, draft),
      says: () => fieldInvalid(...violation),
    }),
  ),
  ...actions.map(
    ([action, field, ...violation]): Refusal => ({
      title: `an action on a customer whose ${field} breaks ${violation[0]}`,
      call: ({ customers }, { customer }) => updateCustomer(customers, customer, action),
      says: () => fieldInvalid(`actions[0].${field}`, ...violation),
    }),
  ),
  ...orders.map(
    ([order, ...violation]): Refusal => ({
      title: `the order ${JSON.stringify(order)}`,
      call: ({ customers }, { customer }) => recordOrder(customers, customer, order),
      says: () => fieldInvalid(...violation),
    }),
  ),
  ...others.map(
    ([call, field, rule, description, title]): Refusal => ({
      title,
      call,
      says: () => fieldInvalid(field, rule, description),
    }),
  ),
];
