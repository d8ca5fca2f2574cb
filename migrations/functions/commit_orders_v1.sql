-- Records what happened to orders of one project's customers, and answers one row for each write, in order.
-- It is made like commit_customer_groups_v1, which explains the rest.
--
-- id: of the customer, whose count of placed orders follows. An order that is as it was changes nothing.
--
-- outcome: ok (answer: JSON of the API's answer) | replayed (answer) | request_id_reused |
-- project_not_found | not_found | duplicate (field: order_id, conflicting_id: the customer whose order it is).
create or replace function commit_orders_v1(p_project_id uuid, p_writes jsonb, p_recheck boolean)
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
  v_order record;
  v_sequence bigint;
  v_first_sequence bigint;
  v_version bigint;
  v_placed integer;
  v_is_made boolean;
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
      kind text, write_id uuid, at timestamptz(3), actor jsonb, actions jsonb, id uuid,
      order_id text, status text, placed_at timestamptz(3), currency_code text, cent_amount bigint,
      request_key uuid, request_hash bytea
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

    select c.version into v_version
    from customers c
    where c.project_id = p_project_id and c.id = v_write.id;
    if not found then
      outcome := 'not_found';
      return next;
      continue;
    end if;

    select o.customer_id, o.status, o.placed_at, o.currency_code, o.cent_amount into v_order
    from orders o
    where o.project_id = p_project_id and o.order_id = v_write.order_id;
    if found and v_order.customer_id <> v_write.id then
      outcome := 'duplicate';
      field := 'order_id';
      conflicting_id := v_order.customer_id;
      return next;
      continue;
    end if;

    v_is_made := p_recheck and exists (
      select
      from changes c
      where c.project_id = p_project_id and c.write_id = v_write.write_id
    );
    if not v_is_made and (v_order.status, v_order.placed_at, v_order.currency_code, v_order.cent_amount)
      is distinct from (v_write.status, v_write.placed_at, v_write.currency_code, v_write.cent_amount)
    then
      insert into orders (
        project_id, order_id, customer_id, status, placed_at, currency_code, cent_amount, created_at, last_modified_at
      ) values (
        p_project_id, v_write.order_id, v_write.id, v_write.status, v_write.placed_at,
        v_write.currency_code, v_write.cent_amount, v_write.at, v_write.at
      )
      on conflict (project_id, order_id) do update
      set status = excluded.status,
          placed_at = excluded.placed_at,
          currency_code = excluded.currency_code,
          cent_amount = excluded.cent_amount,
          last_modified_at = greatest(excluded.last_modified_at, orders.last_modified_at);

      v_placed := (v_write.status = 'placed')::integer - coalesce((v_order.status = 'placed')::integer, 0);
      update customers c
      set version = v_version + 1,
          last_modified_at = greatest(v_write.at, c.last_modified_at),
          last_modified_by = v_write.actor,
          placed_order_count = c.placed_order_count + v_placed
      where c.project_id = p_project_id and c.id = v_write.id;

      v_sequence := v_sequence + 1;
      sequence := v_sequence;
      insert into changes (
        project_id, sequence, write_id, resource_type, resource_id,
        version_before, version_after, actions, actor, at
      ) values (
        p_project_id, v_sequence, v_write.write_id, 'customer', v_write.id,
        v_version, v_version + 1, v_write.actions, v_write.actor, v_write.at
      );
    end if;

    select convert_to(jsonb_build_object('order', jsonb_strip_nulls(jsonb_build_object(
      'orderId', o.order_id,
      'customerId', o.customer_id,
      'status', 'ORDER_STATUS_' || upper(o.status),
      'placedAt', o.placed_at,
      'total', jsonb_build_object('currencyCode', o.currency_code, 'centAmount', o.cent_amount),
      'createdAt', o.created_at,
      'lastModifiedAt', o.last_modified_at
    )))::text, 'UTF8')
    into answer
    from orders o
    where o.project_id = p_project_id and o.order_id = v_write.order_id;

    if v_write.request_key is not null then
      insert into request_memory (project_id, request_key, request_hash, resource_id, answer, at)
      values (p_project_id, v_write.request_key, v_write.request_hash, v_write.id, answer, v_write.at);
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
