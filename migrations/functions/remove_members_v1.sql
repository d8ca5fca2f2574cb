-- Takes customers out of a group, within a commit function that holds the project's lock: raises the
-- version of each, appends a change for each behind p_sequence, and counts them off the group. Answers how
-- many there were.
--
-- p_customer_ids: null for all members. p_write_id: the ids of the changes are made of it and the
-- customer's id, so that a write whose answer was lost is found again.
create or replace function remove_members_v1(
  p_project_id uuid, p_group_id uuid, p_customer_ids uuid[], p_write_id uuid, p_at timestamptz, p_actor jsonb, p_sequence bigint
)
returns integer
language plpgsql
as $function$
declare
  v_removed uuid[];
begin
  select coalesce(array_agg(m.customer_id), '{}') into v_removed
  from customer_group_members m
  where m.project_id = p_project_id
    and m.customer_group_id = p_group_id
    and (p_customer_ids is null or m.customer_id = any(p_customer_ids));

  insert into changes (
    project_id, sequence, write_id, resource_type, resource_id,
    version_before, version_after, actions, actor, at
  )
  select
    p_project_id, p_sequence + row_number() over (order by c.id), md5(p_write_id::text || c.id::text)::uuid,
    'customer', c.id, c.version, c.version + 1,
    case when c.customer_group_id = p_group_id then '[{"setCustomerGroup": {}}]'::jsonb else '[]'::jsonb end
      || case when c.customer_group_assignments ? p_group_id::text then jsonb_build_array(jsonb_build_object(
        'removeCustomerGroupAssignment', jsonb_build_object('customerGroup', jsonb_build_object('id', p_group_id))
      )) else '[]'::jsonb end,
    p_actor, p_at
  from customers c
  where c.project_id = p_project_id and c.id = any(v_removed);

  update customers c
  set version = c.version + 1,
      last_modified_at = greatest(p_at, c.last_modified_at),
      last_modified_by = p_actor,
      customer_group_id = nullif(c.customer_group_id, p_group_id),
      customer_group_assignments = c.customer_group_assignments - p_group_id::text,
      -- As much as commit_memberships_v1 adds, so that coming and going makes nobody larger.
      byte_size = c.byte_size - case when c.customer_group_assignments ? p_group_id::text then 75 else 0 end
  where c.project_id = p_project_id and c.id = any(v_removed);

  delete from customer_group_members m
  where m.project_id = p_project_id and m.customer_group_id = p_group_id and m.customer_id = any(v_removed);

  update customer_groups g
  set customer_count = g.customer_count - cardinality(v_removed)
  where g.project_id = p_project_id and g.id = p_group_id and cardinality(v_removed) > 0;
  return cardinality(v_removed);
end
$function$;
