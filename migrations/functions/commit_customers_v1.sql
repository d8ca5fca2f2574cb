-- Commits a batch of writes to the customers of one project, and answers one row for each, in order.
-- It is made like commit_customer_groups_v1, which explains the rest.
--
-- sets_groups: whether the groups change; group_ids: all of them, the primary one too.
-- custom_types: [{"id", "version"}] that the custom fields of the customer and the addresses were checked
-- against. sets_addresses: whether the addresses change; address_type_ids: all custom types of theirs.
-- data_erasure: of a deletion that erases the customer's data from changes and remembered calls too.
--
-- outcome, besides those of commit_customer_groups_v1: reference_not_found (field: the kind of resource,
-- conflicting_id: the id that is not there).
create or replace function commit_customers_v1(p_project_id uuid, p_writes jsonb, p_recheck boolean)
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
  v_count integer;
  v_first_count integer;
  v_limit integer;
  v_version bigint;
  v_key text;
  v_email_canonical text;
  v_customer_number text;
  v_left uuid[];
  v_joined uuid[];
  -- How many members each group won or lost; the groups are updated once.
  v_group_deltas jsonb := '{}';
begin
  select p.last_sequence, p.customer_count, p.customer_limit
  into v_sequence, v_count, v_limit
  from projects p
  where p.project_id = p_project_id and p.state = 'active'
  for no key update;

  if not found then
    return query select 'project_not_found', null::bigint, null::bigint, null::text, null::uuid, null::integer, null::integer, null::bytea
    from jsonb_array_elements(p_writes);
    return;
  end if;
  v_first_sequence := v_sequence;
  v_first_count := v_count;

  for v_write in
    select w.*
    from jsonb_to_recordset(p_writes) as w (
      kind text, write_id uuid, at timestamptz(3), actor jsonb, actions jsonb,
      id uuid, expected_version bigint,
      key text, customer_number text, external_id text, email text, email_canonical text,
      is_email_verified boolean, first_name text, last_name text, middle_name text, title text,
      salutation text, date_of_birth text, company_name text, vat_id text, locale text,
      customer_group_id uuid, customer_group_assignments jsonb, addresses jsonb,
      default_shipping_address_id text, shipping_address_ids jsonb, default_billing_address_id text,
      billing_address_ids jsonb, payment_sources jsonb, subscriptions jsonb, tags jsonb, reference text,
      reference_origin text, metadata jsonb, byte_size integer,
      sets_custom boolean, custom_type_id uuid, custom_fields jsonb, custom_types jsonb,
      sets_groups boolean, group_ids jsonb, sets_addresses boolean, address_type_ids jsonb,
      data_erasure boolean,
      request_key uuid, request_hash bytea, answer bytea
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

    if p_recheck or v_write.request_key is not null then
      select r.outcome, r.sequence, r.answer
      into outcome, sequence, answer
      from recall_write_v1(
        p_project_id, case when p_recheck then v_write.write_id end, v_write.request_key, v_write.request_hash
      ) r;
      if found then
        return next;
        continue;
      end if;
      outcome := 'ok';
    end if;

    v_version := null;
    if v_write.kind <> 'create' then
      select c.version, c.key, c.email_canonical, c.customer_number
      into v_version, v_key, v_email_canonical, v_customer_number
      from customers c
      where c.project_id = p_project_id and c.id = v_write.id;
      if not found then
        outcome := 'not_found';
        return next;
        continue;
      end if;
      if v_version <> v_write.expected_version then
        outcome := 'version_mismatch';
        current_version := v_version;
        return next;
        continue;
      end if;
    end if;

    if v_write.custom_types is not null then
      perform
      from jsonb_to_recordset(v_write.custom_types) as checked (id uuid, version bigint)
      where not exists (
        select
        from custom_types t
        where t.project_id = p_project_id and t.id = checked.id and t.version = checked.version
      );
      if found then
        outcome := 'type_changed';
        return next;
        continue;
      end if;
    end if;

    if v_write.kind = 'create' or (v_write.kind = 'update' and v_write.email_canonical <> v_email_canonical) then
      select c.id into conflicting_id
      from customers c
      where c.project_id = p_project_id and c.email_canonical = v_write.email_canonical;
      if found then
        outcome := 'duplicate';
        field := 'email';
        return next;
        continue;
      end if;
    end if;

    if v_write.key is not null
      and (v_write.kind = 'create' or (v_write.kind = 'update' and v_write.key is distinct from v_key))
    then
      select c.id into conflicting_id
      from customers c
      where c.project_id = p_project_id and c.key = v_write.key;
      if found then
        outcome := 'duplicate';
        field := 'key';
        return next;
        continue;
      end if;
    end if;

    if v_write.customer_number is not null
      and (v_write.kind = 'create' or (v_write.kind = 'update' and v_write.customer_number is distinct from v_customer_number))
    then
      select c.id into conflicting_id
      from customers c
      where c.project_id = p_project_id and c.customer_number = v_write.customer_number;
      if found then
        outcome := 'duplicate';
        field := 'customer_number';
        return next;
        continue;
      end if;
    end if;

    if v_write.sets_groups then
      select g.id::uuid into conflicting_id
      from jsonb_array_elements_text(v_write.group_ids) as g (id)
      where not exists (
        select
        from customer_groups o
        where o.project_id = p_project_id and o.id = g.id::uuid
      )
      limit 1;
      if found then
        outcome := 'reference_not_found';
        field := 'customer-group';
        return next;
        continue;
      end if;
    end if;

    if v_write.kind = 'create' then
      if v_count >= v_limit then
        outcome := 'limit_reached';
        limit_value := v_limit;
        current_value := v_count;
        return next;
        continue;
      end if;
      insert into customers (
        project_id, id, version, created_at, created_by, last_modified_at, last_modified_by,
        key, customer_number, external_id, email, email_canonical, is_email_verified, first_name,
        last_name, middle_name, title, salutation, date_of_birth, company_name, vat_id, locale,
        customer_group_id, customer_group_assignments, addresses, default_shipping_address_id,
        shipping_address_ids, default_billing_address_id, billing_address_ids, payment_sources,
        subscriptions, tags, reference, reference_origin, metadata, byte_size, custom_type_id,
        custom_fields
      ) values (
        p_project_id, v_write.id, 1, v_write.at, v_write.actor, v_write.at, v_write.actor,
        v_write.key, v_write.customer_number, v_write.external_id, v_write.email,
        v_write.email_canonical, v_write.is_email_verified, v_write.first_name, v_write.last_name,
        v_write.middle_name, v_write.title, v_write.salutation, v_write.date_of_birth,
        v_write.company_name, v_write.vat_id, v_write.locale, v_write.customer_group_id,
        v_write.customer_group_assignments, v_write.addresses, v_write.default_shipping_address_id,
        v_write.shipping_address_ids, v_write.default_billing_address_id, v_write.billing_address_ids,
        v_write.payment_sources, v_write.subscriptions, v_write.tags, v_write.reference,
        v_write.reference_origin, v_write.metadata, v_write.byte_size, v_write.custom_type_id,
        v_write.custom_fields
      );
      v_count := v_count + 1;
    elsif v_write.kind = 'update' then
      update customers c
      set version = v_version + 1,
          last_modified_at = v_write.at,
          last_modified_by = v_write.actor,
          key = v_write.key,
          customer_number = v_write.customer_number,
          external_id = v_write.external_id,
          email = v_write.email,
          email_canonical = v_write.email_canonical,
          is_email_verified = v_write.is_email_verified,
          first_name = v_write.first_name,
          last_name = v_write.last_name,
          middle_name = v_write.middle_name,
          title = v_write.title,
          salutation = v_write.salutation,
          date_of_birth = v_write.date_of_birth,
          company_name = v_write.company_name,
          vat_id = v_write.vat_id,
          locale = v_write.locale,
          customer_group_id = v_write.customer_group_id,
          customer_group_assignments = v_write.customer_group_assignments,
          addresses = case when v_write.sets_addresses then v_write.addresses else c.addresses end,
          default_shipping_address_id = v_write.default_shipping_address_id,
          shipping_address_ids = v_write.shipping_address_ids,
          default_billing_address_id = v_write.default_billing_address_id,
          billing_address_ids = v_write.billing_address_ids,
          payment_sources = v_write.payment_sources,
          subscriptions = v_write.subscriptions,
          tags = v_write.tags,
          reference = v_write.reference,
          reference_origin = v_write.reference_origin,
          metadata = v_write.metadata,
          byte_size = v_write.byte_size,
          custom_type_id = case when v_write.sets_custom then v_write.custom_type_id else c.custom_type_id end,
          custom_fields = case when v_write.sets_custom then v_write.custom_fields else c.custom_fields end
      where c.project_id = p_project_id and c.id = v_write.id;
    end if;

    if v_write.sets_groups or v_write.kind = 'delete' then
      select coalesce(array_agg(m.customer_group_id), '{}') into v_left
      from customer_group_members m
      where m.project_id = p_project_id
        and m.customer_id = v_write.id
        and not coalesce(v_write.group_ids, '[]') ? m.customer_group_id::text;

      select coalesce(array_agg(g.id::uuid), '{}') into v_joined
      from jsonb_array_elements_text(coalesce(v_write.group_ids, '[]')) as g (id)
      where not exists (
        select
        from customer_group_members m
        where m.project_id = p_project_id and m.customer_group_id = g.id::uuid and m.customer_id = v_write.id
      );

      delete from customer_group_members m
      where m.project_id = p_project_id and m.customer_id = v_write.id and m.customer_group_id = any(v_left);

      insert into customer_group_members (project_id, customer_group_id, customer_id)
      select p_project_id, joined.id, v_write.id
      from unnest(v_joined) as joined (id);

      select coalesce(jsonb_object_agg(summed.id, summed.delta), '{}') into v_group_deltas
      from (
        select delta.id, sum(delta.n) as delta
        from (
          select d.key as id, d.value::integer as n from jsonb_each_text(v_group_deltas) as d
          union all
          select l.id::text, -1 from unnest(v_left) as l (id)
          union all
          select j.id::text, 1 from unnest(v_joined) as j (id)
        ) as delta
        group by delta.id
      ) as summed;
    end if;

    if v_write.sets_addresses or v_write.kind = 'delete' then
      delete from customer_address_types a
      where a.project_id = p_project_id
        and a.customer_id = v_write.id
        and not coalesce(v_write.address_type_ids, '[]') ? a.custom_type_id::text;

      insert into customer_address_types (project_id, custom_type_id, customer_id)
      select p_project_id, t.id::uuid, v_write.id
      from jsonb_array_elements_text(coalesce(v_write.address_type_ids, '[]')) as t (id)
      on conflict do nothing;
    end if;

    if v_write.kind = 'delete' then
      delete from orders o
      where o.project_id = p_project_id and o.customer_id = v_write.id;

      delete from customers c
      where c.project_id = p_project_id and c.id = v_write.id;
      v_count := v_count - 1;

      if v_write.data_erasure then
        update changes c
        set actions = '[]', actor = null
        where c.project_id = p_project_id and c.resource_type = 'customer' and c.resource_id = v_write.id;

        delete from request_memory m
        where m.project_id = p_project_id and m.resource_id = v_write.id;
      end if;
    end if;

    if v_write.kind <> 'confirm' then
      v_sequence := v_sequence + 1;
      sequence := v_sequence;
      insert into changes (
        project_id, sequence, write_id, resource_type, resource_id,
        version_before, version_after, actions, actor, at
      ) values (
        p_project_id, v_sequence, v_write.write_id, 'customer', v_write.id,
        v_version, case v_write.kind when 'delete' then null else coalesce(v_version, 0) + 1 end,
        v_write.actions, v_write.actor, v_write.at
      );
    end if;

    if v_write.request_key is not null then
      insert into request_memory (project_id, request_key, request_hash, resource_id, answer, at)
      values (p_project_id, v_write.request_key, v_write.request_hash, v_write.id, v_write.answer, v_write.at);
    end if;
    return next;
  end loop;

  if v_group_deltas <> '{}' then
    update customer_groups g
    set customer_count = g.customer_count + d.value::integer
    from jsonb_each_text(v_group_deltas) as d
    where g.project_id = p_project_id and g.id = d.key::uuid and d.value <> '0';
  end if;

  if v_sequence <> v_first_sequence or v_count <> v_first_count then
    update projects p
    set last_sequence = v_sequence, customer_count = v_count
    where p.project_id = p_project_id;
  end if;
end
$function$;
