-- Creates one customer group without custom fields, which nobody remembers by a request_id: what commit_customer_groups_v1
-- does, by fewer statements. Answers the sequence of the change; null if nothing was written, which that function
-- has a reason for.
--
-- Most of what a lone write costs is to begin statements, and to set up each expression of the function anew: here are
-- few of both. The sequence is taken first, for the project's row is the lock, and given back if the write isn't made.
create or replace function commit_customer_group_creation_v1(p_project_id uuid, p_write customer_group_write_v1)
returns bigint
language plpgsql
as $function$
declare
  v_sequence bigint;
begin
  update projects p
  set last_sequence = p.last_sequence + 1, customer_group_count = p.customer_group_count + 1
  where p.project_id = p_project_id and p.state = 'active' and p.customer_group_count < p.customer_group_limit
  returning p.last_sequence
  into v_sequence;

  if found then
    with created as (
      insert into customer_groups (
        project_id, id, version, created_at, created_by, last_modified_at, last_modified_by,
        key, name, reference, reference_origin, metadata, price_list_id, market_ids, attachments, byte_size
      ) values (
        p_project_id, p_write.id, 1, p_write.at, p_write.actor, p_write.at, p_write.actor,
        p_write.key, p_write.name, p_write.reference, p_write.reference_origin, p_write.metadata,
        p_write.price_list_id, p_write.market_ids, p_write.attachments, p_write.byte_size
      )
      on conflict do nothing
      returning version
    )
    insert into changes (
      project_id, sequence, write_id, resource_type, resource_id,
      version_before, version_after, actions, actor, at
    )
    select
      p_project_id, v_sequence, p_write.write_id, 'customer-group', p_write.id,
      null, c.version, p_write.actions, p_write.actor, p_write.at
    from created c;

    if found then
      return v_sequence;
    end if;

    update projects p
    set last_sequence = p.last_sequence - 1, customer_group_count = p.customer_group_count - 1
    where p.project_id = p_project_id;
  end if;

  return null;
end
$function$;
