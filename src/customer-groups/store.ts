import { commitFunction } from "../db/commit-function.ts";
import { arrayLiteral, type Statement } from "../db/connection.ts";
import type { Table } from "../db/table.ts";
import type { ResourceHeader, Stored } from "../resource.ts";
import type { GroupState } from "./state.ts";

export type GroupRow = GroupState & ResourceHeader;
export type StoredGroupRow = Stored<GroupRow>;

export const customerGroupsTable: Table<StoredGroupRow> = {
  name: "customer_groups",
  // A field that was removed from the type is hidden at once; its values are swept later.
  columns: (sql, projectId) => sql`
    t.id, t.version, t.created_at, t.created_by, t.last_modified_at, t.last_modified_by,
    t.key, t.name, t.reference, t.reference_origin, t.metadata, t.price_list_id, t.market_ids, t.attachments,
    t.custom_type_id,
    case when t.custom_type_id is not null then
      t.custom_fields - array(
        select r.field_name
        from custom_field_removals r
        where r.project_id = ${projectId} and r.custom_type_id = t.custom_type_id
      )
    end as custom_fields,
    t.byte_size`,
};

/** The size of all the groups with these ids or keys, as they are sent. */
export function sumGroupBytes(
  projectId: string,
  ids: readonly string[],
  keys: readonly string[],
): Statement<{ bytes: number }> {
  return (sql) => sql<{ bytes: number }[]>`
    select coalesce(sum(byte_size), 0)::integer as bytes
    from customer_groups
    where project_id = ${projectId}
      and (id = any(${arrayLiteral(ids)}::uuid[]) or key = any(${arrayLiteral(keys)}::text[]))`;
}

export const commitGroups = commitFunction("commit_customer_groups_v1");
