-- Commits a batch of plain writes to customer groups by a few statements for all of them, for
-- commit_customer_groups_v1, which holds the project's lock and has read its row: p_sequence, p_count and
-- p_limit. Answers what that function does, and answers and writes nothing if any write isn't plain.
--
-- Plain: a creation whose name and key nobody has, or an update that leaves them as they are; of different
-- groups; neither with custom fields nor to be remembered. An update that comes too late is refused here too.
--
-- Its plans are made once: for other values they would be no better. `enable_sort`: an index that has the order.
create or replace function commit_customer_group_batch_v1(
  p_project_id uuid, p_writes jsonb, p_sequence bigint, p_count integer, p_limit integer
)
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
set plan_cache_mode = force_generic_plan
set enable_sort = off
as $function$
declare
  v_plain boolean;
  v_created integer;
  v_last_sequence bigint;
  -- Of each write, in order: null where it is refused, and where there is no group before it.
  v_sequences bigint[];
  v_versions bigint[];
begin
  if jsonb_path_exists(p_writes, '$[*] ? (
    @.kind != "create" && @.kind != "update" || @.request_key != null
    || @.sets_custom == true || @.custom_type_id != null || @.custom_fields != null
  )') then
    return;
  end if;

  -- To find the first from b.id on, PostgreSQL goes by the index on just that. While it knows of few groups, it may
  -- look for an equal one by any index that begins with the project, and read all of the project's groups.
  select
    bool_and(w.is_plain)
      and count(distinct w.id) = count(*)
      and count(distinct w.new_name) = count(*) filter (where w.kind = 'create')
      and count(distinct w.new_key) = count(w.new_key),
    count(*) filter (where w.kind = 'create'),
    max(w.sequence),
    array_agg(case when w.is_made then w.sequence end order by w.number),
    array_agg(w.version order by w.number)
  into v_plain, v_created, v_last_sequence, v_sequences, v_versions
  from (
    select
      c.*,
      p_sequence + count(*) filter (where c.is_made) over (order by c.number rows unbounded preceding) as sequence
    from (
      select
        b.number, b.kind, b.id, g.version,
        case when b.kind = 'create' then b.name end as new_name,
        case when b.kind = 'create' then b.key end as new_key,
        b.kind = 'create' or (g.version is not null and (g.version <> b.expected_version) is not true) as is_made,
        case b.kind
          when 'create' then
            g.version is null
            and (
              select t.name
              from customer_groups t
              where t.project_id = p_project_id and t.name >= b.name
              order by t.name
              limit 1
            ) is distinct from b.name
            and (
              b.key is null or (
                select t.key
                from customer_groups t
                where t.project_id = p_project_id and t.key >= b.key
                order by t.key
                limit 1
              ) is distinct from b.key
            )
          else
            g.version is null or g.version <> b.expected_version
            or (g.name = b.name and g.key is not distinct from b.key)
        end is true as is_plain
      from rows from (
        jsonb_to_recordset(p_writes) as (kind text, id uuid, expected_version bigint, key text, name text)
      ) with ordinality as b (kind, id, expected_version, key, name, number)
      left join lateral (
        select s.id, s.version, s.name, s.key
        from customer_groups s
        where s.project_id = p_project_id and s.id >= b.id
        order by s.id
        limit 1
      ) as g on g.id = b.id
    ) as c
  ) as w;
  if v_plain is not true or p_count + v_created > p_limit then
    return;
  end if;

  -- Whatever isn't created is there: the project is locked. This goes by the primary key; an update would be a join,
  -- which reads all of the project's groups while PostgreSQL knows of few.
  insert into customer_groups (
    project_id, id, version, created_at, created_by, last_modified_at, last_modified_by,
    key, name, reference, reference_origin, metadata, price_list_id, market_ids, attachments, byte_size
  )
  select
    p_project_id, w.id, coalesce(w.version, 0) + 1, w.at, w.actor, w.at, w.actor,
    w.key, w.name, w.reference, w.reference_origin, w.metadata, w.price_list_id, w.market_ids, w.attachments, w.byte_size
  from rows from (
    jsonb_to_recordset(p_writes) as (
      at timestamptz(3), actor jsonb, id uuid, key text, name text, reference text, reference_origin text,
      metadata jsonb, price_list_id text, market_ids jsonb, attachments jsonb, byte_size integer
    ),
    unnest(v_sequences, v_versions)
  ) as w (
    at, actor, id, key, name, reference, reference_origin, metadata, price_list_id, market_ids, attachments, byte_size,
    sequence, version
  )
  where w.sequence is not null
  on conflict (project_id, id) do update
  set version = excluded.version,
      last_modified_at = excluded.last_modified_at,
      last_modified_by = excluded.last_modified_by,
      reference = excluded.reference,
      reference_origin = excluded.reference_origin,
      metadata = excluded.metadata,
      price_list_id = excluded.price_list_id,
      market_ids = excluded.market_ids,
      attachments = excluded.attachments,
      byte_size = excluded.byte_size;

  insert into changes (
    project_id, sequence, write_id, resource_type, resource_id,
    version_before, version_after, actions, actor, at
  )
  select
    p_project_id, w.sequence, w.write_id, 'customer-group', w.id,
    w.version, coalesce(w.version, 0) + 1, w.actions, w.actor, w.at
  from rows from (
    jsonb_to_recordset(p_writes) as (write_id uuid, at timestamptz(3), actor jsonb, actions jsonb, id uuid),
    unnest(v_sequences, v_versions)
  ) as w (write_id, at, actor, actions, id, sequence, version)
  where w.sequence is not null;

  if v_last_sequence > p_sequence then
    update projects p
    set last_sequence = v_last_sequence, customer_group_count = p_count + v_created
    where p.project_id = p_project_id;
  end if;

  return query
  select
    case when w.sequence is not null then 'ok' when w.version is null then 'not_found' else 'version_mismatch' end,
    w.sequence, case when w.sequence is null then w.version end,
    null::text, null::uuid, null::integer, null::integer, null::bytea
  from unnest(v_sequences, v_versions) with ordinality as w (sequence, version, number)
  order by w.number;
end
$function$;
