-- Commits a batch of writes that make customers members of a group, or take them out, and answers one row
-- for each, in order. It is made like commit_customer_groups_v1, which explains the rest.
--
-- kind: add | remove. id: of the group. customer_ids: in the order asked, perhaps some twice. answer_name: how
-- the API calls what became of a customer whom the write changed; answer_idle: of the others.
--
-- outcome: ok (answer: JSON of the API's answer) | replayed (answer) | request_id_reused |
-- project_not_found | not_found | reference_not_found (field: customer, conflicting_id) |
-- limit_reached, too_large (field: customer, conflicting_id: of the customer; limit_value, current_value).
create or replace function commit_memberships_v1(p_project_id uuid, p_writes jsonb, p_recheck boolean)
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
  v_changed uuid[];
begin
  select p.last_sequence into v_sequence
  from projects p
  where p.project_id = p_project_id and p.state = 'active'
  for no key update;

  if not found then
    return query select 'project_not_found', null::bigint, null::bigint, null::text, null::uuid, null::integer, null::integer, null::bytea
    from jsonb_array_elements(p_writes);
    return;
  end if;
  v_first_sequence := v_sequence;

  for v_write in
    select w.*
    from jsonb_to_recordset(p_writes) as w (
      kind text, write_id uuid, at timestamptz(3), actor jsonb, id uuid, customer_ids jsonb,
      answer_name text, answer_idle text, request_key uuid, request_hash bytea
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

    if v_write.request_key is not null then
      select r.outcome, r.sequence, r.answer
      into outcome, sequence, answer
      from recall_write_v1(p_project_id, null, v_write.request_key, v_write.request_hash) r;
      if found then
        return next;
        continue;
      end if;
      outcome := 'ok';
    end if;

    v_changed := null;
    if p_recheck then
      -- None is found where none was changed; then it does no harm to do it again.
      select array_agg(c.resource_id) into v_changed
      from jsonb_array_elements_text(v_write.customer_ids) as asked (id)
      join changes c on c.project_id = p_project_id and c.write_id = md5(v_write.write_id::text || asked.id)::uuid;
    end if;

    if v_changed is null then
      perform
      from customer_groups g
      where g.project_id = p_project_id and g.id = v_write.id;
      if not found then
        outcome := 'not_found';
        return next;
        continue;
      end if;

      select asked.id::uuid into conflicting_id
      from jsonb_array_elements_text(v_write.customer_ids) as asked (id)
      where not exists (
        select
        from customers c
        where c.project_id = p_project_id and c.id = asked.id::uuid
      )
      limit 1;
      if found then
        outcome := 'reference_not_found';
        field := 'customer';
        return next;
        continue;
      end if;

      select coalesce(array_agg(distinct asked.id::uuid), '{}') into v_changed
      from jsonb_array_elements_text(v_write.customer_ids) as asked (id)
      where (v_write.kind = 'remove') = exists (
        select
        from customer_group_members m
        where m.project_id = p_project_id and m.customer_group_id = v_write.id and m.customer_id = asked.id::uuid
      );

      if v_write.kind = 'remove' then
        v_sequence := v_sequence + remove_members_v1(
          p_project_id, v_write.id, v_changed, v_write.write_id, v_write.at, v_write.actor, v_sequence
        );
      else
        select c.id, case when jsonb_array_length(c.customer_group_assignments) >= 500 then 'limit_reached' else 'too_large' end,
          case when jsonb_array_length(c.customer_group_assignments) >= 500 then 500 else c.byte_size + 75 end
        into conflicting_id, outcome, current_value
        from customers c
        where c.project_id = p_project_id
          and c.id = any(v_changed)
          and (jsonb_array_length(c.customer_group_assignments) >= 500 or c.byte_size + 75 > 131072)
        limit 1;
        if found then
          field := 'customer';
          limit_value := case outcome when 'limit_reached' then 500 else 131072 end;
          return next;
          continue;
        end if;
        outcome := 'ok';

        insert into customer_group_members (project_id, customer_group_id, customer_id)
        select p_project_id, v_write.id, changed.id
        from unnest(v_changed) as changed (id);

        insert into changes (
          project_id, sequence, write_id, resource_type, resource_id,
          version_before, version_after, actions, actor, at
        )
        select
          p_project_id, v_sequence + row_number() over (order by c.id),
          md5(v_write.write_id::text || c.id::text)::uuid, 'customer', c.id, c.version, c.version + 1,
          jsonb_build_array(jsonb_build_object(
            'addCustomerGroupAssignment', jsonb_build_object('customerGroup', jsonb_build_object('id', v_write.id))
          )),
          v_write.actor, v_write.at
        from customers c
        where c.project_id = p_project_id and c.id = any(v_changed);

        -- What a membership adds to the JSON that customers are measured by: src/customers/commit.ts.
        update customers c
        set version = c.version + 1,
            last_modified_at = greatest(v_write.at, c.last_modified_at),
            last_modified_by = v_write.actor,
            customer_group_assignments = c.customer_group_assignments || to_jsonb(v_write.id::text),
            byte_size = c.byte_size + 75
        where c.project_id = p_project_id and c.id = any(v_changed);

        update customer_groups g
        set customer_count = g.customer_count + cardinality(v_changed)
        where g.project_id = p_project_id and g.id = v_write.id and cardinality(v_changed) > 0;
        v_sequence := v_sequence + cardinality(v_changed);
      end if;
    end if;

    select convert_to(
      jsonb_build_object('results', jsonb_agg(jsonb_build_object(
        'customerId', asked.id,
        -- Whom the call names twice is changed the first time.
        'outcome', case when asked.id::uuid = any(v_changed) and asked.is_first then v_write.answer_name else v_write.answer_idle end
      ) order by asked.n))::text, 'UTF8')
    into answer
    from (
      select a.id, a.n, row_number() over (partition by a.id order by a.n) = 1 as is_first
      from jsonb_array_elements_text(v_write.customer_ids) with ordinality as a (id, n)
    ) as asked;

    if v_write.request_key is not null then
      insert into request_memory (project_id, request_key, request_hash, resource_id, answer, at)
      values (p_project_id, v_write.request_key, v_write.request_hash, v_write.id, answer, v_write.at)
      on conflict do nothing;
    end if;
    return next;
  end loop;

  if v_sequence <> v_first_sequence then
    update projects p
    set last_sequence = v_sequence
    where p.project_id = p_project_id;
  end if;
end
$function$;
