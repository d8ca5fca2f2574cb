-- The custom fields of one resource without those that are being removed from its type.
create or replace function visible_fields_v1(p_project_id uuid, p_custom_type_id uuid, p_fields jsonb)
returns jsonb
language plpgsql
stable
as $function$
begin
  return p_fields - array(
    select r.field_name
    from custom_field_removals r
    where r.project_id = p_project_id and r.custom_type_id = p_custom_type_id
  );
end
$function$;
