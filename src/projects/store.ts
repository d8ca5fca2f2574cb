import type { Rows, Sql, Statement } from "../db/connection.ts";

export type ProjectRow = { readonly projectId: string; readonly key: string; readonly mode: "test" | "live" };

export function listProjectsById(projectId: string): Statement<ProjectRow> {
  return (sql) => sql<ProjectRow[]>`
    select project_id, key, mode
    from projects
    where project_id = ${projectId}`;
}

/** Inserts the project unless it is there; true if it was inserted. */
export async function insertProject(sql: Sql, project: ProjectRow, createdAt: Date): Promise<boolean> {
  const rows: Rows<object> = await sql`
    insert into projects (project_id, key, mode, created_at)
    values (${project.projectId}, ${project.key}, ${project.mode}, ${createdAt})
    on conflict (project_id) do nothing
    returning project_id`;
  return rows.length > 0;
}

/** Every project. For background work only: no request reads across projects. */
export function listProjectIds(): Statement<{ projectId: string }> {
  return (sql) => sql<{ projectId: string }[]>`
    select project_id
    from projects
    order by project_id`;
}
