import { randomUUIDv7 } from "node:crypto";
import type { JsonValue } from "@bufbuild/protobuf";
import type postgres from "postgres";
import { type GroupRow, type GroupStore, projectIsFull } from "./group-store.ts";

type Change = {
  readonly group: GroupRow;
  readonly at: Date;
  readonly actions: JsonValue[];
  /** How many groups the project has more than before. */
  readonly added: 0 | 1;
};

type Sql = postgres.Sql<{ bigint: bigint }>;
type Transaction = postgres.TransactionSql<{ bigint: bigint }>;

/** The driver prepares each statement on each connection by itself. */
export async function postgresStore(sql: Sql): Promise<GroupStore> {
  const columns = sql`
    id, version, created_at, last_modified_at, key, name, reference, reference_origin, metadata,
    price_list_id, market_ids`;
  await sql`select 1`;

  return {
    async findGroup(by, projectId, value) {
      const [group] = await sql<GroupRow[]>`
        select ${columns}
        from customer_groups
        where project_id = ${projectId} and ${by === "id" ? sql`id` : sql`key`} = ${value}`;
      return group;
    },

    async listGroups(projectId, after, offset, limit) {
      return await sql<GroupRow[]>`
        select ${columns}
        from customer_groups
        where project_id = ${projectId} ${after === null ? sql`` : sql`and id > ${after}`}
        order by id
        limit ${limit}
        offset ${offset}`;
    },

    async insertGroup(projectId, { id, draft, actions }) {
      const at = new Date();
      return await sql.begin(async (transaction) => {
        const [group] = await transaction<GroupRow[]>`
          insert into customer_groups (
            project_id, id, version, created_at, last_modified_at, key, name, reference, reference_origin,
            metadata, price_list_id, market_ids, attachments, byte_size
          ) values (
            ${projectId}, ${id}, 1, ${at}, ${at}, ${draft.key ?? null}, ${draft.name},
            ${draft.reference ?? null}, ${draft.referenceOrigin ?? null},
            ${draft.metadata ? sql.json(draft.metadata) : null}, ${draft.priceListId ?? null},
            ${draft.marketIds}, '[]', 0
          )
          returning ${columns}`;
        if (!group) throw new Error("unreachable: an insertion returns its row");
        await appendChange(transaction, projectId, { group, at, actions, added: 1 });
        return group;
      });
    },

    async updatePriceList(projectId, { id, expectedVersion, priceListId, actions }) {
      const at = new Date();
      return await sql.begin(async (transaction) => {
        const [group] = await transaction<GroupRow[]>`
          update customer_groups
          set version = version + 1, last_modified_at = ${at}, price_list_id = ${priceListId}
          where project_id = ${projectId} and id = ${id} and version = ${expectedVersion}
          returning ${columns}`;
        if (group) await appendChange(transaction, projectId, { group, at, actions, added: 0 });
        return group;
      });
    },
  };
}

/** The project's row is locked as late as can be: it is what all writers wait for. */
async function appendChange(
  transaction: Transaction,
  projectId: string,
  { group, at, actions, added }: Change,
): Promise<void> {
  const inserted = await transaction`
    with project as (
      update projects
      set last_sequence = last_sequence + 1, customer_group_count = customer_group_count + ${added}
      where project_id = ${projectId} and customer_group_count + ${added} <= customer_group_limit
      returning last_sequence
    )
    insert into changes (
      project_id, sequence, write_id, resource_type, resource_id, version_before, version_after, actions, at
    )
    select
      ${projectId}, last_sequence, ${randomUUIDv7()}, 'customer-group', ${group.id},
      ${group.version === 1n ? null : group.version - 1n}, ${group.version}, ${transaction.json(actions)}, ${at}
    from project`;
  if (inserted.count === 0) throw projectIsFull();
}
