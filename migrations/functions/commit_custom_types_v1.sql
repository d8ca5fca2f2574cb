-- Commits a batch of writes to the custom types of one project, and answers one row for each, in order.
-- It is made like commit_customer_groups_v1, which explains the rest.
--
-- removed_fields: names of fields that the update removes. Where resources have the type, their values
-- are hidden from now on, and sweep_custom_field_v1 removes them.
--
-- outcome, besides those of commit_customer_groups_v1: referenced (field: what kind of resource has the
-- type, current_value: how many, counted up to 10,000) | definition_conflict (field: its name, conflicting_id: a type that
-- gives the field another kind of value).
create or replace function commit_custom_types_v1(p_project_id uuid, p_writes jsonb, p_recheck boolean)
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
  v_sequence bigint;
  v_first_sequence bigint;
  v_count integer;
  v_first_count integer;
  v_limit integer;
  v_version bigint;
  v_key text;
  v_signatures jsonb;
  v_added jsonb;
  v_conflicting jsonb;
begin
  select p.last_sequence, p.custom_type_count, p.custom_type_limit
  into v_sequence, v_count, v_limit
  from projects p
  where p.project_id = p_project_id and p.state = 'active'
  for no key update;

  if not found then
    return query select 'project_not_found', null::bigint, null::bigint, null::text, null::uuid, null::integer, null::integer, null::bytea
    from jsonb_array_elements(p_writes);
    return;
  end if;
  v_first_sequence := v_sequence;
  v_first_count := v_count;

  for v_write in
    select w.*
    from jsonb_to_recordset(p_writes) as w (
      kind text, write_id uuid, at timestamptz(3), actor jsonb, actions jsonb,
      id uuid, expected_version bigint,
      key text, name jsonb, description jsonb, resource_types jsonb, field_definitions jsonb,
      field_signatures jsonb, removed_fields jsonb, reference text, reference_origin text, metadata jsonb,
      byte_size integer,
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

    if p_recheck or v_write.request_key is not null then
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

    v_version := null;
    v_signatures := '{}';
    if v_write.kind <> 'create' then
      select t.version, t.key, t.field_signatures into v_version, v_key, v_signatures
      from custom_types t
      where t.project_id = p_project_id and t.id = v_write.id;
      if not found then
        outcome := 'not_found';
        return next;
        continue;
      end if;
      if v_version <> v_write.expected_version then
        outcome := 'version_mismatch';
        current_version := v_version;
        return next;
        continue;
      end if;
    end if;

    if v_write.kind = 'create' or (v_write.kind = 'update' and v_write.key <> v_key) then
      select t.id into conflicting_id
      from custom_types t
      where t.project_id = p_project_id and t.key = v_write.key;
      if found then
        outcome := 'duplicate';
        field := 'key';
        return next;
        continue;
      end if;
    end if;

    -- Of a type that is there only what is new to it: the rest was compared before. All writers of the
    -- project wait meanwhile, so types are compared as a whole, not field by field.
    select jsonb_object_agg(s.key, s.value) into v_added
    from jsonb_each(v_write.field_signatures) s
    where v_write.kind in ('create', 'update') and v_signatures -> s.key is distinct from s.value;
    if v_added is not null then
      select t.id, t.field_signatures into conflicting_id, v_conflicting
      from custom_types t
      where t.project_id = p_project_id
        and t.id <> v_write.id
        and t.resource_types ?| array(select jsonb_array_elements_text(v_write.resource_types))
        and t.field_signatures ?| array(select jsonb_object_keys(v_added))
        and (t.field_signatures || v_added) <> (v_added || t.field_signatures)
      limit 1;
      if found then
        outcome := 'definition_conflict';
        select s.key into field
        from jsonb_each(v_added) s
        where v_conflicting -> s.key <> s.value
        limit 1;
        return next;
        continue;
      end if;
    end if;

    if v_write.kind = 'create' then
      if v_count >= v_limit then
        outcome := 'limit_reached';
        limit_value := v_limit;
        current_value := v_count;
        return next;
        continue;
      end if;
      insert into custom_types (
        project_id, id, version, created_at, created_by, last_modified_at, last_modified_by,
        key, name, description, resource_types, field_definitions, field_signatures,
        reference, reference_origin, metadata, byte_size
      ) values (
        p_project_id, v_write.id, 1, v_write.at, v_write.actor, v_write.at, v_write.actor,
        v_write.key, v_write.name, v_write.description, v_write.resource_types, v_write.field_definitions,
        v_write.field_signatures, v_write.reference, v_write.reference_origin, v_write.metadata,
        v_write.byte_size
      );
      v_count := v_count + 1;
    elsif v_write.kind = 'update' then
      -- A type that no resource has leaves nothing to sweep.
      insert into custom_field_removals (project_id, custom_type_id, field_name, swept_to, swept_count)
      select p_project_id, v_write.id, r.name, '00000000-0000-0000-0000-000000000000', 0
      from jsonb_array_elements_text(v_write.removed_fields) as r (name)
      where exists (
        select
        from customer_groups g
        where g.project_id = p_project_id and g.custom_type_id = v_write.id
      ) or exists (
        select
        from customers c
        where c.project_id = p_project_id and c.custom_type_id = v_write.id
      ) or exists (
        select
        from customer_address_types a
        where a.project_id = p_project_id and a.custom_type_id = v_write.id
      );

      update custom_types t
      set version = v_version + 1,
          last_modified_at = v_write.at,
          last_modified_by = v_write.actor,
          key = v_write.key,
          name = v_write.name,
          description = v_write.description,
          field_definitions = v_write.field_definitions,
          field_signatures = v_write.field_signatures || coalesce((
            select jsonb_object_agg(r.field_name, t.field_signatures -> r.field_name)
            from custom_field_removals r
            where r.project_id = p_project_id and r.custom_type_id = v_write.id
          ), '{}'),
          reference = v_write.reference,
          reference_origin = v_write.reference_origin,
          metadata = v_write.metadata,
          byte_size = v_write.byte_size
      where t.project_id = p_project_id and t.id = v_write.id;
    elsif v_write.kind = 'delete' then
      select count(*) into current_value
      from (
        select
        from customer_groups g
        where g.project_id = p_project_id and g.custom_type_id = v_write.id
        limit 10000
      ) as counted;
      field := 'customer-group';
      if current_value = 0 then
        select count(*) into current_value
        from (
          (
            select c.id
            from customers c
            where c.project_id = p_project_id and c.custom_type_id = v_write.id
            limit 10000
          )
          union
          (
            select a.customer_id
            from customer_address_types a
            where a.project_id = p_project_id and a.custom_type_id = v_write.id
            limit 10000
          )
          limit 10000
        ) as counted;
        field := 'customer';
      end if;
      if current_value > 0 then
        outcome := 'referenced';
        return next;
        continue;
      end if;
      field := null;
      current_value := null;

      delete from custom_field_removals r
      where r.project_id = p_project_id and r.custom_type_id = v_write.id;

      delete from custom_types t
      where t.project_id = p_project_id and t.id = v_write.id;
      v_count := v_count - 1;
    end if;

    if v_write.kind <> 'confirm' then
      v_sequence := v_sequence + 1;
      sequence := v_sequence;
      insert into changes (
        project_id, sequence, write_id, resource_type, resource_id,
        version_before, version_after, actions, actor, at
      ) values (
        p_project_id, v_sequence, v_write.write_id, 'custom-type', v_write.id,
        v_version, case v_write.kind when 'delete' then null else coalesce(v_version, 0) + 1 end,
        v_write.actions, v_write.actor, v_write.at
      );
    end if;

    if v_write.request_key is not null then
      insert into request_memory (project_id, request_key, request_hash, resource_id, answer, at)
      values (p_project_id, v_write.request_key, v_write.request_hash, v_write.id, v_write.answer, v_write.at);
    end if;
    return next;
  end loop;

  if v_sequence <> v_first_sequence or v_count <> v_first_count then
    update projects p
    set last_sequence = v_sequence, custom_type_count = v_count
    where p.project_id = p_project_id;
  end if;
end
$function$;
