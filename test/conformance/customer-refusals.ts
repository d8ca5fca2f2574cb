import { byEmail } from "../support/customers.ts";
import { newCustomer, recordOrder, updateCustomer } from "./customers.ts";
import { byId, PROJECT, unique } from "./groups.ts";
import type { Refusal } from "./obstacles.ts";
import {
  duplicate,
  emailNotFound,
  limitReached,
  notAllowed,
  referenced,
  versionMismatch,
} from "./stories.ts";

const NOBODY = "No.One@shop.example";

/** What the stored state refuses. */
export const customerRefusals: readonly Refusal[] = [
  {
    title: "to get a customer by an email address that nobody has, without repeating it",
    call: ({ customers }) => customers.getCustomer({ projectKey: PROJECT, ref: byEmail(NOBODY) }),
    says: () => emailNotFound(),
  },
  {
    title: "to add a customer of several who isn't there",
    call: ({ groups }, { group, customer }) =>
      groups.addCustomers({
        projectKey: PROJECT,
        ref: byId(group.id),
        customers: [byId(customer.id), byEmail(NOBODY)],
      }),
    says: () => emailNotFound("customers[1]"),
  },
  {
    title: "to update a version of a customer that is behind, even with no actions",
    call: ({ customers }, { customer }) => updateCustomer(customers, { ...customer, version: 1n }),
    says: () => versionMismatch(1n, 2n),
  },
  {
    title: "a new customer an email address that another one has, in other letters",
    call: ({ customers }, { customerHolder: { email } }) =>
      newCustomer(customers, { email: email.toUpperCase() }),
    says: ({ customerHolder }) => duplicate("customer", "email", customerHolder.id),
  },
  {
    title: "an order that another customer has",
    call: ({ customers }, { customer, order: { orderId } }) => recordOrder(customers, customer, { orderId }),
    says: ({ customerHolder }) => duplicate("customer", "order_id", customerHolder.id),
  },
  {
    title: "a customer another number",
    call: ({ customers }, { customer }) =>
      updateCustomer(customers, customer, { setCustomerNumber: { customerNumber: unique("No") } }),
    says: () =>
      notAllowed("actions[0].set_customer_number.customer_number", "the customer has a number, which stays"),
  },
  {
    title: "more tags than a customer may have",
    call: ({ customers }, { customer }) => updateCustomer(customers, customer, { addTag: { tag: "more" } }),
    says: () => limitReached("tags_of_a_customer", 10, 10),
  },
  {
    title: "to delete a group that has members",
    call: ({ groups }, { memberGroup: { id } }) =>
      groups.deleteCustomerGroup({ projectKey: PROJECT, ref: byId(id), expectedVersion: 1n }),
    says: () => referenced("customer", 2, "customers"),
  },
];
