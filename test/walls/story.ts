import type { JsonObject } from "@bufbuild/protobuf";
import { type Content, CUSTOMERS, emailOf, GROUPS, placedOrder, TYPE } from "./content.ts";

/** A call that names everything as both twins know it; each is possible where those before were made. */
export type Step = readonly [method: string, request: (own: Content) => JsonObject];

const group = { ref: { key: "group-0" } };
const customer = { ref: { key: "customer-0" } };
const type = { ref: { key: TYPE } };
const spare = { ref: { key: "spare" } };
const customerRefs = [{ key: "customer-1" }, { email: emailOf("customer-2") }];
const order = { ...placedOrder("order-9"), total: { currencyCode: "EUR", centAmount: "5" } };
const EXPAND = ["custom.type", "custom.fields.club", "custom.fields.friend"];
const OWN_EXPAND = ["customer_group", "customer_group_assignments[*].customer_group"];

/** Every method, those that write with the same request id in every project. */
export const STORY: readonly Step[] = [
  ["GetCustomerGroup", () => ({ ...group, expand: EXPAND })],
  ["BatchGetCustomerGroups", () => ({ refs: GROUPS.map((key) => ({ key })) })],
  ["QueryCustomerGroups", () => ({ withTotal: true, expand: EXPAND })],
  ["QueryCustomerGroups", () => ({ member: { email: emailOf("customer-0") } })],
  ["ExistsCustomerGroup", () => group],
  ["GetCustomer", () => ({ ref: { email: emailOf("customer-1") }, expand: [...EXPAND, ...OWN_EXPAND] })],
  ["BatchGetCustomers", () => ({ refs: CUSTOMERS.map((key) => ({ key })) })],
  ["QueryCustomers", () => ({ withTotal: true, exactTotal: true, expand: [...EXPAND, ...OWN_EXPAND] })],
  ["QueryCustomers", () => ({ where: ['customerGroup(key = "group-0")'], sort: ["customerGroup.key"] })],
  ["QueryCustomers", () => ({ where: ['customerGroupAssignments(customerGroup(key = "group-1"))'] })],
  ["QueryCustomers", () => ({ where: ['custom(type(key = "type")) and orders(orderId = "order-0")'] })],
  ["QueryCustomers", () => ({ where: ['email = "customer-0@shop.example"'], explain: true })],
  ["ExistsCustomer", () => customer],
  ["ListOrders", () => customer],
  ["ExportCustomer", () => customer],
  ["GetCustomType", () => type],
  ["QueryCustomTypes", () => ({ withTotal: true })],
  ["ExistsCustomType", () => type],
  ["GetProject", () => ({})],

  ["CreateCustomType", () => ({ draft: { key: "spare", name: { en: "spare" }, resourceTypes: [1] } })],
  [
    "UpdateCustomType",
    () => ({ ...type, expectedVersion: "1", actions: [{ setReference: { reference: "r" } }] }),
  ],
  ["DeleteCustomType", () => ({ ...spare, expectedVersion: "1" })],
  ["CreateCustomerGroup", () => ({ draft: { key: "spare", name: "spare" } })],
  [
    "UpdateCustomerGroup",
    () => ({ ...group, expectedVersion: "2", actions: [{ setReference: { reference: "r" } }] }),
  ],
  ["AddCustomers", () => ({ ...spare, customers: customerRefs })],
  ["RemoveCustomers", () => ({ ref: { key: "group-1" }, customers: customerRefs })],
  ["DeleteCustomerGroup", () => ({ ...spare, expectedVersion: "1", onMembers: "ON_MEMBERS_DETACH" })],
  [
    "CreateCustomer",
    () => ({ draft: { key: "spare", email: emailOf("spare"), customerGroup: { key: "group-2" } } }),
  ],
  [
    "UpdateCustomer",
    () => ({
      ...customer,
      expectedVersion: "3",
      actions: [{ setCustomerGroup: { customerGroup: { key: "group-2" } } }],
    }),
  ],
  ["RecordOrder", () => ({ ...customer, order })],
  ["DeleteCustomer", () => ({ ...spare, expectedVersion: "1" })],
  ["UpdateProject", () => ({ expectedVersion: "1", actions: [{ changeName: { name: "renamed" } }] })],
];

/** What has no project, or makes and ends one. */
export const UNTOLD = ["CreateProject", "DeleteProject", "ListProjects"];
