-- Removes the values of a removed field from the next resources that have the type, at most p_limit of
-- them, and notes how far it came. With the last ones it ends the removal, so that the name is free
-- again, and appends one change for the type, under p_write_id. The resources' versions stay: to those
-- who read them, the values were gone before.
--
-- No row when there is no such removal any more; else how many resources had a value so far, and
-- whether it is done.
create or replace function sweep_custom_field_v1(
  p_project_id uuid, p_custom_type_id uuid, p_field_name text, p_limit integer, p_write_id uuid, p_at timestamptz
)
returns table (swept bigint, done boolean)
language plpgsql
as $function$
declare
  v_sequence bigint;
  v_swept_to uuid;
  v_seen integer;
  v_last uuid;
  v_changed integer;
begin
  -- Like every writer.
  select p.last_sequence into v_sequence
  from projects p
  where p.project_id = p_project_id
  for no key update;

  select r.swept_to, r.swept_count into v_swept_to, swept
  from custom_field_removals r
  where r.project_id = p_project_id and r.custom_type_id = p_custom_type_id and r.field_name = p_field_name;
  if not found then
    return;
  end if;

  -- Not max(): there is none for uuid before PostgreSQL 18.
  select count(*), (array_agg(page.id order by page.id desc))[1] into v_seen, v_last
  from (
    select g.id
    from customer_groups g
    where g.project_id = p_project_id and g.custom_type_id = p_custom_type_id and g.id > v_swept_to
    order by g.id
    limit p_limit
  ) as page;

  update customer_groups g
  set custom_fields = g.custom_fields - p_field_name
  where g.project_id = p_project_id
    and g.custom_type_id = p_custom_type_id
    and g.id > v_swept_to
    and g.id <= v_last
    and g.custom_fields ? p_field_name;
  get diagnostics v_changed = row_count;
  swept := swept + v_changed;
  done := v_seen < p_limit;

  if not done then
    update custom_field_removals r
    set swept_to = v_last, swept_count = swept
    where r.project_id = p_project_id and r.custom_type_id = p_custom_type_id and r.field_name = p_field_name;
    return next;
    return;
  end if;

  delete from custom_field_removals r
  where r.project_id = p_project_id and r.custom_type_id = p_custom_type_id and r.field_name = p_field_name;

  update custom_types t
  set field_signatures = t.field_signatures - p_field_name
  where t.project_id = p_project_id and t.id = p_custom_type_id;

  insert into changes (
    project_id, sequence, write_id, resource_type, resource_id,
    version_before, version_after, actions, actor, at
  )
  select
    p_project_id, v_sequence + 1, p_write_id, 'custom-type', t.id, t.version, t.version,
    jsonb_build_array(jsonb_build_object(
      'finishFieldRemoval', jsonb_build_object('fieldName', p_field_name, 'resourceCount', swept)
    )),
    null, p_at
  from custom_types t
  where t.project_id = p_project_id and t.id = p_custom_type_id;

  update projects p
  set last_sequence = v_sequence + 1
  where p.project_id = p_project_id;
  return next;
end
$function$;
