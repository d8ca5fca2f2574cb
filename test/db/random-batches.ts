import { randomUUID, randomUUIDv7 } from "node:crypto";
import type { Sql } from "../../src/db/connection.ts";
import { groupCreation } from "./writes.ts";

type Write = ReturnType<typeof groupCreation>;
type Group = { readonly id: string; readonly version: bigint; readonly name: string; readonly key: string };

/**
 * Creations and updates of groups; some come too late, or are of groups that aren't there.
 *
 * @param oddity how many of the writes aren't plain.
 */
export function randomBatch(groups: readonly Group[], oddity: number, size = 12): Write[] {
  const left = groups.toSorted(() => Math.random() - 0.5);
  return Array.from({ length: size }, (): Write => {
    const group = Math.random() < 0.6 ? left.pop() : undefined;
    const other = groups[0];
    if (other && Math.random() < oddity) return oddWrite(group, other);
    if (!group) return groupCreation(Math.random() < 0.5 ? { key: randomUUID() } : {});
    if (Math.random() < 0.1) return following(group, { expected_version: `${group.version + 7n}` });
    return following(group, Math.random() < 0.1 ? { id: randomUUIDv7() } : {});
  });
}

function oddWrite(group: Group | undefined, other: Group): Write {
  if (!group)
    return groupCreation(Math.random() < 0.5 ? { name: other.name } : { key: other.key ?? "a-key" });
  const odd = [
    { name: randomUUID() },
    { key: randomUUID() },
    { kind: "delete" },
    { id: other.id },
    { name: other.name },
  ];
  return following(group, odd[Math.floor(Math.random() * odd.length)]);
}

/** An update that is plain, unless `changed` says otherwise. */
export function following(group: Group, changed: object = {}): Write {
  const { id, name, key } = group;
  const kept = { kind: "update", id, name, key, expected_version: `${group.version}` };
  return groupCreation({ ...kept, metadata: { a: randomUUID() }, byte_size: 200, ...changed });
}

export function groupsOf(sql: Sql, projectId: string) {
  return sql<Group[]>`
    select id, version, name, key from customer_groups where project_id = ${projectId} order by id`;
}

/** What a project has of groups, without its id. */
export async function everythingOf(sql: Sql, projectId: string) {
  return {
    groups: await sql`
      select to_jsonb(g) - 'project_id' as row from customer_groups g where project_id = ${projectId} order by id`,
    changes: await sql`
      select to_jsonb(c) - 'project_id' as row from changes c where project_id = ${projectId} order by sequence`,
    counters: await sql`
      select last_sequence, customer_group_count from projects where project_id = ${projectId}`,
  };
}
