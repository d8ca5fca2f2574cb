-- Inserts new customers of one project in bulk: a writer like the commit functions, with the project's lock,
-- limit and sequence, but all or nothing, for filling a database. An email address, key or number that is
-- taken fails it with the name of the index.
--
-- p_customers: a JSON array, each with the columns of the table, `group_ids` and the `draft` for the change.
create or replace function insert_customers_v1(p_project_id uuid, p_customers jsonb, p_at timestamptz)
returns integer
language plpgsql
as $function$
declare
  v_sequence bigint;
  v_count integer;
  v_limit integer;
  v_new integer := jsonb_array_length(p_customers);
begin
  select p.last_sequence, p.customer_count, p.customer_limit
  into v_sequence, v_count, v_limit
  from projects p
  where p.project_id = p_project_id and p.state = 'active'
  for no key update;
  if not found then
    raise exception 'there is no such project';
  end if;
  if v_count + v_new > v_limit then
    raise exception 'the project may have % customers, and has %', v_limit, v_count;
  end if;

  -- Locked as the commit functions lock it: a type changes under the project's lock only.
  if exists (
    select
    from jsonb_to_recordset(p_customers) as c (custom_types jsonb)
    cross join jsonb_to_recordset(coalesce(c.custom_types, '[]')) as checked (id uuid, version bigint)
    left join custom_types t on t.project_id = p_project_id and t.id = checked.id
    where t.version is distinct from checked.version
  ) then
    raise exception 'a custom type has changed meanwhile';
  end if;

  insert into customers (
    project_id, id, version, created_at, last_modified_at,
    key, customer_number, external_id, email, email_canonical, is_email_verified, first_name, last_name,
    middle_name, title, salutation, date_of_birth, company_name, vat_id, locale, customer_group_id,
    customer_group_assignments, addresses, default_shipping_address_id, shipping_address_ids,
    default_billing_address_id, billing_address_ids, payment_sources, subscriptions, tags, reference,
    reference_origin, metadata, custom_type_id, custom_fields, byte_size
  )
  select
    p_project_id, c.id, 1, p_at, p_at,
    c.key, c.customer_number, c.external_id, c.email, c.email_canonical, c.is_email_verified, c.first_name, c.last_name,
    c.middle_name, c.title, c.salutation, c.date_of_birth, c.company_name, c.vat_id, c.locale, c.customer_group_id,
    c.customer_group_assignments, c.addresses, c.default_shipping_address_id, c.shipping_address_ids,
    c.default_billing_address_id, c.billing_address_ids, c.payment_sources, c.subscriptions, c.tags, c.reference,
    c.reference_origin, c.metadata, c.custom_type_id, c.custom_fields, c.byte_size
  from jsonb_to_recordset(p_customers) as c (
    id uuid, key text, customer_number text, external_id text, email text, email_canonical text,
    is_email_verified boolean, first_name text, last_name text, middle_name text, title text, salutation text,
    date_of_birth text, company_name text, vat_id text, locale text, customer_group_id uuid,
    customer_group_assignments jsonb, addresses jsonb, default_shipping_address_id text,
    shipping_address_ids jsonb, default_billing_address_id text, billing_address_ids jsonb,
    payment_sources jsonb, subscriptions jsonb, tags jsonb, reference text, reference_origin text,
    metadata jsonb, custom_type_id uuid, custom_fields jsonb, byte_size integer
  );

  insert into customer_group_members (project_id, customer_group_id, customer_id)
  select p_project_id, g.id::uuid, c.id
  from jsonb_to_recordset(p_customers) as c (id uuid, group_ids jsonb)
  cross join jsonb_array_elements_text(coalesce(c.group_ids, '[]')) as g (id);

  update customer_groups g
  set customer_count = g.customer_count + joined.n
  from (
    select member.id::uuid as id, count(*)::integer as n
    from jsonb_to_recordset(p_customers) as c (group_ids jsonb)
    cross join jsonb_array_elements_text(coalesce(c.group_ids, '[]')) as member (id)
    group by member.id
  ) as joined
  where g.project_id = p_project_id and g.id = joined.id;

  insert into changes (
    project_id, sequence, write_id, resource_type, resource_id,
    version_before, version_after, actions, actor, at
  )
  select
    p_project_id, v_sequence + row_number() over (order by c.id), c.id, 'customer', c.id,
    null, 1, jsonb_build_array(jsonb_build_object('create', c.draft)), null, p_at
  from jsonb_to_recordset(p_customers) as c (id uuid, draft jsonb);

  update projects p
  set last_sequence = v_sequence + v_new, customer_count = v_count + v_new
  where p.project_id = p_project_id;
  return v_new;
end
$function$;
