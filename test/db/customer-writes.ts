import { randomUUID, randomUUIDv7 } from "node:crypto";
import type { JsonObject } from "@bufbuild/protobuf";
import { commitCustomers } from "../../src/customers/store.ts";
import type { Sql } from "../../src/db/connection.ts";

/** The write that creates a customer, as a commit function takes it. */
export function customerCreation(changed: object = {}) {
  const email = `${randomUUID()}@example.test`;
  return {
    kind: "create",
    write_id: randomUUIDv7(),
    at: new Date(),
    actor: null,
    actions: [],
    id: randomUUIDv7(),
    expected_version: "0",
    email,
    email_canonical: email,
    is_email_verified: false,
    customer_group_assignments: [],
    sets_addresses: true,
    addresses: [],
    shipping_address_ids: [],
    billing_address_ids: [],
    payment_sources: [],
    subscriptions: [],
    tags: [],
    byte_size: 2000,
    ...changed,
  };
}

/** What a write says of custom fields of the customer. */
export function customerFields(typeId: string, fields: JsonObject) {
  return {
    sets_custom: true,
    custom_type_id: typeId,
    custom_fields: fields,
    custom_types: [{ id: typeId, version: "1" }],
  };
}

/** What a write says of one address that has custom fields, and another one that has none. */
export function addressFields(typeId: string, fields: JsonObject) {
  const address = { id: randomUUIDv7(), country: "DE" };
  return {
    addresses: [
      { id: randomUUIDv7(), country: "AT" },
      { ...address, customTypeId: typeId, customFields: fields },
    ],
    address_type_ids: [typeId],
    custom_types: [{ id: typeId, version: "1" }],
  };
}

/** Creates many customers, as each of `changes` says. */
export async function createCustomers(
  sql: Sql,
  projectId: string,
  changes: readonly object[],
): Promise<readonly string[]> {
  const writes = changes.map((changed) => customerCreation(changed));
  for (let from = 0; from < writes.length; from += BATCH) {
    const batch = JSON.stringify(writes.slice(from, from + BATCH));
    const outcomes = await commitCustomers(projectId, batch, false)(sql);
    const refused = outcomes.find(({ outcome }) => outcome !== "ok");
    if (refused) throw new Error(`a customer was not created: ${refused.outcome}`);
  }
  return writes.map(({ id }) => id);
}

const BATCH = 1000;
