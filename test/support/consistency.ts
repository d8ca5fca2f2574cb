import postgres from "postgres";
import { expect } from "vitest";
import { type DatabaseAddress, type Sql, sessionOptions } from "../../src/db/connection.ts";
import { projectIdOf } from "../../src/projects/project-id.ts";

/** A client for what a test looks up, or breaks, behind the service's back. */
export function openSql(address: DatabaseAddress): Sql {
  return postgres(sessionOptions(address, 30_000));
}

/**
 * Expects of a project that its sequence has no gap, its counter is the number of its groups, and every
 * group's version and change rows tell the same story.
 */
export async function expectConsistent(sql: Sql, projectKey: string): Promise<void> {
  const projectId = projectIdOf(projectKey);
  const [project] = await sql`
    select
      last_sequence = (select count(*) from changes where project_id = ${projectId}) as sequence_counts_changes,
      last_sequence = (select coalesce(max(sequence), 0) from changes where project_id = ${projectId}) as sequence_is_last,
      customer_group_count = (select count(*) from customer_groups where project_id = ${projectId}) as count_is_exact
    from projects
    where project_id = ${projectId}`;
  expect(project).toEqual({ sequenceCountsChanges: true, sequenceIsLast: true, countIsExact: true });

  const broken = await sql`
    with steps as (
      select resource_id, sequence, version_before, version_after,
        lag(version_after) over of_resource as previous, lead(sequence) over of_resource is null as is_last
      from changes
      where project_id = ${projectId}
      window of_resource as (partition by resource_id order by sequence)
    )
    select s.resource_id, s.sequence
    from steps s
    left join customer_groups g on g.project_id = ${projectId} and g.id = s.resource_id
    where s.version_before is distinct from s.previous
      or (s.version_after is not null and s.version_after <> coalesce(s.version_before, 0) + 1)
      or (s.is_last and s.version_after is distinct from g.version)`;
  expect(broken).toHaveLength(0);

  const untold = await sql`
    select g.id
    from customer_groups g
    where g.project_id = ${projectId}
      and not exists (select from changes c where c.project_id = ${projectId} and c.resource_id = g.id)`;
  expect(untold).toHaveLength(0);
}
