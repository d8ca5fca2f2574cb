import { randomUUIDv7 } from "node:crypto";
import type { JsonValue } from "@bufbuild/protobuf";
import pg from "pg";
import { type GroupRow, type GroupStore, projectIsFull } from "./group-store.ts";

/** Each statement has a name, so that a connection parses and plans it once. */
export function pgStore(pool: pg.Pool): GroupStore {
  pg.types.setTypeParser(pg.types.builtins.INT8, BigInt);

  return {
    async findGroup(by, projectId, value) {
      const { rows } = await pool.query<GroupRow>({ ...FIND[by], values: [projectId, value] });
      return rows[0];
    },

    async listGroups(projectId, after, offset, limit) {
      const values = [projectId, limit, offset, ...(after === null ? [] : [after])];
      const statement = after === null ? LIST_FIRST : LIST_AFTER;
      return (await pool.query<GroupRow>({ ...statement, values })).rows;
    },

    insertGroup: (projectId, { id, draft, actions }) =>
      inTransaction(pool, async (client) => {
        const at = new Date();
        const { key, name, reference, referenceOrigin, metadata, priceListId, marketIds } = draft;
        const values = [
          ...[projectId, id, at, key, name, reference, referenceOrigin],
          ...[metadata ? JSON.stringify(metadata) : null, priceListId, JSON.stringify(marketIds)],
        ];
        const { rows } = await client.query<GroupRow>({ ...INSERT, values });
        const [group] = rows;
        if (!group) throw new Error("unreachable: an insertion returns its row");
        await appendChange(client, projectId, group, at, actions, 1);
        return group;
      }),

    updatePriceList: (projectId, { id, expectedVersion, priceListId, actions }) =>
      inTransaction(pool, async (client) => {
        const at = new Date();
        const values = [projectId, id, `${expectedVersion}`, at, priceListId];
        const { rows } = await client.query<GroupRow>({ ...UPDATE, values });
        const [group] = rows;
        if (group) await appendChange(client, projectId, group, at, actions, 0);
        return group;
      }),
  };
}

async function inTransaction<Result>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  try {
    await client.query(BEGIN);
    const result = await work(client);
    await client.query(COMMIT);
    return result;
  } catch (error) {
    await client.query("rollback");
    throw error;
  } finally {
    client.release();
  }
}

/** The project's row is locked as late as can be: it is what all writers wait for. */
async function appendChange(
  client: pg.PoolClient,
  projectId: string,
  { id, version }: GroupRow,
  at: Date,
  actions: JsonValue[],
  added: 0 | 1,
): Promise<void> {
  const before = version === 1n ? null : `${version - 1n}`;
  const values = [projectId, randomUUIDv7(), id, before, `${version}`, JSON.stringify(actions), at, added];
  const { rowCount } = await client.query({ ...APPEND, values });
  if (rowCount === 0) throw projectIsFull();
}

const COLUMNS = `
  id, version, created_at as "createdAt", last_modified_at as "lastModifiedAt", key, name, reference,
  reference_origin as "referenceOrigin", metadata, price_list_id as "priceListId", market_ids as "marketIds"`;

const BEGIN = { name: "begin", text: "begin" };
const COMMIT = { name: "commit", text: "commit" };

const FIND = { id: find("id"), key: find("key") } as const;

function find(column: string) {
  return {
    name: `find-by-${column}`,
    text: `
      select ${COLUMNS}
      from customer_groups
      where project_id = $1 and ${column} = $2`,
  };
}

const LIST_FIRST = list("list-first", "");
const LIST_AFTER = list("list-after", "and id > $4");

function list(name: string, condition: string) {
  return {
    name,
    text: `
      select ${COLUMNS}
      from customer_groups
      where project_id = $1 ${condition}
      order by id
      limit $2
      offset $3`,
  };
}

const INSERT = {
  name: "insert",
  text: `
    insert into customer_groups (
      project_id, id, version, created_at, last_modified_at, key, name, reference, reference_origin,
      metadata, price_list_id, market_ids, attachments, byte_size
    ) values ($1, $2, 1, $3, $3, $4, $5, $6, $7, $8, $9, $10, '[]', 0)
    returning ${COLUMNS}`,
};

const UPDATE = {
  name: "update",
  text: `
    update customer_groups
    set version = version + 1, last_modified_at = $4, price_list_id = $5
    where project_id = $1 and id = $2 and version = $3
    returning ${COLUMNS}`,
};

const APPEND = {
  name: "append",
  text: `
    with project as (
      update projects
      set last_sequence = last_sequence + 1, customer_group_count = customer_group_count + $8
      where project_id = $1 and customer_group_count + $8 <= customer_group_limit
      returning last_sequence
    )
    insert into changes (
      project_id, sequence, write_id, resource_type, resource_id, version_before, version_after, actions, at
    )
    select $1, last_sequence, $2, 'customer-group', $3, $4, $5, $6, $7
    from project`,
};
