-- What is known of a write that may have been made before; every commit function asks it first. No row
-- when nothing is known.
--
-- p_write_id: of a batch that is sent again, else null. p_request_key: of a call that is remembered,
-- else null.
create or replace function recall_write_v1(p_project_id uuid, p_write_id uuid, p_request_key uuid, p_request_hash bytea)
returns table (outcome text, sequence bigint, answer bytea)
language plpgsql
as $function$
begin
  if p_write_id is not null then
    return query
    select 'ok', c.sequence, null::bytea
    from changes c
    where c.project_id = p_project_id and c.write_id = p_write_id;
    if found then
      return;
    end if;
  end if;

  if p_request_key is not null then
    return query
    select
      case when m.request_hash = p_request_hash then 'replayed' else 'request_id_reused' end,
      null::bigint,
      case when m.request_hash = p_request_hash then m.answer end
    from request_memory m
    where m.project_id = p_project_id and m.request_key = p_request_key;
  end if;
end
$function$;
