import { randomUUIDv7 } from "node:crypto";
import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import type postgres from "postgres";
import type { CustomerGroupDraft } from "../../gen/clientele/v1/customer_group_service_pb.ts";

export type GroupRow = {
  readonly id: string;
  readonly version: bigint;
  readonly createdAt: Date;
  readonly lastModifiedAt: Date;
  readonly key: string | null;
  readonly name: string;
  readonly reference: string | null;
  readonly referenceOrigin: string | null;
  readonly metadata: JsonObject | null;
  readonly priceListId: string | null;
  readonly marketIds: string[];
};

type Creation = { readonly id: string; readonly draft: CustomerGroupDraft; readonly actions: JsonValue[] };
type PriceListUpdate = {
  readonly id: string;
  readonly expectedVersion: bigint;
  readonly priceListId: string | null;
  readonly actions: JsonValue[];
};
type Change = {
  readonly group: GroupRow;
  readonly at: Date;
  readonly actions: JsonValue[];
  /** How many groups the project has more than before. */
  readonly added: 0 | 1;
};

type Sql = postgres.Sql<{ bigint: bigint }>;
type Transaction = postgres.TransactionSql<{ bigint: bigint }>;

export type HandWrittenStore = Awaited<ReturnType<typeof handWrittenStore>>;

/** One short statement for a read; for a write the row and its change, in one transaction. */
export async function handWrittenStore(sql: Sql) {
  const columns = sql`
    id, version, created_at, last_modified_at, key, name, reference, reference_origin, metadata,
    price_list_id, market_ids`;
  await sql`select 1`;

  return {
    async findGroup(by: "id" | "key", projectId: string, value: string): Promise<GroupRow | undefined> {
      const [group] = await sql<GroupRow[]>`
        select ${columns}
        from customer_groups
        where project_id = ${projectId} and ${by === "id" ? sql`id` : sql`key`} = ${value}`;
      return group;
    },

    async listGroups(projectId: string, after: string | null, offset: number, limit: number) {
      return await sql<GroupRow[]>`
        select ${columns}
        from customer_groups
        where project_id = ${projectId} ${after === null ? sql`` : sql`and id > ${after}`}
        order by id
        limit ${limit}
        offset ${offset}`;
    },

    /** Undefined when the project is full. */
    async insertGroup(projectId: string, { id, draft, actions }: Creation): Promise<GroupRow | undefined> {
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

    /** Undefined when there is no such group in this version. */
    async updatePriceList(projectId: string, update: PriceListUpdate): Promise<GroupRow | undefined> {
      const { id, expectedVersion, priceListId, actions } = update;
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
  if (inserted.count === 0)
    throw Object.assign(new Error("the project is full"), { code: RESOURCE_EXHAUSTED });
}

const RESOURCE_EXHAUSTED = 8;
