import type { Tag } from "../db/fixed-statement.ts";

/**
 * The columns of a resource's custom fields, of its table as `t`. A field that was removed from the type
 * is hidden at once; its values are swept later. Mostly no field of the project is being removed, which
 * PostgreSQL finds out once for a statement. What to hide then is left to a function: spelled out here, it
 * took as long to plan as all else of a page.
 *
 * @param rows of one row it is not asked whether any field is being removed: a statement that names that
 *   table takes a fifth longer, asked or not.
 */
export function customColumns<Part>(sql: Tag<Part>, projectId: Part | string, rows: "one" | "many"): Part {
  const isPlain =
    rows === "one"
      ? sql`t.custom_type_id is null`
      : sql`(t.custom_type_id is null or not ${isAnyRemoved(sql, projectId)})`;
  return sql`
    t.custom_type_id,
    case
      when ${isPlain} then t.custom_fields
      else visible_fields_v1(${projectId}, t.custom_type_id, t.custom_fields)
    end as custom_fields`;
}

/** The column of a customer's addresses, of its table as `t`; hides what `customColumns` hides. */
export function addressesColumn<Part>(sql: Tag<Part>, projectId: Part | string): Part {
  return sql`
    case
      when t.addresses = '[]' or not ${isAnyRemoved(sql, projectId)} then t.addresses
      else visible_addresses_v1(${projectId}, t.addresses)
    end as addresses`;
}

function isAnyRemoved<Part>(sql: Tag<Part>, projectId: Part | string): Part {
  return sql`exists (select from custom_field_removals r where r.project_id = ${projectId})`;
}
