import type { QueryKind } from "../paging/query.ts";
import { customerFields } from "./fields.ts";
import { customersTable, type StoredCustomerRow } from "./store.ts";

export const customerQuery: QueryKind<StoredCustomerRow> = {
  method: "QueryCustomers",
  table: customersTable,
  fields: customerFields,
};
