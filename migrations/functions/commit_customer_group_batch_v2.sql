-- Commits the plain writes to customer groups of several projects by a few statements for all of them. Answers what
-- commit_customer_groups_v1 does, for each project whose writes are all plain, in order; of any other it answers and
-- writes nothing, nor of one that somebody else has locked, for which it doesn't wait.
--
-- Plain: a creation whose name and key nobody has, or an update that leaves them as they are, of a group that is as it
-- is known; of different groups; neither with custom fields nor to be remembered. An update that comes too late is
-- refused here too.
--
-- p_project_ids: of each write, its project. Those of one project follow each other.
-- write: which of its project's writes, counted from 1.
--
-- Its plans are made once, for other values they would be no better, and go by indexes: `enable_sort` by those that
-- have the order, `enable_seqscan` also while there are few projects. What can't be done without has a price then that
-- PostgreSQL before 18 would compile machine code for, `jit`, each time anew.
create or replace function commit_customer_group_batch_v2(p_project_ids uuid[], p_writes jsonb)
returns table (
  project_id uuid,
  write bigint,
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
set enable_seqscan = off
set jit = off
as $function$
#variable_conflict use_column
declare
  -- The projects that are locked, their last sequences, and how many groups each may still create.
  v_locked uuid[];
  v_last_sequences bigint[];
  v_rooms integer[];
  v_project record;
  -- The projects whose writes are done, and what becomes of their rows.
  v_plain uuid[] := '{}';
  v_made bigint[] := '{}';
  v_created integer[] := '{}';
  -- Of each write, in order: which of its project's it is, null where those are left; its sequence, null where it is
  -- refused; the version before it, null where there is no group.
  v_numbers bigint[] := '{}';
  v_sequences bigint[] := '{}';
  v_versions bigint[] := '{}';
begin
  select array_agg(l.project_id), array_agg(l.last_sequence), array_agg(l.room)
  into v_locked, v_last_sequences, v_rooms
  from (
    select p.project_id, p.last_sequence, p.customer_group_limit - p.customer_group_count as room
    from projects p
    where p.project_id = any (p_project_ids) and p.state = 'active'
    for no key update skip locked
  ) as l;

  -- To find the first from b.id on, PostgreSQL goes by the index on just that. While it knows of few groups, it may
  -- look for an equal one by any index that begins with the project, and read all of the project's groups.
  for v_project in
    select
      w.project_id,
      bool_and(w.is_plain)
        and count(distinct w.id) = count(*)
        and count(distinct w.new_name) = count(*) filter (where w.kind = 'create')
        and count(distinct w.new_key) = count(w.new_key)
        as is_plain,
      count(*) filter (where w.kind = 'create')::integer as created,
      count(*) filter (where w.is_made) as made,
      array_agg(w.number order by w.number) as numbers,
      array_agg(case when w.is_made then w.sequence end order by w.number) as sequences,
      array_agg(w.version order by w.number) as versions
    from (
      select
        b.project_id, b.kind, b.id, g.version, d.is_made,
        count(*) over so_far as number,
        v_last_sequences[array_position(v_locked, b.project_id)]
          + count(*) filter (where d.is_made) over so_far as sequence,
        case when b.kind = 'create' then b.name end as new_name,
        case when b.kind = 'create' then b.key end as new_key,
        b.request_key is null
          and b.sets_custom is not true and b.custom_type_id is null and b.custom_fields is null
          and case b.kind
            when 'create' then
              g.version is null
              and (
                select t.name
                from customer_groups t
                where t.project_id = b.project_id and t.name >= b.name
                order by t.name
                limit 1
              ) is distinct from b.name
              and (
                b.key is null or (
                  select t.key
                  from customer_groups t
                  where t.project_id = b.project_id and t.key >= b.key
                  order by t.key
                  limit 1
                ) is distinct from b.key
              )
            when 'update' then
              g.version is null or g.version <> b.expected_version
              or (
                g.name = b.name and g.key is not distinct from b.key
                and (b.known_modified_at <> g.last_modified_at or b.known_customer_count <> g.customer_count) is not true
              )
          end is true as is_plain
      from rows from (
        unnest(p_project_ids),
        jsonb_to_recordset(p_writes) as (
          kind text, id uuid, expected_version bigint, key text, name text,
          known_modified_at timestamptz(3), known_customer_count integer,
          sets_custom boolean, custom_type_id uuid, custom_fields jsonb, request_key uuid
        )
      ) with ordinality as b (
        project_id, kind, id, expected_version, key, name, known_modified_at, known_customer_count,
        sets_custom, custom_type_id, custom_fields, request_key, place
      )
      left join lateral (
        select s.id, s.version, s.name, s.key, s.last_modified_at, s.customer_count
        from customer_groups s
        where s.project_id = b.project_id and s.id >= b.id
        order by s.id
        limit 1
      ) as g on g.id = b.id
      cross join lateral (
        select b.kind = 'create' or (g.version is not null and (g.version <> b.expected_version) is not true) as is_made
      ) as d
      window so_far as (partition by b.project_id order by b.place rows unbounded preceding)
    ) as w
    group by w.project_id
    order by array_position(p_project_ids, w.project_id)
  loop
    -- There is no room, null, in one that isn't locked.
    if v_project.is_plain and v_project.created <= v_rooms[array_position(v_locked, v_project.project_id)] then
      v_plain := v_plain || v_project.project_id;
      v_made := v_made || v_project.made;
      v_created := v_created || v_project.created;
      v_numbers := v_numbers || v_project.numbers;
    else
      v_numbers := v_numbers || array_fill(null::bigint, array[cardinality(v_project.numbers)]);
    end if;
    v_sequences := v_sequences || v_project.sequences;
    v_versions := v_versions || v_project.versions;
  end loop;
  if v_plain = '{}' then
    return;
  end if;

  -- Whatever isn't created is there: the project is locked. This goes by the primary key; an update would be a join,
  -- which reads all of the project's groups while PostgreSQL knows of few.
  insert into customer_groups (
    project_id, id, version, created_at, created_by, last_modified_at, last_modified_by,
    key, name, reference, reference_origin, metadata, price_list_id, market_ids, attachments, byte_size
  )
  select
    w.project_id, w.id, coalesce(w.version, 0) + 1, w.at, w.actor, w.at, w.actor,
    w.key, w.name, w.reference, w.reference_origin, w.metadata, w.price_list_id, w.market_ids, w.attachments, w.byte_size
  from rows from (
    unnest(p_project_ids, v_numbers, v_sequences, v_versions),
    jsonb_to_recordset(p_writes) as (
      at timestamptz(3), actor jsonb, id uuid, key text, name text, reference text, reference_origin text,
      metadata jsonb, price_list_id text, market_ids jsonb, attachments jsonb, byte_size integer
    )
  ) as w (
    project_id, number, sequence, version,
    at, actor, id, key, name, reference, reference_origin, metadata, price_list_id, market_ids, attachments, byte_size
  )
  where w.number is not null and w.sequence is not null
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
    w.project_id, w.sequence, w.write_id, 'customer-group', w.id,
    w.version, coalesce(w.version, 0) + 1, w.actions, w.actor, w.at
  from rows from (
    unnest(p_project_ids, v_numbers, v_sequences, v_versions),
    jsonb_to_recordset(p_writes) as (write_id uuid, at timestamptz(3), actor jsonb, actions jsonb, id uuid)
  ) as w (project_id, number, sequence, version, write_id, at, actor, actions, id)
  where w.number is not null and w.sequence is not null;

  update projects p
  set last_sequence = p.last_sequence + v_made[array_position(v_plain, p.project_id)],
      customer_group_count = p.customer_group_count + v_created[array_position(v_plain, p.project_id)]
  where p.project_id = any (p_project_ids)
    and p.project_id = any (v_plain);

  return query
  select
    w.project_id, w.number,
    case when w.sequence is not null then 'ok' when w.version is null then 'not_found' else 'version_mismatch' end,
    w.sequence, case when w.sequence is null then w.version end,
    null::text, null::uuid, null::integer, null::integer, null::bytea
  from unnest(p_project_ids, v_numbers, v_sequences, v_versions) with ordinality
    as w (project_id, number, sequence, version, place)
  where w.number is not null
  order by w.place;
end
$function$;
