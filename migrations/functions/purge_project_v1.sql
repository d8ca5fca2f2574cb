-- Removes the next rows of a project that is being deleted, at most p_limit of them, and notes how far it
-- came: each table that has a project_id in turn, those that refer to others first. Nobody adds any: the
-- commit functions write to active projects only. With the last ones the project is deleted.
--
-- What is remembered of calls about the project itself stays, so that a repeated deletion gets its answer
-- again; it is forgotten like that of any other call.
--
-- No row when no such project is being deleted any more.
create or replace function purge_project_v1(p_project_id uuid, p_limit integer, p_at timestamptz)
returns table (deleted_row_count bigint, done boolean)
language plpgsql
as $function$
declare
  v_project record;
  v_step record;
  v_rows tid[];
  v_places text[];
  v_deleted integer := 0;
begin
  select p.deletion_step, p.deletion_place, p.deleted_row_count into v_project
  from projects p
  where p.project_id = p_project_id and p.state = 'deleting'
  for no key update;
  if not found then
    return;
  end if;

  -- place: a column that an index has behind the project_id. Entered where the batch before ended, it leads
  -- past no rows that are gone but not yet vacuumed.
  select s.* into v_step
  from (
    values
      (1, 'customer_address_types', 'customer_id', 'uuid', null),
      (2, 'customer_group_members', 'customer_id', 'uuid', null),
      (3, 'orders', 'order_id', 'text', null),
      (4, 'custom_field_removals', 'custom_type_id', 'uuid', null),
      (5, 'customers', 'id', 'uuid', null),
      (6, 'customer_groups', 'id', 'uuid', null),
      (7, 'custom_types', 'id', 'uuid', null),
      (8, 'changes', 'sequence', 'bigint', null),
      (9, 'request_memory', 'request_key', 'uuid', 'resource_id <> project_id')
  ) as s (step, table_name, place, place_type, condition)
  where s.step = v_project.deletion_step;
  done := not found;

  if not done then
    execute format(
      $query$
        select array_agg(next.ctid), array_agg(next.place::text)
        from (
          select t.ctid, t.%1$I as place
          from %2$I t
          where t.project_id = $1 and %4$s and ($2 is null or t.%1$I >= $2::%3$s)
          order by t.%1$I
          limit $3
        ) as next
      $query$,
      v_step.place, v_step.table_name, v_step.place_type, coalesce(v_step.condition, 'true')
    )
    into v_rows, v_places
    using p_project_id, v_project.deletion_place, p_limit;

    execute format('delete from %I t where t.project_id = $1 and t.ctid = any($2)', v_step.table_name)
    using p_project_id, v_rows;
    get diagnostics v_deleted = row_count;
  end if;

  deleted_row_count := v_project.deleted_row_count + v_deleted;
  update projects p
  set deleted_row_count = v_project.deleted_row_count + v_deleted,
      deletion_step = case when v_deleted = p_limit then p.deletion_step else p.deletion_step + 1 end,
      deletion_place = case when v_deleted = p_limit then v_places[p_limit] end,
      state = case when done then 'deleted' else 'deleting' end,
      deletion_finished_at = case when done then p_at end,
      customer_group_count = case when done then 0 else p.customer_group_count end,
      customer_count = case when done then 0 else p.customer_count end,
      custom_type_count = case when done then 0 else p.custom_type_count end
  where p.project_id = p_project_id;
  return next;
end
$function$;
