import { commitFunction } from "../db/commit-function.ts";
import type { Table } from "../db/table.ts";
import type { ResourceHeader, Stored } from "../resource.ts";
import type { CustomTypeState } from "./state.ts";

export type CustomTypeRow = CustomTypeState & ResourceHeader;

/** `beingRemoved`: names of fields that were removed, while resources may still hold values of them. */
export type StoredCustomTypeRow = Stored<CustomTypeRow> & { readonly beingRemoved: readonly string[] };

export const customTypesTable: Table<StoredCustomTypeRow> = {
  name: "custom_types",
  columns: (sql, projectId) => sql`
    t.id, t.version, t.created_at, t.created_by, t.last_modified_at, t.last_modified_by,
    t.key, t.name, t.description, t.resource_types, t.field_definitions,
    t.reference, t.reference_origin, t.metadata, t.byte_size,
    array_to_json(array(
      select r.field_name
      from custom_field_removals r
      where r.project_id = ${projectId} and r.custom_type_id = t.id
    )) as being_removed`,
};

export const commitCustomTypes = commitFunction("commit_custom_types_v1");
