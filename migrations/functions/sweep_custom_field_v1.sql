-- Removes the values of a removed field from the next resources that have the type, at most p_limit of
-- them, and notes how far it came. With the last ones it ends the removal, so that the name is free
-- again, and appends one change for the type, under p_write_id. The resources' versions stay: to those
-- who read them, the values were gone before.
--
-- No row when there is no such removal, or project, any more; else how many resources had a value so far, and
-- whether it is done.
create or replace function sweep_custom_field_v1(
  p_project_id uuid, p_custom_type_id uuid, p_field_name text, p_limit integer, p_write_id uuid, p_at timestamptz
)
returns table (swept bigint, done boolean)
language plpgsql
as $function$
declare
  v_sequence bigint;
  v_resource_type text;
  v_swept_to uuid;
  v_ids uuid[];
  v_changed integer := 0;
begin
  -- Like every writer.
  select p.last_sequence into v_sequence
  from projects p
  where p.project_id = p_project_id and p.state = 'active'
  for no key update;
  if not found then
    return;
  end if;

  select r.resource_type, r.swept_to, r.swept_count into v_resource_type, v_swept_to, swept
  from custom_field_removals r
  where r.project_id = p_project_id and r.custom_type_id = p_custom_type_id and r.field_name = p_field_name;
  if not found then
    return;
  end if;

  if v_resource_type = 'customer-group' then
    v_ids := array(
      select g.id
      from customer_groups g
      where g.project_id = p_project_id and g.custom_type_id = p_custom_type_id and g.id > v_swept_to
      order by g.id
      limit p_limit
    );
    update customer_groups g
    set custom_fields = g.custom_fields - p_field_name
    where g.project_id = p_project_id and g.id = any(v_ids) and g.custom_fields ? p_field_name;
  elsif v_resource_type = 'customer' then
    v_ids := array(
      select c.id
      from customers c
      where c.project_id = p_project_id and c.custom_type_id = p_custom_type_id and c.id > v_swept_to
      order by c.id
      limit p_limit
    );
    update customers c
    set custom_fields = c.custom_fields - p_field_name
    where c.project_id = p_project_id and c.id = any(v_ids) and c.custom_fields ? p_field_name;
  else
    v_ids := array(
      select a.customer_id
      from customer_address_types a
      where a.project_id = p_project_id and a.custom_type_id = p_custom_type_id and a.customer_id > v_swept_to
      order by a.customer_id
      limit p_limit
    );
    update customers c
    set addresses = (
      select jsonb_agg(
        case when address.value ->> 'customTypeId' = p_custom_type_id::text
          then address.value #- array['customFields', p_field_name]
          else address.value
        end
        order by address.ordinality
      )
      from jsonb_array_elements(c.addresses) with ordinality as address
    )
    where c.project_id = p_project_id
      and c.id = any(v_ids)
      and exists (
        select
        from jsonb_array_elements(c.addresses) as a (value)
        where a.value ->> 'customTypeId' = p_custom_type_id::text and a.value -> 'customFields' ? p_field_name
      );
  end if;
  get diagnostics v_changed = row_count;
  swept := swept + v_changed;
  done := v_resource_type = 'address' and cardinality(v_ids) < p_limit;

  if not done then
    -- The next ones, or those of the next kind of resource.
    update custom_field_removals r
    set swept_count = swept,
        resource_type = case
          when cardinality(v_ids) = p_limit then r.resource_type
          when r.resource_type = 'customer-group' then 'customer'
          else 'address'
        end,
        swept_to = case
          when cardinality(v_ids) = p_limit then v_ids[p_limit]
          else '00000000-0000-0000-0000-000000000000'
        end
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
