import type { QueryKind } from "../paging/query.ts";
import { customerGroupsTable, type StoredGroupRow } from "./store.ts";

export const groupQuery: QueryKind<StoredGroupRow> = {
  method: "QueryCustomerGroups",
  table: customerGroupsTable,
  sortColumns: {
    id: { column: "id", type: "uuid", nullable: false },
    name: { column: "name", type: "text", nullable: false },
    key: { column: "key", type: "text", nullable: true },
    created_at: { column: "created_at", type: "timestamptz", nullable: false },
    last_modified_at: { column: "last_modified_at", type: "timestamptz", nullable: false },
  },
};
