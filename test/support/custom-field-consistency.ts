import { expect } from "vitest";
import { type FieldDefinitionState, signatureOf } from "../../src/custom-types/field-type.ts";
import type { Sql } from "../../src/db/connection.ts";

/** The signatures of a type are those of its fields, besides the ones that are still being removed. */
export async function expectSigned(sql: Sql, projectId: string): Promise<void> {
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

/**
 * Every value, of an address too, is one of the fields of its type, and of its kind: in JSON, that is. The
 * type is for such resources.
 */
export async function expectDefined(sql: Sql, projectId: string): Promise<void> {
  const broken = await sql`
    with holders as (
      select 'customer-group' as kind, id, custom_type_id, custom_fields
      from customer_groups
      where project_id = ${projectId}
      union all
      select 'customer', id, custom_type_id, custom_fields
      from customers
      where project_id = ${projectId}
      union all
      select 'address', c.id, (a ->> 'customTypeId')::uuid, a -> 'customFields'
      from customers c
      cross join jsonb_array_elements(c.addresses) as a
      where c.project_id = ${projectId}
    )
    select h.kind, h.id, t.id as type_id, v.key
    from holders h
    left join custom_types t on t.project_id = ${projectId} and t.id = h.custom_type_id
    left join jsonb_each(h.custom_fields) v on true
    where (h.custom_type_id is not null or h.custom_fields is not null)
      and (
        t.id is null
        or not t.resource_types ? h.kind
        or h.custom_fields is null
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
