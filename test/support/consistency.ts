import postgres from "postgres";
import { expect } from "vitest";
import { type DatabaseAddress, type Sql, sessionOptions } from "../../src/db/connection.ts";
import { projectIdOf } from "../../src/projects/project-id.ts";
import { expectDefined, expectSigned } from "./custom-field-consistency.ts";
import { expectMembers, expectOrdersCounted, expectWellAddressed } from "./customer-consistency.ts";

/** A client for what a test looks up, or breaks, behind the service's back. */
export function openSql(address: DatabaseAddress): Sql {
  return postgres(sessionOptions(address, 30_000));
}

/**
 * Expects of a project that its sequence has no gap, its counters are the numbers of its resources,
 * every resource's version and change rows tell the same story, and its resources hold what their
 * custom types let them hold; that customers and groups agree on who is a member; and that orders are counted.
 */
export async function expectConsistent(sql: Sql, projectKey: string): Promise<void> {
  const projectId = projectIdOf(projectKey);
  await expectCounted(sql, projectId);
  await expectTold(sql, projectId);
  await expectSigned(sql, projectId);
  await expectDefined(sql, projectId);
  await expectMembers(sql, projectId);
  await expectOrdersCounted(sql, projectId);
  await expectWellAddressed(sql, projectId);
}

async function expectCounted(sql: Sql, projectId: string): Promise<void> {
  const [project] = await sql`
    select
      last_sequence = (select count(*) from changes where project_id = ${projectId}) as sequence_counts_changes,
      last_sequence = (select coalesce(max(sequence), 0) from changes where project_id = ${projectId}) as sequence_is_last,
      customer_group_count = (select count(*) from customer_groups where project_id = ${projectId}) as groups_are_counted,
      custom_type_count = (select count(*) from custom_types where project_id = ${projectId}) as types_are_counted,
      customer_count = (select count(*) from customers where project_id = ${projectId}) as customers_are_counted
    from projects
    where project_id = ${projectId}`;
  expect(project).toEqual({
    sequenceCountsChanges: true,
    sequenceIsLast: true,
    groupsAreCounted: true,
    typesAreCounted: true,
    customersAreCounted: true,
  });
}

/** A sweep that is done leaves its type's version alone; every other change raises one. */
async function expectTold(sql: Sql, projectId: string): Promise<void> {
  const broken = await sql`
    with resources as (
      select 'customer-group' as resource_type, id, version from customer_groups where project_id = ${projectId}
      union all
      select 'custom-type', id, version from custom_types where project_id = ${projectId}
      union all
      select 'customer', id, version from customers where project_id = ${projectId}
      union all
      select 'project', project_id, version from projects
      where project_id = ${projectId}
        and exists (select from changes c where c.project_id = ${projectId} and c.resource_type = 'project')
    ),
    steps as (
      select resource_type, resource_id, sequence, version_before, version_after,
        case when resource_type = 'custom-type' and actions -> 0 ? 'finishFieldRemoval' then 0 else 1 end as raise,
        lag(version_after) over of_resource as previous, lead(sequence) over of_resource is null as is_last
      from changes
      where project_id = ${projectId}
      window of_resource as (partition by resource_type, resource_id order by sequence)
    )
    select coalesce(s.resource_id, r.id) as id, s.sequence
    from steps s
    full join resources r on r.resource_type = s.resource_type and r.id = s.resource_id
    where s.resource_id is null
      -- Projects that are made at the start append no change.
      or s.version_before is distinct from coalesce(s.previous, case when s.resource_type = 'project' and s.version_before = 1 then 1 end)
      or (s.version_after is not null and s.version_after <> coalesce(s.version_before, 0) + s.raise)
      or (s.is_last and s.version_after is distinct from r.version)`;
  expect(broken).toHaveLength(0);
}
