import type { QueryKind } from "../paging/query.ts";
import { typeFields } from "./fields.ts";
import { customTypesTable, type StoredCustomTypeRow } from "./store.ts";

export const customTypeQuery: QueryKind<StoredCustomTypeRow> = {
  method: "QueryCustomTypes",
  table: customTypesTable,
  fields: typeFields,
};
