import type postgres from "postgres";
import type { Sql } from "../db/connection.ts";

/**
 * The columns of a resource's custom fields, of its table as `t`. A field that was removed from the type
 * is hidden at once; its values are swept later. Mostly no field of the project is being removed, which
 * PostgreSQL finds out once for a statement.
 */
export function customColumns(sql: Sql, projectId: string): postgres.Fragment {
  return sql`
    t.custom_type_id,
    case
      when t.custom_type_id is null or not ${isAnyRemoved(sql, projectId)} then t.custom_fields
      else t.custom_fields - ${removedFrom(sql, projectId, sql`t.custom_type_id`)}
    end as custom_fields`;
}

/** The column of a customer's addresses, of its table as `t`; hides what `customColumns` hides. */
export function addressesColumn(sql: Sql, projectId: string): postgres.Fragment {
  return sql`
    case
      when t.addresses = '[]' or not ${isAnyRemoved(sql, projectId)} then t.addresses
      else (
        select jsonb_agg(
          case
            when address.value ? 'customTypeId' then jsonb_set(
              address.value,
              '{customFields}',
              (address.value -> 'customFields')
                - ${removedFrom(sql, projectId, sql`(address.value ->> 'customTypeId')::uuid`)}
            )
            else address.value
          end
          order by address.ordinality
        )
        from jsonb_array_elements(t.addresses) with ordinality as address
      )
    end as addresses`;
}

function isAnyRemoved(sql: Sql, projectId: string): postgres.Fragment {
  return sql`exists (select from custom_field_removals r where r.project_id = ${projectId})`;
}

function removedFrom(sql: Sql, projectId: string, typeId: postgres.Fragment): postgres.Fragment {
  return sql`array(
    select r.field_name
    from custom_field_removals r
    where r.project_id = ${projectId} and r.custom_type_id = ${typeId}
  )`;
}
