import { commitFunction } from "../db/commit-function.ts";
import type { Rows, Sql, Statement } from "../db/connection.ts";
import { fixedStatement } from "../db/fixed-statement.ts";
import type { ResourceHeader } from "../resource.ts";
import type { ProjectState } from "./state.ts";

export type ProjectRow = { readonly projectId: string; readonly key: string; readonly mode: "test" | "live" };

/** A project as its operators see it, `id` being the projectId. */
export type WholeProjectRow = ProjectState &
  ResourceHeader & {
    readonly key: string;
    readonly mode: "test" | "live";
    readonly customerGroupCount: number;
    readonly customerCount: number;
    readonly customTypeCount: number;
    readonly state: "active" | "deleting" | "deleted";
    readonly deletionStartedAt: Date | null;
    readonly deletionFinishedAt: Date | null;
    readonly deletedRowCount: bigint;
  };

/** Those of the projects that are active. */
export function listProjectsById(projectIds: readonly string[]): Statement<ProjectRow> {
  const [projectId = ""] = projectIds;
  return projectIds.length === 1
    ? projectById({ projectId })
    : projectsById({ projectIds: `{${projectIds}}` });
}

const projectById = fixedStatement<ProjectRow, "projectId">((sql) => {
  const projectId = "projectId";
  return sql`
    select project_id, key, mode
    from projects
    where project_id = ${projectId} and state = 'active'`;
});

const projectsById = fixedStatement<ProjectRow, "projectIds">((sql) => {
  const projectIds = "projectIds";
  return sql`
    select p.project_id, p.key, p.mode
    from unnest(${projectIds}::uuid[]) as w (project_id)
    join projects p on p.project_id = w.project_id and p.state = 'active'`;
});

/** The project, whatever its state; at most one row. */
export function listWholeProjectsById(projectId: string): Statement<WholeProjectRow> {
  return (sql) => sql<WholeProjectRow[]>`
    select ${wholeColumns(sql)}
    from projects
    where project_id = ${projectId}`;
}

/** Projects by their keys, behind `after`, at most `limit`. For operators: no other request reads across projects. */
export function listWholeProjects(
  after: string,
  limit: number,
  withDeleted: boolean,
): Statement<WholeProjectRow> {
  return (sql) => sql<WholeProjectRow[]>`
    select ${wholeColumns(sql)}
    from projects
    where key > ${after} ${withDeleted ? sql`` : sql`and state <> 'deleted'`}
    order by key
    limit ${limit}`;
}

/** Inserts the project unless it is there, or was; true if it was inserted. */
export async function insertProject(sql: Sql, project: ProjectRow, createdAt: Date): Promise<boolean> {
  const rows: Rows<object> = await sql`
    insert into projects (project_id, key, mode, name, created_at, last_modified_at)
    values (
      ${project.projectId}, ${project.key}, ${project.mode}, ${project.key}, ${createdAt}, ${createdAt}
    )
    on conflict (project_id) do nothing
    returning project_id`;
  return rows.length > 0;
}

/** Every project, those that were deleted too. For background work only: no request reads across projects. */
export function listProjectIds(): Statement<{ projectId: string }> {
  return (sql) => sql<{ projectId: string }[]>`
    select project_id
    from projects
    order by project_id`;
}

export const commitProjects = commitFunction("commit_projects_v1");

function wholeColumns(sql: Sql) {
  return sql`
    project_id as id, version, created_at, created_by, last_modified_at, last_modified_by, key, mode, name,
    customer_group_limit, customer_limit, custom_type_limit, concurrent_call_limit, calls_per_second_limit,
    customer_group_count, customer_count, custom_type_count,
    state, deletion_started_at, deletion_finished_at, deleted_row_count`;
}
