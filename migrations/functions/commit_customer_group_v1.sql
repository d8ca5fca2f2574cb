-- Commits one write to the customer groups of a project: what commit_customer_groups_v1 does of an array of just that,
-- which is asked for whatever isn't plain here, or is refused.
--
-- Plain: a creation, or an update that leaves name and key as they are; neither with custom fields nor to be
-- remembered. Most of what a lone write costs is to begin statements, and to set up each expression of the function
-- anew: here are few of both. The sequence is taken first, for the project's row is the lock, and given back if the
-- write isn't made.
create or replace function commit_customer_group_v1(p_project_id uuid, p_write jsonb)
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
  v_created integer;
  v_sequence bigint;
  v_version bigint;
begin
  select w.*
  into v_write
  from jsonb_to_record(p_write) as w (
    kind text, write_id uuid, at timestamptz(3), actor jsonb, actions jsonb,
    id uuid, expected_version bigint,
    key text, name text, reference text, reference_origin text, metadata jsonb,
    price_list_id text, market_ids jsonb, attachments jsonb, byte_size integer,
    sets_custom boolean, custom_type_id uuid, custom_fields jsonb, request_key uuid
  )
  where w.kind in ('create', 'update') and w.request_key is null
    and w.sets_custom is not true and w.custom_type_id is null and w.custom_fields is null;

  if found then
    v_created := case v_write.kind when 'create' then 1 else 0 end;

    update projects p
    set last_sequence = p.last_sequence + 1, customer_group_count = p.customer_group_count + v_created
    where p.project_id = p_project_id and p.state = 'active'
      and p.customer_group_count + v_created <= p.customer_group_limit
    returning p.last_sequence
    into v_sequence;

    if v_sequence is not null then
      if v_created = 1 then
        insert into customer_groups (
          project_id, id, version, created_at, created_by, last_modified_at, last_modified_by,
          key, name, reference, reference_origin, metadata, price_list_id, market_ids, attachments, byte_size
        ) values (
          p_project_id, v_write.id, 1, v_write.at, v_write.actor, v_write.at, v_write.actor,
          v_write.key, v_write.name, v_write.reference, v_write.reference_origin, v_write.metadata,
          v_write.price_list_id, v_write.market_ids, v_write.attachments, v_write.byte_size
        )
        on conflict do nothing
        returning customer_groups.version
        into v_version;
      else
        update customer_groups g
        set version = g.version + 1,
            last_modified_at = v_write.at,
            last_modified_by = v_write.actor,
            reference = v_write.reference,
            reference_origin = v_write.reference_origin,
            metadata = v_write.metadata,
            price_list_id = v_write.price_list_id,
            market_ids = v_write.market_ids,
            attachments = v_write.attachments,
            byte_size = v_write.byte_size
        where g.project_id = p_project_id and g.id = v_write.id and g.version = v_write.expected_version
          and g.name = v_write.name and g.key is not distinct from v_write.key
        returning g.version
        into v_version;
      end if;

      if v_version is not null then
        return query
        insert into changes (
          project_id, sequence, write_id, resource_type, resource_id,
          version_before, version_after, actions, actor, at
        ) values (
          p_project_id, v_sequence, v_write.write_id, 'customer-group', v_write.id,
          nullif(v_version - 1, 0), v_version, v_write.actions, v_write.actor, v_write.at
        )
        returning 'ok', changes.sequence, null::bigint, null::text, null::uuid, null::integer, null::integer, null::bytea;
        return;
      end if;

      update projects p
      set last_sequence = p.last_sequence - 1, customer_group_count = p.customer_group_count - v_created
      where p.project_id = p_project_id;
    end if;
  end if;

  return query
  select w.outcome, w.sequence, w.current_version, w.field, w.conflicting_id, w.limit_value, w.current_value, w.answer
  from commit_customer_groups_v1(p_project_id, jsonb_build_array(p_write), false) w;
end
$function$;
