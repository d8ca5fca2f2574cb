import { fromJson, type JsonObject, toJson } from "@bufbuild/protobuf";
import { type Customer, CustomerSchema } from "../../gen/clientele/v1/customer_pb.ts";
import {
  CustomerDraftSchema,
  CustomerUpdateActionSchema,
  OrderDraftSchema,
} from "../../gen/clientele/v1/customer_service_pb.ts";
import { type Order, OrderSchema } from "../../gen/clientele/v1/order_pb.ts";
import { customerOf } from "../support/customers.ts";
import { byId, PROJECT, unique } from "./groups.ts";
import type { Callers } from "./services.ts";

type Caller = Callers["customers"];

// Drafts, actions and orders are said in JSON here, as those of types are, and answers are compared in it.

/** An address that no other test uses. */
export function uniqueEmail(): string {
  return `${unique("Ann")}@Shop.example`;
}

export async function newCustomer(
  customers: Caller,
  draft: JsonObject = {},
  projectKey = PROJECT,
): Promise<Customer> {
  return customerOf(await customers.createCustomer({ projectKey, draft: customerDraft(draft) }));
}

/** Of an email address of its own, unless it says otherwise. */
export function customerDraft(draft: JsonObject = {}) {
  return fromJson(CustomerDraftSchema, { email: uniqueEmail(), ...draft });
}

export async function getCustomer(
  customers: Caller,
  { id }: Customer,
  projectKey = PROJECT,
): Promise<Customer> {
  return customerOf(await customers.getCustomer({ projectKey, ref: byId(id) }));
}

/** Updates the version of the customer that is passed. */
export async function updateCustomer(
  customers: Caller,
  { id, version }: Customer,
  ...actions: readonly JsonObject[]
): Promise<Customer> {
  return customerOf(
    await customers.updateCustomer({
      projectKey: PROJECT,
      ref: byId(id),
      expectedVersion: version,
      actions: customerActions(...actions),
    }),
  );
}

export function customerActions(...actions: readonly JsonObject[]) {
  return actions.map((action) => fromJson(CustomerUpdateActionSchema, action));
}

export async function removeCustomer(customers: Caller, { id, version }: Customer): Promise<Customer> {
  return customerOf(
    await customers.deleteCustomer({ projectKey: PROJECT, ref: byId(id), expectedVersion: version }),
  );
}

export async function recordOrder(
  customers: Caller,
  { id }: Pick<Customer, "id">,
  order: JsonObject,
): Promise<Order> {
  const answer = await customers.recordOrder({
    projectKey: PROJECT,
    ref: byId(id),
    order: orderDraft(order),
  });
  if (!answer.order) throw new Error("the answer has no order");
  return answer.order;
}

/** Of an order that is pending, unless it says otherwise. */
export function orderDraft(order: JsonObject) {
  const total = { currencyCode: "EUR", centAmount: "1999" };
  return fromJson(OrderDraftSchema, {
    orderId: unique("order"),
    status: "ORDER_STATUS_PENDING",
    total,
    ...order,
  });
}

export function customerJson(customer: Customer): JsonObject {
  return toJson(CustomerSchema, customer) as JsonObject;
}

export function orderJson(order: Order): JsonObject {
  return toJson(OrderSchema, order) as JsonObject;
}
