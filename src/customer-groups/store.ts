import { customColumns } from "../custom-fields/columns.ts";
import { commitFunction } from "../db/commit-function.ts";
import { arrayLiteral, type Statement } from "../db/connection.ts";
import type { Filter } from "../db/expression.ts";
import { plainWrites, type WriteColumns } from "../db/plain-writes.ts";
import type { Table } from "../db/table.ts";
import type { ResourceHeader, Stored } from "../resource.ts";
import type { GroupState } from "./state.ts";

/** `customerCount`: how many members the group has. */
export type GroupRow = GroupState & ResourceHeader & { readonly customerCount: number };
export type StoredGroupRow = Stored<GroupRow>;

export const customerGroupsTable: Table<StoredGroupRow> = {
  name: "customer_groups",
  columns: (sql, projectId, rows) => sql`
    t.id, t.version, t.created_at, t.created_by, t.last_modified_at, t.last_modified_by,
    t.key, t.name, t.reference, t.reference_origin, t.metadata, t.price_list_id, t.market_ids, t.attachments,
    t.customer_count, ${customColumns(sql, projectId, rows)}, t.byte_size`,
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

/** The groups that a customer is a member of. */
export function groupsOf(customerId: string): Filter {
  return ({ sql, projectId }) => sql`t.id in (
    select m.customer_group_id
    from customer_group_members m
    where m.project_id = ${projectId} and m.customer_id = ${customerId}
  )`;
}

/** Of a write without custom fields, which isn't remembered. */
export const plainGroupColumns: WriteColumns = {
  write_id: "uuid",
  at: "timestamptz",
  actor: "jsonb",
  actions: "jsonb",
  id: "uuid",
  expected_version: "bigint",
  key: "text",
  name: "text",
  reference: "text",
  reference_origin: "text",
  metadata: "jsonb",
  price_list_id: "text",
  market_ids: "jsonb",
  attachments: "jsonb",
  byte_size: "integer",
  known_modified_at: "timestamptz",
  known_customer_count: "integer",
};
const plainGroupWrites = plainWrites(
  {
    type: "customer_group_write_v1",
    lone: { create: "commit_customer_group_creation_v1", update: "commit_customer_group_update_v1" },
    flight: "commit_customer_group_flight_v2",
  },
  plainGroupColumns,
);

export const commitMemberships = commitFunction("commit_memberships_v1");
export const commitGroups = commitFunction("commit_customer_groups_v1", plainGroupWrites);
