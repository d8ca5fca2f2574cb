import postgres from "postgres";
import { expect } from "vitest";
import { type FieldDefinitionState, signatureOf } from "../../src/custom-types/field-type.ts";
import { type DatabaseAddress, type Sql, sessionOptions } from "../../src/db/connection.ts";
import { projectIdOf } from "../../src/projects/project-id.ts";

/** A client for what a test looks up, or breaks, behind the service's back. */
export function openSql(address: DatabaseAddress): Sql {
  return postgres(sessionOptions(address, 30_000));
}

/**
 * Expects of a project that its sequence has no gap, its counters are the numbers of its resources,
 * every resource's version and change rows tell the same story, and its resources hold what their
 * custom types let them hold.
 */
export async function expectConsistent(sql: Sql, projectKey: string): Promise<void> {
  const projectId = projectIdOf(projectKey);
  await expectCounted(sql, projectId);
  await expectTold(sql, projectId);
  await expectSigned(sql, projectId);
  await expectDefined(sql, projectId);
}

async function expectCounted(sql: Sql, projectId: string): Promise<void> {
  const [project] = await sql`
    select
      last_sequence = (select count(*) from changes where project_id = ${projectId}) as sequence_counts_changes,
      last_sequence = (select coalesce(max(sequence), 0) from changes where project_id = ${projectId}) as sequence_is_last,
      customer_group_count = (select count(*) from customer_groups where project_id = ${projectId}) as groups_are_counted,
      custom_type_count = (select count(*) from custom_types where project_id = ${projectId}) as types_are_counted
    from projects
    where project_id = ${projectId}`;
  expect(project).toEqual({
    sequenceCountsChanges: true,
    sequenceIsLast: true,
    groupsAreCounted: true,
    typesAreCounted: true,
  });
}

/** A sweep that is done leaves its type's version alone; every other change raises one. */
async function expectTold(sql: Sql, projectId: string): Promise<void> {
  const broken = await sql`
    with resources as (
      select 'customer-group' as resource_type, id, version from customer_groups where project_id = ${projectId}
      union all
      select 'custom-type', id, version from custom_types where project_id = ${projectId}
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
      or s.version_before is distinct from s.previous
      or (s.version_after is not null and s.version_after <> coalesce(s.version_before, 0) + s.raise)
      or (s.is_last and s.version_after is distinct from r.version)`;
  expect(broken).toHaveLength(0);
}

/** The signatures of a type are those of its fields, besides the ones that are still being removed. */
async function expectSigned(sql: Sql, projectId: string): Promise<void> {
  const types = await sql<TypeRow[]>`
    select t.id, t.field_definitions, t.field_signatures, array(
      select r.field_name
      from custom_field_removals r
      where r.project_id = ${projectId} and r.custom_type_id = t.id
    ) as being_removed
    from custom_types t
    where t.project_id = ${projectId}`;
  for (const { id, fieldDefinitions, fieldSignatures, beingRemoved } of types) {
    const signatures = [
      ...fieldDefinitions.map(({ name, type }) => [name, signatureOf(type)]),
      ...beingRemoved.map((name) => [name, expect.any(String)]),
    ];
    expect(Object.keys(fieldSignatures), `signatures of ${id}`).toHaveLength(signatures.length);
    expect(fieldSignatures, `signatures of ${id}`).toEqual(Object.fromEntries(signatures));
  }
  const disagreeing = await sql`
    select s.key
    from custom_types t
    cross join jsonb_array_elements_text(t.resource_types) as resource_type
    cross join jsonb_each(t.field_signatures) s
    where t.project_id = ${projectId}
    group by resource_type, s.key
    having count(distinct s.value) > 1`;
  expect(disagreeing).toHaveLength(0);
}

type TypeRow = {
  readonly id: string;
  readonly fieldDefinitions: readonly FieldDefinitionState[];
  readonly fieldSignatures: Readonly<Record<string, string>>;
  readonly beingRemoved: readonly string[];
};

/** Every value is one of its type's fields, and of its kind: in JSON, that is. */
async function expectDefined(sql: Sql, projectId: string): Promise<void> {
  const broken = await sql`
    select g.id, t.id as type_id, v.key
    from customer_groups g
    left join custom_types t on t.project_id = ${projectId} and t.id = g.custom_type_id
    left join jsonb_each(g.custom_fields) v on true
    where g.project_id = ${projectId}
      and g.custom_type_id is not null
      and (
        t.id is null
        or v.key is not null and jsonb_typeof(v.value) is distinct from
          case substring(t.field_signatures ->> v.key from '^[a-zA-Z]+')
            when 'boolean' then 'boolean'
            when 'number' then 'number'
            when 'set' then 'array'
            when 'localizedString' then 'object'
            when 'money' then 'object'
            when 'reference' then 'object'
            when 'string' then 'string'
            when 'enum' then 'string'
            when 'localizedEnum' then 'string'
            when 'date' then 'string'
            when 'time' then 'string'
            when 'dateTime' then 'string'
          end
      )`;
  expect(broken).toHaveLength(0);
}
