-- Commits a batch of writes to one project itself, and answers one row for each, in order. It is made like
-- commit_customer_groups_v1, which explains the rest.
--
-- kind: create | update | delete | confirm. A deletion takes effect at once, for all who read and write;
-- purge_project_v1 removes the rows. It appends no change: there is nobody left to read it.
--
-- outcome: ok | replayed (answer) | request_id_reused | project_not_found | version_mismatch
-- (current_version) | duplicate (field: key, conflicting_id; also for a key that a project once had).
create or replace function commit_projects_v1(p_project_id uuid, p_writes jsonb, p_recheck boolean)
returns table (
  outcome text,
  sequence bigint,
  current_version bigint,
  field text,
  conflicting_id uuid,
  limit_value integer,
  current_value integer,
  answer bytea
)
language plpgsql
as $function$
declare
  v_write record;
  v_project record;
  v_is_new boolean;
begin
  for v_write in
    select w.*
    from jsonb_to_recordset(p_writes) as w (
      kind text, write_id uuid, at timestamptz(3), actor jsonb, actions jsonb,
      expected_version bigint, key text, mode text, name text,
      customer_group_limit integer, customer_limit integer, custom_type_limit integer,
      concurrent_call_limit integer, calls_per_second_limit integer,
      request_key uuid, request_hash bytea, answer bytea
    )
  loop
    outcome := 'ok';
    sequence := null;
    current_version := null;
    field := null;
    conflicting_id := null;
    limit_value := null;
    current_value := null;
    answer := null;

    -- There may be no row to lock: whoever else makes it is waited for here.
    v_is_new := false;
    if v_write.kind = 'create' then
      insert into projects (
        project_id, key, mode, name, version, created_at, created_by, last_modified_at, last_modified_by,
        customer_group_limit, customer_limit, custom_type_limit, concurrent_call_limit, calls_per_second_limit
      ) values (
        p_project_id, v_write.key, v_write.mode, v_write.name, 1,
        v_write.at, v_write.actor, v_write.at, v_write.actor,
        v_write.customer_group_limit, v_write.customer_limit, v_write.custom_type_limit,
        v_write.concurrent_call_limit, v_write.calls_per_second_limit
      )
      on conflict (project_id) do nothing;
      v_is_new := found;
    end if;

    select p.state, p.version, p.last_sequence, p.deletion_write_id into v_project
    from projects p
    where p.project_id = p_project_id
    for no key update;
    if not found then
      outcome := 'project_not_found';
      return next;
      continue;
    end if;

    if not v_is_new and (p_recheck or v_write.request_key is not null) then
      select r.outcome, r.sequence, r.answer
      into outcome, sequence, answer
      from recall_write_v1(
        p_project_id, case when p_recheck then v_write.write_id end, v_write.request_key, v_write.request_hash
      ) r;
      if found then
        return next;
        continue;
      end if;
      outcome := 'ok';
    end if;
    if p_recheck and v_project.deletion_write_id = v_write.write_id then
      return next;
      continue;
    end if;

    if v_write.kind = 'create' and not v_is_new then
      outcome := 'duplicate';
      field := 'key';
      conflicting_id := p_project_id;
      return next;
      continue;
    end if;
    if v_project.state <> 'active' then
      outcome := 'project_not_found';
      return next;
      continue;
    end if;
    if v_write.kind <> 'create' and v_project.version <> v_write.expected_version then
      outcome := 'version_mismatch';
      current_version := v_project.version;
      return next;
      continue;
    end if;

    if v_write.kind = 'update' then
      update projects p
      set version = v_project.version + 1,
          last_modified_at = v_write.at,
          last_modified_by = v_write.actor,
          name = v_write.name,
          customer_group_limit = v_write.customer_group_limit,
          customer_limit = v_write.customer_limit,
          custom_type_limit = v_write.custom_type_limit,
          concurrent_call_limit = v_write.concurrent_call_limit,
          calls_per_second_limit = v_write.calls_per_second_limit
      where p.project_id = p_project_id;
    elsif v_write.kind = 'delete' then
      update projects p
      set version = v_project.version + 1,
          last_modified_at = v_write.at,
          last_modified_by = v_write.actor,
          state = 'deleting',
          deletion_write_id = v_write.write_id,
          deletion_started_at = v_write.at
      where p.project_id = p_project_id;
    end if;

    if v_write.kind in ('create', 'update') then
      sequence := v_project.last_sequence + 1;
      insert into changes (
        project_id, sequence, write_id, resource_type, resource_id,
        version_before, version_after, actions, actor, at
      ) values (
        p_project_id, v_project.last_sequence + 1, v_write.write_id, 'project', p_project_id,
        case when v_is_new then null else v_project.version end,
        case when v_is_new then 1 else v_project.version + 1 end,
        v_write.actions, v_write.actor, v_write.at
      );
      update projects p
      set last_sequence = v_project.last_sequence + 1
      where p.project_id = p_project_id;
    end if;

    if v_write.request_key is not null then
      insert into request_memory (project_id, request_key, request_hash, resource_id, answer, at)
      values (p_project_id, v_write.request_key, v_write.request_hash, p_project_id, v_write.answer, v_write.at);
    end if;
    return next;
  end loop;
end
$function$;
