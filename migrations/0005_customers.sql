-- Customers, the groups that they are members of, and what is known of their orders.
alter table projects add column customer_count integer not null default 0;
alter table projects add column customer_limit integer not null default 10000000;
alter table projects add constraint projects_customer_count_not_negative check (customer_count >= 0);

-- email_canonical: the email address as it is compared (src/customers/email.ts).
-- customer_group_assignments: ids of groups, in the order they were added. customer_group_members says the
-- same, and the primary group, for those who ask from the group's side.
create table customers (
  project_id uuid not null,
  id uuid not null,
  version bigint not null,
  created_at timestamptz(3) not null,
  created_by jsonb,
  last_modified_at timestamptz(3) not null,
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
  constraint customers_pkey primary key (project_id, id),
  constraint customers_project_exists foreign key (project_id) references projects (project_id),
  constraint customers_custom_type_exists foreign key (project_id, custom_type_id) references custom_types (project_id, id),
  constraint customers_custom_complete check ((custom_type_id is null) = (custom_fields is null)),
  constraint customers_version_positive check (version >= 1),
  constraint customers_placed_order_count_not_negative check (placed_order_count >= 0)
) with (fillfactor = 90);

-- Most customers have neither key nor number.
create unique index customers_key_unique on customers (project_id, key) where key is not null;
create unique index customers_customer_number_unique on customers (project_id, customer_number) where customer_number is not null;
create unique index customers_email_unique on customers (project_id, email_canonical);

-- For sorted pages; the email address and the id have indexes of their own.
create index customers_created_at_idx on customers (project_id, created_at, id);
create index customers_last_modified_at_idx on customers (project_id, last_modified_at, id);
create index customers_custom_type_idx on customers (project_id, custom_type_id, id) where custom_type_id is not null;

-- One row for each group that a customer is a member of, be it the primary one or another.
create table customer_group_members (
  project_id uuid not null,
  customer_group_id uuid not null,
  customer_id uuid not null,
  constraint customer_group_members_pkey primary key (project_id, customer_group_id, customer_id),
  constraint customer_group_members_group_exists foreign key (project_id, customer_group_id) references customer_groups (project_id, id),
  constraint customer_group_members_customer_exists foreign key (project_id, customer_id) references customers (project_id, id)
);
create index customer_group_members_customer_idx on customer_group_members (project_id, customer_id);

alter table customer_groups add column customer_count integer not null default 0;
alter table customer_groups add constraint customer_groups_customer_count_not_negative check (customer_count >= 0);

-- Which customers have addresses of a custom type.
create table customer_address_types (
  project_id uuid not null,
  custom_type_id uuid not null,
  customer_id uuid not null,
  constraint customer_address_types_pkey primary key (project_id, custom_type_id, customer_id),
  constraint customer_address_types_type_exists foreign key (project_id, custom_type_id) references custom_types (project_id, id),
  constraint customer_address_types_customer_exists foreign key (project_id, customer_id) references customers (project_id, id)
);
create index customer_address_types_customer_idx on customer_address_types (project_id, customer_id);

create table orders (
  project_id uuid not null,
  order_id text collate "C" not null,
  customer_id uuid not null,
  status text collate "C" not null,
  placed_at timestamptz(3),
  currency_code text collate "C" not null,
  cent_amount bigint not null,
  created_at timestamptz(3) not null,
  last_modified_at timestamptz(3) not null,
  constraint orders_pkey primary key (project_id, order_id),
  constraint orders_customer_exists foreign key (project_id, customer_id) references customers (project_id, id),
  constraint orders_status_known check (status in ('pending', 'placed', 'cancelled'))
);
create index orders_customer_idx on orders (project_id, customer_id, order_id);

-- Which kind of resource a sweep has come to: customer-group, then customer, then address.
alter table custom_field_removals add column resource_type text collate "C" not null default 'customer-group';
