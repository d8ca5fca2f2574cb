import type { JsonObject } from "@bufbuild/protobuf";
import { projectIdOf } from "../../src/projects/project-id.ts";
import type { Call } from "./call.ts";

/** What was made in a project: its resources' ids by their keys, and ids of parts of theirs. */
export type Content = {
  readonly projectKey: string;
  readonly projectId: string;
  id(key: string): string;
  /** Of a customer's address, payment source, subscription, or of a group's attachment. */
  partId(key: string, list: string): string;
};

export const CUSTOMERS = ["customer-0", "customer-1", "customer-2"] as const;
type Customer = (typeof CUSTOMERS)[number];
export const GROUPS = ["group-0", "group-1", "group-2"] as const;
export const TYPE = "type";

/** How the customers of every project are reached by email. */
export function emailOf(key: string): string {
  return `${key}@shop.example`;
}

/**
 * Fills a project with resources that have the same keys, emails, numbers, order ids and request ids in
 * every project that is filled.
 *
 * @param text stands in every text that needn't be unique, and in the names of groups.
 */
export async function fillProject(call: Call, projectKey: string, text = "mirrored"): Promise<Content> {
  const made = new Map<string, JsonObject>();
  const make = async (method: string, key: string, draft: JsonObject) => {
    const [resource] = Object.values(
      await call(method, { projectKey, draft: { key, ...draft }, requestId: `request-${key}` }),
    );
    made.set(key, resource as JsonObject);
  };
  const content: Content = {
    projectKey,
    projectId: projectIdOf(projectKey),
    id: (key) => `${resourceOf(key).id}`,
    partId: (key, list) => `${(resourceOf(key)[list] as readonly JsonObject[])[0]?.id}`,
  };

  await make("CreateCustomType", TYPE, typeDraft(text));
  for (const key of GROUPS) await make("CreateCustomerGroup", key, groupDraft(text, key));
  for (const key of CUSTOMERS) await make("CreateCustomer", key, customerDraft(text, key, content));
  // The first customer has two, which makes pages.
  for (const [index, key] of [...CUSTOMERS, CUSTOMERS[0]].entries()) {
    const order = { ...placedOrder(`order-${index}`), total: { currencyCode: "EUR", centAmount: "1999" } };
    await call("RecordOrder", { projectKey, ref: { key }, order, requestId: `request-order-${index}` });
  }
  await call("UpdateCustomerGroup", {
    projectKey,
    ref: { key: "group-0" },
    expectedVersion: "1",
    actions: [{ addAttachment: { attachment: { name: text } } }],
    requestId: "request-attachment",
  }).then(({ customerGroup }) => made.set("group-0", customerGroup as JsonObject));
  return content;

  function resourceOf(key: string): JsonObject {
    const resource = made.get(key);
    if (!resource) throw new Error(`nothing was made with the key ${key}`);
    return resource;
  }
}

export function placedOrder(orderId: string): JsonObject {
  return { orderId, status: "ORDER_STATUS_PLACED", placedAt: "2024-05-06T07:08:09Z" };
}

function typeDraft(text: string): JsonObject {
  return {
    name: { en: text },
    resourceTypes: ["RESOURCE_TYPE_CUSTOMER", "RESOURCE_TYPE_CUSTOMER_GROUP", "RESOURCE_TYPE_ADDRESS"],
    fieldDefinitions: [
      { name: "note", type: { string: {} } },
      { name: "friend", type: { reference: { referenceTypeId: "customer" } } },
      { name: "club", type: { reference: { referenceTypeId: "customer-group" } } },
    ],
    metadata: { text },
  };
}

function groupDraft(text: string, key: string): JsonObject {
  return { name: `${text} ${key}`, reference: text, metadata: { text }, custom: customOf({ note: text }) };
}

/** Each customer knows the one before, and all know the first group. */
function customerDraft(text: string, key: Customer, content: Content): JsonObject {
  const before = CUSTOMERS[CUSTOMERS.indexOf(key) - 1];
  const friend = before ? { friend: { typeId: "customer", id: content.id(before) } } : {};
  const club = { typeId: "customer-group", id: content.id("group-0") };
  return {
    email: emailOf(key),
    customerNumber: `number-${key}`,
    externalId: `external-${key}`,
    firstName: text,
    lastName: text,
    customerGroup: { key: "group-0" },
    customerGroupAssignments: [{ key: "group-1" }],
    addresses: [{ key: "home", country: "DE", city: text, custom: customOf({ note: text }) }],
    defaultShippingAddress: 0,
    paymentSources: [{ token: text }],
    subscriptions: [{ reference: text }],
    tags: [text],
    metadata: { text },
    custom: customOf({ note: text, club, ...friend }),
  };
}

function customOf(fields: JsonObject): JsonObject {
  return { type: { key: TYPE }, fields };
}
