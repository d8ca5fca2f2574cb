import type { QueryKind } from "../paging/query.ts";
import { customTypesTable, type StoredCustomTypeRow } from "./store.ts";

export const customTypeQuery: QueryKind<StoredCustomTypeRow> = {
  method: "QueryCustomTypes",
  table: customTypesTable,
  sortColumns: {
    id: { column: "id", type: "uuid", nullable: false },
    key: { column: "key", type: "text", nullable: false },
    created_at: { column: "created_at", type: "timestamptz", nullable: false },
    last_modified_at: { column: "last_modified_at", type: "timestamptz", nullable: false },
  },
};
