import { addressesColumn, customColumns } from "../custom-fields/columns.ts";
import { commitFunction } from "../db/commit-function.ts";
import { arrayLiteral, type Statement } from "../db/connection.ts";
import type { Table } from "../db/table.ts";
import type { ResourceHeader, Stored } from "../resource.ts";
import type { CustomerState } from "./state.ts";

export type CustomerRow = CustomerState & ResourceHeader & { readonly placedOrderCount: number };
export type StoredCustomerRow = Stored<CustomerRow>;

export const customersTable: Table<StoredCustomerRow> = {
  name: "customers",
  columns: (sql, projectId) => sql`
    t.id, t.version, t.created_at, t.created_by, t.last_modified_at, t.last_modified_by,
    t.key, t.customer_number, t.external_id, t.email, t.email_canonical, t.is_email_verified,
    t.first_name, t.last_name, t.middle_name, t.title, t.salutation, t.date_of_birth,
    t.company_name, t.vat_id, t.locale, t.placed_order_count, t.customer_group_id, t.customer_group_assignments,
    ${addressesColumn(sql, projectId)},
    t.default_shipping_address_id, t.shipping_address_ids, t.default_billing_address_id, t.billing_address_ids,
    t.payment_sources, t.subscriptions, t.tags, t.reference, t.reference_origin, t.metadata,
    ${customColumns(sql, projectId, "many")}, t.byte_size`,
};

/** The size of all the customers with these ids, keys or canonical emails, as they are sent. */
export function sumCustomerBytes(
  projectId: string,
  {
    ids,
    keys,
    emails,
  }: {
    readonly ids: readonly string[];
    readonly keys: readonly string[];
    readonly emails: readonly string[];
  },
): Statement<{ bytes: number }> {
  return (sql) => sql<{ bytes: number }[]>`
    select coalesce(sum(byte_size), 0)::integer as bytes
    from customers
    where project_id = ${projectId}
      and (
        id = any(${arrayLiteral(ids)}::uuid[])
        or key = any(${arrayLiteral(keys)}::text[])
        or email_canonical = any(${arrayLiteral(emails)}::text[])
      )`;
}

export const commitCustomers = commitFunction("commit_customers_v1");

/** Inserts new customers in bulk, all or nothing. @param customers a JSON array; see migrations/functions/insert_customers_v1.sql. */
export function insertCustomers(projectId: string, customers: string, at: Date): Statement<object> {
  return (sql) => sql<object[]>`
    select insert_customers_v1(${projectId}, ${customers}::text::jsonb, ${at})`;
}
