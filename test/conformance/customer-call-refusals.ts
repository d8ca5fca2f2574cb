import { byEmail } from "../support/customers.ts";
import { requestIdReused } from "./cases/request-id.ts";
import { customerDraft, orderDraft, updateCustomer } from "./customers.ts";
import { byId, byKey, PROJECT, unique } from "./groups.ts";
import type { Refusal } from "./obstacles.ts";
import type { Callers } from "./services.ts";
import { duplicate, emailNotFound, notFound, pageTokenInvalid, versionMismatch } from "./stories.ts";

const any = { projectKey: "nowhere", ref: byKey("any") };
const unknownProjects: readonly ((callers: Callers) => Promise<unknown>)[] = [
  ({ customers }) => customers.getCustomer(any),
  ({ customers }) => customers.batchGetCustomers({ projectKey: "nowhere" }),
  ({ customers }) => customers.queryCustomers({ projectKey: "nowhere" }),
  ({ customers }) => customers.existsCustomer({ ...any, target: { case: "ref", value: any.ref } }),
  ({ customers }) => customers.createCustomer({ projectKey: "nowhere", draft: customerDraft() }),
  ({ customers }) => customers.updateCustomer({ ...any, expectedVersion: 1n }),
  ({ customers }) => customers.deleteCustomer({ ...any, expectedVersion: 1n }),
  ({ customers }) => customers.recordOrder({ ...any, order: orderDraft({}) }),
  ({ customers }) => customers.listOrders(any),
  ({ customers }) => customers.exportCustomer(any),
  ({ groups }) => groups.addCustomers({ ...any, customers: [any.ref] }),
  ({ groups }) => groups.removeCustomers({ ...any, customers: [any.ref] }),
];

/** Calls about customers that the stored state refuses as it does the essential ones. */
export const customerCallRefusals: readonly Refusal[] = [
  ...unknownProjects.map(
    (call): Refusal => ({
      title: `a project that isn't there: ${/\.(\w+)\(/.exec(`${call}`)?.[1]}`,
      call,
      says: () => notFound("project", "key", "nowhere"),
    }),
  ),
  {
    title: "to delete a version of a customer that isn't there yet, beyond what a double can count",
    call: ({ customers }, { customer: { id } }) =>
      customers.deleteCustomer({ projectKey: PROJECT, ref: byId(id), expectedVersion: 2n ** 63n - 1n }),
    says: () => versionMismatch(2n ** 63n - 1n, 2n),
  },
  {
    title: "the members of a group that isn't there",
    call: ({ customers }) => customers.queryCustomers({ projectKey: PROJECT, memberOf: byKey("none") }),
    says: () => notFound("customer-group", "key", "none"),
  },
  {
    title: "the groups of a customer who isn't there",
    call: ({ groups }) =>
      groups.queryCustomerGroups({ projectKey: PROJECT, member: byEmail("No.One@shop.example") }),
    says: () => emailNotFound(),
  },
  {
    title: "to take out a customer of several who isn't there",
    call: ({ groups }, { group, customer, foreignCustomer }) =>
      groups.removeCustomers({
        projectKey: PROJECT,
        ref: byId(group.id),
        customers: [byId(customer.id), byId(foreignCustomer.id)],
      }),
    says: ({ foreignCustomer }) => notFound("customer", "id", foreignCustomer.id, "customers[1]"),
  },
  {
    title: "to add customers to a group that isn't there",
    call: ({ groups }, { id, customer }) =>
      groups.addCustomers({ projectKey: PROJECT, ref: byId(id), customers: [byId(customer.id)] }),
    says: ({ id }) => notFound("customer-group", "id", id),
  },
  {
    title: "a page token of all customers for the members of a group",
    async call({ customers }, { memberGroup }) {
      const request = { projectKey: PROJECT, limit: 1 };
      const { nextPageToken } = await customers.queryCustomers(request);
      return customers.queryCustomers({
        ...request,
        memberOf: byId(memberGroup.id),
        pageToken: nextPageToken,
      });
    },
    says: () => pageTokenInvalid,
  },
  {
    title: "a page token of another customer's export",
    async call({ customers }, { customer, customerHolder }) {
      const of = (id: string) => ({ projectKey: PROJECT, ref: byId(id) });
      const { nextPageToken } = await customers.exportCustomer({ ...of(customerHolder.id), limit: 1 });
      return customers.exportCustomer({ ...of(customer.id), pageToken: nextPageToken });
    },
    says: () => pageTokenInvalid,
  },
  {
    title: "to get a customer by an id that nobody has",
    call: ({ customers }, { id }) =>
      customers.getCustomer({ projectKey: PROJECT, ref: byId(id.toUpperCase()) }),
    says: ({ id }) => notFound("customer", "id", id),
  },
  {
    title: "to export another project's customer by key",
    call: ({ customers }, { foreignCustomer: { key = "" } }) =>
      customers.exportCustomer({ projectKey: PROJECT, ref: byKey(key) }),
    says: ({ foreignCustomer: { key = "" } }) => notFound("customer", "key", key),
  },
  {
    title: "a customer a key that another one has",
    call: ({ customers }, { customer, customerHolder: { key = "" } }) =>
      updateCustomer(customers, customer, { setKey: { key } }),
    says: ({ customerHolder }) => duplicate("customer", "key", customerHolder.id),
  },
  {
    title: "a page token of another customer's orders",
    async call({ customers }, { customer, customerHolder }) {
      const of = (id: string) => ({ projectKey: PROJECT, ref: byId(id) });
      const { nextPageToken } = await customers.listOrders({ ...of(customerHolder.id), limit: 1 });
      return customers.listOrders({ ...of(customer.id), pageToken: nextPageToken });
    },
    says: () => pageTokenInvalid,
  },
  {
    title: "a request id that was used with another customer",
    async call({ customers }) {
      const request = { projectKey: PROJECT, requestId: unique("request") };
      await customers.createCustomer({ ...request, draft: customerDraft() });
      return customers.createCustomer({ ...request, draft: customerDraft() });
    },
    says: () => requestIdReused,
  },
];
