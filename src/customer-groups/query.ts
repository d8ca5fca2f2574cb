import type { QueryKind } from "../paging/query.ts";
import { groupFields } from "./fields.ts";
import { customerGroupsTable, type StoredGroupRow } from "./store.ts";

export const groupQuery: QueryKind<StoredGroupRow> = {
  method: "QueryCustomerGroups",
  table: customerGroupsTable,
  fields: groupFields,
};
