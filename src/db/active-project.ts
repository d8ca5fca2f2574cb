import type { Tag } from "./fixed-statement.ts";

/**
 * The condition that the project is there. It stands in every statement that answers a request, so that a
 * deletion holds at once, also where the project is known from an earlier call. PostgreSQL finds it out
 * once for a statement.
 */
export function isActive<Part>(sql: Tag<Part>, projectId: Part | string): Part {
  return sql`exists (select from projects p where p.project_id = ${projectId} and p.state = 'active')`;
}
