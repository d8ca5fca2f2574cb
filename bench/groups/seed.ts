import type { Sql } from "../../src/db/connection.ts";
import { projectIdOf } from "../../src/projects/project-id.ts";
import { insertProject } from "../../src/projects/store.ts";
import { createProjects, readProjects } from "../projects.ts";
import { ID_HEX_DIGITS, ID_START, NUMBER_DIGITS, type SeededGroups } from "./seeded.ts";

/** Groups of one project, or so many. */
export const SPREAD = 50;
/** More than a page of twenty. */
const LEAST_ROWS = 25;

/** What of `rows` groups each of some projects holds. */
export function seededGroups(rows: number, projects: number): SeededGroups & { createProjects: string[] } {
  return {
    projects: readProjects(projects),
    rows: Math.max(LEAST_ROWS, Math.floor(rows / projects)),
    createProjects: createProjects(projects),
  };
}

/** Makes the projects that are missing. */
export async function seedProjects(sql: Sql, keys: readonly string[]): Promise<void> {
  for (const key of keys)
    await insertProject(sql, { projectId: projectIdOf(key), key, mode: "test" }, new Date());
  // A bench creates more groups than a project may have.
  await sql`update projects set customer_group_limit = 2147483647`;
}

/**
 * Fills projects by statements of the bench: a commit function would take a minute for a million, and changes,
 * which nobody reads here, as much room again.
 */
export async function seedGroups(sql: Sql, projects: readonly string[], rows: number): Promise<void> {
  for (const projectKey of projects) {
    const projectId = projectIdOf(projectKey);
    await sql`
      insert into customer_groups (
        project_id, id, version, created_at, last_modified_at, key, name, reference, reference_origin,
        metadata, price_list_id, market_ids, attachments, byte_size
      )
      select
        ${projectId}, (${ID_START}::text || lpad(to_hex(n), ${ID_HEX_DIGITS}, '0'))::uuid, 1, now(), now(),
        'gold-' || lpad(n::text, ${NUMBER_DIGITS}, '0'), 'Gold members ' || lpad(n::text, ${NUMBER_DIGITS}, '0'),
        'crm-segment-0042', 'crm', '{"tier": "gold", "discountPercent": 10, "channels": ["web", "app"]}',
        'price-list-eu', '["market-de", "market-fr"]', '[]', ${BYTE_SIZE}
      from generate_series(0, ${rows - 1}::integer) as n`;
    await sql`update projects set customer_group_count = ${rows} where project_id = ${projectId}`;
  }
}

/** About what the service writes of such a group. */
const BYTE_SIZE = 1400;
