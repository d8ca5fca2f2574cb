-- Updates one customer group that keeps its name, key and custom fields, which nobody remembers by a request_id. Does what
-- commit_customer_groups_v1 does, by fewer statements: see commit_customer_group_creation_v1. Answers the sequence of the
-- change; null if nothing was written, which that other function does then, or has a reason not to.
create or replace function commit_customer_group_update_v1(p_project_id uuid, p_write customer_group_write_v1)
returns bigint
language plpgsql
as $function$
declare
  v_sequence bigint;
begin
  update projects p
  set last_sequence = p.last_sequence + 1
  where p.project_id = p_project_id and p.state = 'active'
  returning p.last_sequence
  into v_sequence;

  if found then
    with updated as (
      update customer_groups g
      set version = g.version + 1,
          last_modified_at = p_write.at,
          last_modified_by = p_write.actor,
          reference = p_write.reference,
          reference_origin = p_write.reference_origin,
          metadata = p_write.metadata,
          price_list_id = p_write.price_list_id,
          market_ids = p_write.market_ids,
          attachments = p_write.attachments,
          byte_size = p_write.byte_size
      where g.project_id = p_project_id and g.id = p_write.id and g.version = p_write.expected_version
        and g.name = p_write.name and g.key is not distinct from p_write.key
        and (p_write.known_modified_at is null or g.last_modified_at = p_write.known_modified_at)
        and (p_write.known_customer_count is null or g.customer_count = p_write.known_customer_count)
      returning g.version
    )
    insert into changes (
      project_id, sequence, write_id, resource_type, resource_id,
      version_before, version_after, actions, actor, at
    )
    select
      p_project_id, v_sequence, p_write.write_id, 'customer-group', p_write.id,
      u.version - 1, u.version, p_write.actions, p_write.actor, p_write.at
    from updated u;

    if found then
      return v_sequence;
    end if;

    update projects p
    set last_sequence = p.last_sequence - 1
    where p.project_id = p_project_id;
  end if;

  return null;
end
$function$;
