-- What all the migrations together make, in the words of PostgreSQL's catalogs. To read, not to run.
-- Written by `npm run schema`; `npm run check` sees that it's current.

create domain project_key as text collate "C"
  constraint project_key_wellformed CHECK ((VALUE ~ '^[a-z0-9][a-z0-9-]{1,62}$'::text));

create domain project_mode as text collate "C"
  constraint project_mode_known CHECK ((VALUE = ANY (ARRAY['test'::text, 'live'::text])));

create domain project_state as text collate "C"
  constraint project_state_known CHECK ((VALUE = ANY (ARRAY['active'::text, 'deleting'::text, 'deleted'::text])));

create type customer_group_write_v1 as (
  write_id uuid,
  at timestamp(3) with time zone,
  actor jsonb,
  actions jsonb,
  id uuid,
  expected_version bigint,
  key text,
  name text,
  reference text,
  reference_origin text,
  metadata jsonb,
  price_list_id text,
  market_ids jsonb,
  attachments jsonb,
  byte_size integer,
  known_modified_at timestamp(3) with time zone,
  known_customer_count integer
);

create table changes (
  project_id uuid not null,
  sequence bigint not null,
  write_id uuid not null,
  resource_type text collate "C" not null,
  resource_id uuid not null,
  version_before bigint,
  version_after bigint,
  actions jsonb not null,
  actor jsonb,
  at timestamp(3) with time zone not null,
  constraint changes_pkey PRIMARY KEY (project_id, sequence),
  constraint changes_write_id_unique UNIQUE (project_id, write_id)
);
create index changes_customer_idx on changes USING btree (project_id, resource_id, sequence) WHERE (resource_type = 'customer'::text);

create table custom_field_removals (
  project_id uuid not null,
  custom_type_id uuid not null,
  field_name text collate "C" not null,
  swept_to uuid not null,
  swept_count bigint not null,
  resource_type text collate "C" not null default 'customer-group'::text,
  constraint custom_field_removals_pkey PRIMARY KEY (project_id, custom_type_id, field_name),
  constraint custom_field_removals_type_exists FOREIGN KEY (project_id, custom_type_id) REFERENCES custom_types(project_id, id)
);

create table custom_types (
  project_id uuid not null,
  id uuid not null,
  version bigint not null,
  created_at timestamp(3) with time zone not null,
  created_by jsonb,
  last_modified_at timestamp(3) with time zone not null,
  last_modified_by jsonb,
  key text collate "C" not null,
  name jsonb not null,
  description jsonb not null,
  resource_types jsonb not null,
  field_definitions jsonb not null,
  field_signatures jsonb not null,
  reference text collate "C",
  reference_origin text collate "C",
  metadata jsonb,
  byte_size integer not null,
  constraint custom_types_pkey PRIMARY KEY (project_id, id),
  constraint custom_types_key_unique UNIQUE (project_id, key),
  constraint custom_types_project_exists FOREIGN KEY (project_id) REFERENCES projects(project_id),
  constraint custom_types_version_positive CHECK ((version >= 1))
) with (fillfactor=90);

create table customer_address_types (
  project_id uuid not null,
  custom_type_id uuid not null,
  customer_id uuid not null,
  constraint customer_address_types_pkey PRIMARY KEY (project_id, custom_type_id, customer_id),
  constraint customer_address_types_customer_exists FOREIGN KEY (project_id, customer_id) REFERENCES customers(project_id, id),
  constraint customer_address_types_type_exists FOREIGN KEY (project_id, custom_type_id) REFERENCES custom_types(project_id, id)
);
create index customer_address_types_customer_idx on customer_address_types USING btree (project_id, customer_id);

create table customer_group_members (
  project_id uuid not null,
  customer_group_id uuid not null,
  customer_id uuid not null,
  constraint customer_group_members_pkey PRIMARY KEY (project_id, customer_group_id, customer_id),
  constraint customer_group_members_customer_exists FOREIGN KEY (project_id, customer_id) REFERENCES customers(project_id, id),
  constraint customer_group_members_group_exists FOREIGN KEY (project_id, customer_group_id) REFERENCES customer_groups(project_id, id)
);
create index customer_group_members_customer_idx on customer_group_members USING btree (project_id, customer_id);

create table customer_groups (
  project_id uuid not null,
  id uuid not null,
  version bigint not null,
  created_at timestamp(3) with time zone not null,
  created_by jsonb,
  last_modified_at timestamp(3) with time zone not null,
  last_modified_by jsonb,
  key text collate "C",
  name text collate "C" not null,
  reference text collate "C",
  reference_origin text collate "C",
  metadata jsonb,
  price_list_id text collate "C",
  market_ids jsonb not null,
  attachments jsonb not null,
  byte_size integer not null,
  custom_type_id uuid,
  custom_fields jsonb,
  customer_count integer not null default 0,
  constraint customer_groups_pkey PRIMARY KEY (project_id, id),
  constraint customer_groups_key_unique UNIQUE (project_id, key),
  constraint customer_groups_name_unique UNIQUE (project_id, name),
  constraint customer_groups_custom_type_exists FOREIGN KEY (project_id, custom_type_id) REFERENCES custom_types(project_id, id),
  constraint customer_groups_project_exists FOREIGN KEY (project_id) REFERENCES projects(project_id)
) with (fillfactor=90);
create index customer_groups_custom_type_idx on customer_groups USING btree (project_id, custom_type_id, id) WHERE (custom_type_id IS NOT NULL);

create table customers (
  project_id uuid not null,
  id uuid not null,
  version bigint not null,
  created_at timestamp(3) with time zone not null,
  created_by jsonb,
  last_modified_at timestamp(3) with time zone not null,
  last_modified_by jsonb,
  key text collate "C",
  customer_number text collate "C",
  external_id text collate "C",
  email text collate "C" not null,
  email_canonical text collate "C" not null,
  is_email_verified boolean not null,
  first_name text collate "C",
  last_name text collate "C",
  middle_name text collate "C",
  title text collate "C",
  salutation text collate "C",
  date_of_birth text collate "C",
  company_name text collate "C",
  vat_id text collate "C",
  locale text collate "C",
  placed_order_count integer not null default 0,
  customer_group_id uuid,
  customer_group_assignments jsonb not null,
  addresses jsonb not null,
  default_shipping_address_id text collate "C",
  shipping_address_ids jsonb not null,
  default_billing_address_id text collate "C",
  billing_address_ids jsonb not null,
  payment_sources jsonb not null,
  subscriptions jsonb not null,
  tags jsonb not null,
  reference text collate "C",
  reference_origin text collate "C",
  metadata jsonb,
  custom_type_id uuid,
  custom_fields jsonb,
  byte_size integer not null,
  constraint customers_pkey PRIMARY KEY (project_id, id),
  constraint customers_custom_type_exists FOREIGN KEY (project_id, custom_type_id) REFERENCES custom_types(project_id, id),
  constraint customers_project_exists FOREIGN KEY (project_id) REFERENCES projects(project_id)
) with (fillfactor=90);
create index customers_company_name_idx on customers USING btree (project_id, company_name, id) WHERE (company_name IS NOT NULL);
create index customers_created_at_idx on customers USING btree (project_id, created_at, id);
create index customers_custom_type_idx on customers USING btree (project_id, custom_type_id, id) WHERE (custom_type_id IS NOT NULL);
create unique index customers_customer_number_unique on customers USING btree (project_id, customer_number) WHERE (customer_number IS NOT NULL);
create index customers_date_of_birth_idx on customers USING btree (project_id, date_of_birth, id) WHERE (date_of_birth IS NOT NULL);
create index customers_documents_idx on customers USING gin (jsonb_set('{}'::jsonb, ARRAY[(project_id)::text], custom_fields) jsonb_path_ops, jsonb_set('{}'::jsonb, ARRAY[(project_id)::text], metadata) jsonb_path_ops, jsonb_set('{}'::jsonb, ARRAY[(project_id)::text], addresses) jsonb_path_ops, jsonb_set('{}'::jsonb, ARRAY[(project_id)::text], tags) jsonb_path_ops) WITH (gin_pending_list_limit='256');
create unique index customers_email_unique on customers USING btree (project_id, email_canonical);
create index customers_external_id_idx on customers USING btree (project_id, external_id, id) WHERE (external_id IS NOT NULL);
create index customers_first_name_idx on customers USING btree (project_id, first_name, id) WHERE (first_name IS NOT NULL);
create index customers_group_idx on customers USING btree (project_id, customer_group_id, id) WHERE (customer_group_id IS NOT NULL);
create unique index customers_key_unique on customers USING btree (project_id, key) WHERE (key IS NOT NULL);
create index customers_last_modified_at_idx on customers USING btree (project_id, last_modified_at, id);
create index customers_last_name_idx on customers USING btree (project_id, last_name, id) WHERE (last_name IS NOT NULL);
create index customers_placed_order_count_idx on customers USING btree (project_id, placed_order_count, id) WHERE (placed_order_count > 0);
create index customers_reference_idx on customers USING btree (project_id, reference, id) WHERE (reference IS NOT NULL);
create index customers_vat_id_idx on customers USING btree (project_id, vat_id, id) WHERE (vat_id IS NOT NULL);

create table orders (
  project_id uuid not null,
  order_id text collate "C" not null,
  customer_id uuid not null,
  status text collate "C" not null,
  placed_at timestamp(3) with time zone,
  currency_code text collate "C" not null,
  cent_amount bigint not null,
  created_at timestamp(3) with time zone not null,
  last_modified_at timestamp(3) with time zone not null,
  constraint orders_pkey PRIMARY KEY (project_id, order_id),
  constraint orders_customer_exists FOREIGN KEY (project_id, customer_id) REFERENCES customers(project_id, id),
  constraint orders_status_known CHECK ((status = ANY (ARRAY['pending'::text, 'placed'::text, 'cancelled'::text])))
);
create index orders_customer_idx on orders USING btree (project_id, customer_id, order_id);

create table projects (
  project_id uuid not null,
  key project_key not null,
  mode project_mode not null,
  created_at timestamp(3) with time zone not null,
  last_sequence bigint not null default 0,
  customer_group_count integer not null default 0,
  customer_group_limit integer not null default 1000,
  custom_type_count integer not null default 0,
  custom_type_limit integer not null default 1000,
  customer_count integer not null default 0,
  customer_limit integer not null default 10000000,
  name text collate "C" not null,
  version bigint not null default 1,
  created_by jsonb,
  last_modified_at timestamp(3) with time zone not null,
  last_modified_by jsonb,
  state project_state not null default 'active'::text,
  concurrent_call_limit integer,
  calls_per_second_limit integer,
  deletion_write_id uuid,
  deletion_started_at timestamp(3) with time zone,
  deletion_finished_at timestamp(3) with time zone,
  deletion_step integer not null default 1,
  deletion_place text collate "C",
  deleted_row_count bigint not null default 0,
  constraint projects_pkey PRIMARY KEY (project_id)
) with (fillfactor=50);
create index projects_call_limits_idx on projects USING btree (key) WHERE ((concurrent_call_limit IS NOT NULL) OR (calls_per_second_limit IS NOT NULL));
create index projects_key_idx on projects USING btree (key);

create table request_memory (
  project_id uuid not null,
  request_key uuid not null,
  request_hash bytea not null,
  resource_id uuid not null,
  answer bytea not null,
  at timestamp(3) with time zone not null,
  constraint request_memory_pkey PRIMARY KEY (project_id, request_key)
);
create index request_memory_at_idx on request_memory USING btree (project_id, at);
create index request_memory_resource_idx on request_memory USING btree (project_id, resource_id);

create table schema_functions (
  name text collate "C" not null,
  checksum text collate "C" not null,
  applied_at timestamp(3) with time zone not null default now(),
  constraint schema_functions_pkey PRIMARY KEY (name)
);

create table schema_migrations (
  name text collate "C" not null,
  checksum text collate "C" not null,
  applied_at timestamp(3) with time zone not null default now(),
  constraint schema_migrations_pkey PRIMARY KEY (name)
);

create table service_secrets (
  name text collate "C" not null,
  value bytea not null,
  constraint service_secrets_pkey PRIMARY KEY (name)
);

-- function commit_custom_types_v1(
--   p_project_id uuid,
--   p_writes jsonb,
--   p_recheck boolean
-- ) returns table(outcome text, sequence bigint, current_version bigint, field text, conflicting_id uuid, limit_value integer, current_value integer, answer bytea), plpgsql, volatile

-- function commit_customer_group_creation_v1(
--   p_project_id uuid,
--   p_write customer_group_write_v1
-- ) returns bigint, plpgsql, volatile

-- function commit_customer_group_flight_v2(
--   p_project_ids uuid[],
--   p_waits boolean,
--   p_kinds text[],
--   p_write_ids uuid[],
--   p_times timestamp with time zone[],
--   p_actors jsonb[],
--   p_actions jsonb[],
--   p_ids uuid[],
--   p_expected_versions bigint[],
--   p_keys text[],
--   p_names text[],
--   p_references text[],
--   p_reference_origins text[],
--   p_metadata jsonb[],
--   p_price_list_ids text[],
--   p_market_ids jsonb[],
--   p_attachments jsonb[],
--   p_byte_sizes integer[],
--   p_known_modified_at timestamp with time zone[],
--   p_known_customer_counts integer[]
-- ) returns table(project_id uuid, sequences bigint[], versions bigint[]), plpgsql, volatile

-- function commit_customer_group_update_v1(
--   p_project_id uuid,
--   p_write customer_group_write_v1
-- ) returns bigint, plpgsql, volatile

-- function commit_customer_groups_v1(
--   p_project_id uuid,
--   p_writes jsonb,
--   p_recheck boolean
-- ) returns table(outcome text, sequence bigint, current_version bigint, field text, conflicting_id uuid, limit_value integer, current_value integer, answer bytea), plpgsql, volatile

-- function commit_customers_v1(
--   p_project_id uuid,
--   p_writes jsonb,
--   p_recheck boolean
-- ) returns table(outcome text, sequence bigint, current_version bigint, field text, conflicting_id uuid, limit_value integer, current_value integer, answer bytea), plpgsql, volatile

-- function commit_memberships_v1(
--   p_project_id uuid,
--   p_writes jsonb,
--   p_recheck boolean
-- ) returns table(outcome text, sequence bigint, current_version bigint, field text, conflicting_id uuid, limit_value integer, current_value integer, answer bytea), plpgsql, volatile

-- function commit_orders_v1(
--   p_project_id uuid,
--   p_writes jsonb,
--   p_recheck boolean
-- ) returns table(outcome text, sequence bigint, current_version bigint, field text, conflicting_id uuid, limit_value integer, current_value integer, answer bytea), plpgsql, volatile

-- function commit_projects_v1(
--   p_project_id uuid,
--   p_writes jsonb,
--   p_recheck boolean
-- ) returns table(outcome text, sequence bigint, current_version bigint, field text, conflicting_id uuid, limit_value integer, current_value integer, answer bytea), plpgsql, volatile

-- function insert_customers_v1(
--   p_project_id uuid,
--   p_customers jsonb,
--   p_at timestamp with time zone
-- ) returns integer, plpgsql, volatile

-- function is_within_circle_v1(
--   p_point jsonb,
--   p_longitude double precision,
--   p_latitude double precision,
--   p_metres double precision
-- ) returns boolean, plpgsql, immutable

-- function purge_project_v1(
--   p_project_id uuid,
--   p_limit integer,
--   p_at timestamp with time zone
-- ) returns table(deleted_row_count bigint, done boolean), plpgsql, volatile

-- function recall_write_v1(
--   p_project_id uuid,
--   p_write_id uuid,
--   p_request_key uuid,
--   p_request_hash bytea
-- ) returns table(outcome text, sequence bigint, answer bytea), plpgsql, volatile

-- function remove_members_v1(
--   p_project_id uuid,
--   p_group_id uuid,
--   p_customer_ids uuid[],
--   p_write_id uuid,
--   p_at timestamp with time zone,
--   p_actor jsonb,
--   p_sequence bigint
-- ) returns integer, plpgsql, volatile

-- function sweep_custom_field_v1(
--   p_project_id uuid,
--   p_custom_type_id uuid,
--   p_field_name text,
--   p_limit integer,
--   p_write_id uuid,
--   p_at timestamp with time zone
-- ) returns table(swept bigint, done boolean), plpgsql, volatile

-- function visible_addresses_v1(
--   p_project_id uuid,
--   p_addresses jsonb
-- ) returns jsonb, plpgsql, stable

-- function visible_fields_v1(
--   p_project_id uuid,
--   p_custom_type_id uuid,
--   p_fields jsonb
-- ) returns jsonb, plpgsql, stable
