import type { QueryKind } from "../paging/query.ts";
import { customersTable, type StoredCustomerRow } from "./store.ts";

/** Each of the sorts has an index: a page takes the same time anywhere in millions of customers. */
export const customerQuery: QueryKind<StoredCustomerRow> = {
  method: "QueryCustomers",
  table: customersTable,
  sortColumns: {
    id: { column: "id", type: "uuid", nullable: false },
    email: { column: "email_canonical", type: "text", nullable: false },
    created_at: { column: "created_at", type: "timestamptz", nullable: false },
    last_modified_at: { column: "last_modified_at", type: "timestamptz", nullable: false },
  },
};
