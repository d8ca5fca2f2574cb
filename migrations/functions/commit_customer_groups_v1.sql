-- Commits a batch of writes to the customer groups of one project, and answers one row for each, in
-- order. Nothing but persistence: what an update action means is decided in src/customer-groups.
--
-- known_modified_at, known_customer_count: of an update that was decided without reading the group, what it was decided
-- on besides the version. After a failover that lost writes, there may be another one of that version.
--
-- detaches_members: of a deletion, whether members, 10,000 at most, leave the group first.
--
-- kind: create | update | delete | confirm (an update that changes nothing, only to be remembered).
-- p_recheck says that an earlier attempt at this batch may have been committed: its writes are then
-- looked up by write_id first.
--
-- outcome: ok | replayed (answer) | request_id_reused | project_not_found | not_found |
-- version_mismatch (current_version) | state_changed (it isn't what is known of it: to be read, and decided again) | type_changed (the custom type isn't the version that the custom
-- fields were checked against) | duplicate (field, conflicting_id) |
-- limit_reached (limit_value, current_value) | referenced (field: customer, current_value: how many
-- members, counted up to 10,000).
--
-- Every statement below has a snapshot of its own, taken after the project row is locked: what it
-- reads is the truth until this function commits. No EXCEPTION block: a subtransaction per write
-- costs more than the write.
create or replace function commit_customer_groups_v1(p_project_id uuid, p_writes jsonb, p_recheck boolean)
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
  v_name text;
  v_key text;
  v_modified_at timestamptz;
  v_customers integer;
  v_members integer;
begin
  select p.last_sequence, p.customer_group_count, p.customer_group_limit
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
      key text, name text, reference text, reference_origin text, metadata jsonb,
      price_list_id text, market_ids jsonb, attachments jsonb, byte_size integer,
      known_modified_at timestamptz(3), known_customer_count integer,
      detaches_members boolean, sets_custom boolean, custom_type_id uuid, custom_type_version bigint, custom_fields jsonb,
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
    if v_write.kind <> 'create' then
      select g.version, g.name, g.key, g.last_modified_at, g.customer_count
      into v_version, v_name, v_key, v_modified_at, v_customers
      from customer_groups g
      where g.project_id = p_project_id and g.id = v_write.id;
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
      if v_write.known_modified_at <> v_modified_at or v_write.known_customer_count <> v_customers then
        outcome := 'state_changed';
        return next;
        continue;
      end if;
    end if;

    if v_write.custom_type_id is not null then
      perform
      from custom_types t
      where t.project_id = p_project_id and t.id = v_write.custom_type_id and t.version = v_write.custom_type_version;
      if not found then
        outcome := 'type_changed';
        return next;
        continue;
      end if;
    end if;

    if v_write.kind = 'create' or (v_write.kind = 'update' and v_write.name <> v_name) then
      select g.id into conflicting_id
      from customer_groups g
      where g.project_id = p_project_id and g.name = v_write.name;
      if found then
        outcome := 'duplicate';
        field := 'name';
        return next;
        continue;
      end if;
    end if;

    if v_write.key is not null
      and (v_write.kind = 'create' or (v_write.kind = 'update' and v_write.key is distinct from v_key))
    then
      select g.id into conflicting_id
      from customer_groups g
      where g.project_id = p_project_id and g.key = v_write.key;
      if found then
        outcome := 'duplicate';
        field := 'key';
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
      insert into customer_groups (
        project_id, id, version, created_at, created_by, last_modified_at, last_modified_by,
        key, name, reference, reference_origin, metadata, price_list_id, market_ids, attachments, byte_size,
        custom_type_id, custom_fields
      ) values (
        p_project_id, v_write.id, 1, v_write.at, v_write.actor, v_write.at, v_write.actor,
        v_write.key, v_write.name, v_write.reference, v_write.reference_origin, v_write.metadata,
        v_write.price_list_id, v_write.market_ids, v_write.attachments, v_write.byte_size,
        v_write.custom_type_id, v_write.custom_fields
      );
      v_count := v_count + 1;
    elsif v_write.kind = 'update' then
      update customer_groups g
      set version = v_version + 1,
          last_modified_at = v_write.at,
          last_modified_by = v_write.actor,
          key = v_write.key,
          name = v_write.name,
          reference = v_write.reference,
          reference_origin = v_write.reference_origin,
          metadata = v_write.metadata,
          price_list_id = v_write.price_list_id,
          market_ids = v_write.market_ids,
          attachments = v_write.attachments,
          byte_size = v_write.byte_size,
          custom_type_id = case when v_write.sets_custom then v_write.custom_type_id else g.custom_type_id end,
          custom_fields = case when v_write.sets_custom then v_write.custom_fields else g.custom_fields end
      where g.project_id = p_project_id and g.id = v_write.id;
    elsif v_write.kind = 'delete' then
      select count(*) into v_members
      from (
        select
        from customer_group_members m
        where m.project_id = p_project_id and m.customer_group_id = v_write.id
        limit 10001
      ) as counted;
      if v_members > (case when v_write.detaches_members then 10000 else 0 end) then
        outcome := 'referenced';
        field := 'customer';
        current_value := least(v_members, 10000);
        return next;
        continue;
      end if;
      if v_members > 0 then
        v_sequence := v_sequence + remove_members_v1(
          p_project_id, v_write.id, null, v_write.write_id, v_write.at, v_write.actor, v_sequence
        );
      end if;

      delete from customer_groups g
      where g.project_id = p_project_id and g.id = v_write.id;
      v_count := v_count - 1;
    end if;

    if v_write.kind <> 'confirm' then
      v_sequence := v_sequence + 1;
      sequence := v_sequence;
      insert into changes (
        project_id, sequence, write_id, resource_type, resource_id,
        version_before, version_after, actions, actor, at
      ) values (
        p_project_id, v_sequence, v_write.write_id, 'customer-group', v_write.id,
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
    set last_sequence = v_sequence, customer_group_count = v_count
    where p.project_id = p_project_id;
  end if;
end
$function$;
