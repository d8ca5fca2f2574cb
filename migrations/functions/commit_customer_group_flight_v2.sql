-- Commits the plain writes to customer groups of one project or several by a few statements for all of them, and answers
-- one row for each project whose writes are all plain, if there is room for the groups that they create. Of any other
-- it answers and writes nothing, nor of one that isn't there, or that somebody else has locked.
--
-- p_waits: for the lock of a single project. Who holds several must wait for none: two who did so could wait for each other.
--
-- Plain: a creation whose name and key nobody has, or an update that leaves them as they are, of a group that is as it
-- is known; of different groups; neither with custom fields nor to be remembered. An update that comes too late is
-- refused here too.
--
-- Each other parameter has one element for each write, those of one project behind each other, or is null where it would have
-- nothing but nulls: to read arrays takes half of what it takes to read the writes as JSON. What they mean
-- commit_customer_groups_v1 says, where they have the names of one write's.
--
-- sequences: of the project's writes, in order; null of one that is refused. versions: that of the group before; null
-- where there is none.
--
-- Its plans are made once, for other values they would be no better, and go by indexes: `enable_sort` by those that
-- have the order, `enable_seqscan` also while there are few projects. What can't be done without has a price then that
-- PostgreSQL before 18 would compile machine code for, `jit`, each time anew.
create or replace function commit_customer_group_flight_v2(
  p_project_ids uuid[],
  p_waits boolean,
  p_kinds text[],
  p_write_ids uuid[],
  p_times timestamptz[],
  p_actors jsonb[],
  p_actions jsonb[],
  p_ids uuid[],
  p_expected_versions bigint[],
  p_keys text[],
  p_names text[],
  p_references text[],
  p_reference_origins text[],
  p_metadata jsonb[],
  p_price_list_ids text[],
  p_market_ids jsonb[],
  p_attachments jsonb[],
  p_byte_sizes integer[],
  p_known_modified_at timestamptz[],
  p_known_customer_counts integer[]
)
returns table (
  project_id uuid,
  sequences bigint[],
  versions bigint[]
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
  -- Of one project: whether its writes are plain, how many groups they create, and how many of them are made.
  v_is_plain boolean;
  v_creations integer;
  v_changes bigint;
  -- The projects whose writes are done, and what becomes of their rows.
  v_plain uuid[] := '{}';
  v_made bigint[] := '{}';
  v_created integer[] := '{}';
  -- Of each write, in order: its sequence, null where it is refused or left; the version before it, null where there is
  -- no group.
  v_sequences bigint[] := '{}';
  v_versions bigint[] := '{}';
begin
  -- What comes next has a snapshot of its own, and sees what was committed meanwhile.
  if p_waits then
    perform
    from projects p
    where p.project_id = any (p_project_ids)
    for no key update;
  end if;

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
  for project_id, sequences, versions, v_is_plain, v_creations, v_changes in
    select
      w.project_id,
      array_agg(case when w.is_made then w.sequence end order by w.place),
      array_agg(w.version order by w.place),
      bool_and(w.is_plain)
        and count(distinct w.id) = count(*)
        and count(distinct w.new_name) = count(*) filter (where w.kind = 'create')
        and count(distinct w.new_key) = count(w.new_key),
      count(*) filter (where w.kind = 'create')::integer,
      count(*) filter (where w.is_made)
    from (
      select
        b.project_id, b.place, b.kind, b.id, g.version, d.is_made,
        v_last_sequences[array_position(v_locked, b.project_id)]
          + count(*) filter (where d.is_made) over (partition by b.project_id order by b.place rows unbounded preceding)
          as sequence,
        case when b.kind = 'create' then b.name end as new_name,
        case when b.kind = 'create' then b.key end as new_key,
        case b.kind
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
      from unnest(
        p_project_ids, p_kinds, p_ids, p_expected_versions, p_keys, p_names, p_known_modified_at, p_known_customer_counts
      ) with ordinality as b (
        project_id, kind, id, expected_version, key, name, known_modified_at, known_customer_count, place
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
    ) as w
    group by w.project_id
    order by array_position(p_project_ids, w.project_id)
  loop
    -- There is no room, null, in one that isn't locked.
    if v_is_plain and v_creations <= v_rooms[array_position(v_locked, project_id)] then
      v_plain := v_plain || project_id;
      v_made := v_made || v_changes;
      v_created := v_created || v_creations;
      v_sequences := v_sequences || sequences;
      return next;
    else
      v_sequences := v_sequences || array_fill(null::bigint, array[cardinality(versions)]);
    end if;
    v_versions := v_versions || versions;
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
  from unnest(
    p_project_ids, v_sequences, v_versions, p_times, p_actors, p_ids, p_keys, p_names, p_references, p_reference_origins,
    p_metadata, p_price_list_ids, p_market_ids, p_attachments, p_byte_sizes
  ) as w (
    project_id, sequence, version, at, actor, id, key, name, reference, reference_origin,
    metadata, price_list_id, market_ids, attachments, byte_size
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
    w.project_id, w.sequence, w.write_id, 'customer-group', w.id,
    w.version, coalesce(w.version, 0) + 1, w.actions, w.actor, w.at
  from unnest(p_project_ids, v_sequences, v_versions, p_write_ids, p_times, p_actors, p_actions, p_ids)
    as w (project_id, sequence, version, write_id, at, actor, actions, id)
  where w.sequence is not null;

  update projects p
  set last_sequence = p.last_sequence + v_made[array_position(v_plain, p.project_id)],
      customer_group_count = p.customer_group_count + v_created[array_position(v_plain, p.project_id)]
  where p.project_id = any (p_project_ids)
    and p.project_id = any (v_plain);
end
$function$;
