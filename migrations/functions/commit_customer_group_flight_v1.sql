-- Commits writes to the customer groups of several projects, and answers one row for each, those of one project in order:
-- what commit_customer_groups_v1 answers. A project that isn't there has none, nor has one that somebody else has
-- locked: who holds several projects must wait for none, for two who did so could wait for each other.
--
-- p_project_ids: of each write, its project. Those of one project follow each other.
-- write: which of its project's writes, counted from 1.
create or replace function commit_customer_group_flight_v1(p_project_ids uuid[], p_writes jsonb)
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
as $function$
#variable_conflict use_column
declare
  v_done uuid[] := '{}';
  v_answered integer := 0;
begin
  for project_id, write, outcome, sequence, current_version, field, conflicting_id, limit_value, current_value, answer in
    select
      b.project_id, b.write, b.outcome, b.sequence, b.current_version, b.field,
      b.conflicting_id, b.limit_value, b.current_value, b.answer
    from commit_customer_group_batch_v2(p_project_ids, p_writes) b
  loop
    return next;
    v_answered := v_answered + 1;
    if write = 1 then
      v_done := v_done || project_id;
    end if;
  end loop;
  -- What is left costs a tenth of all this to look for.
  if v_answered = cardinality(p_project_ids) then
    return;
  end if;

  -- The writes come out of the subquery so that each project is locked before the function is called for it; that
  -- takes the lock again, and only its own statements see what was committed before, for this one is older.
  return query
  select
    w.project_id, o.ordinality, o.outcome, o.sequence, o.current_version, o.field,
    o.conflicting_id, o.limit_value, o.current_value, o.answer
  from (
    select b.project_id, jsonb_agg(b.write order by b.place) as writes
    from rows from (unnest(p_project_ids), jsonb_array_elements(p_writes)) with ordinality
      as b (project_id, write, place)
    where b.project_id <> all (v_done)
    group by b.project_id
  ) as w
  cross join lateral (
    select w.writes
    from projects p
    where p.project_id = w.project_id
    for no key update skip locked
  ) as locked
  cross join lateral commit_customer_groups_v1(w.project_id, locked.writes, false) with ordinality as o;
end
$function$;
