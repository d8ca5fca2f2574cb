-- Custom types define the custom fields that resources can have.
alter table projects add column custom_type_count integer not null default 0;
alter table projects add column custom_type_limit integer not null default 1000;
alter table projects add constraint projects_custom_type_count_not_negative check (custom_type_count >= 0);

-- field_signatures: for each field name that resources may hold a value of, fields that are being
-- removed included, the kind of its values (src/custom-types/field-type.ts). Types of one kind of
-- resource agree on it.
create table custom_types (
  project_id uuid not null,
  id uuid not null,
  version bigint not null,
  created_at timestamptz(3) not null,
  created_by jsonb,
  last_modified_at timestamptz(3) not null,
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
  constraint custom_types_pkey primary key (project_id, id),
  constraint custom_types_key_unique unique (project_id, key),
  constraint custom_types_project_exists foreign key (project_id) references projects (project_id),
  constraint custom_types_version_positive check (version >= 1)
) with (fillfactor = 90);

-- A field that was removed from a type, until its values are swept from the resources: they are hidden
-- from reads, and the name isn't given again. The resources up to swept_to, by id, are done.
create table custom_field_removals (
  project_id uuid not null,
  custom_type_id uuid not null,
  field_name text collate "C" not null,
  swept_to uuid not null,
  swept_count bigint not null,
  constraint custom_field_removals_pkey primary key (project_id, custom_type_id, field_name),
  constraint custom_field_removals_type_exists foreign key (project_id, custom_type_id) references custom_types (project_id, id)
);

alter table customer_groups add column custom_type_id uuid;
alter table customer_groups add column custom_fields jsonb;
alter table customer_groups add constraint customer_groups_custom_type_exists foreign key (project_id, custom_type_id) references custom_types (project_id, id);
alter table customer_groups add constraint customer_groups_custom_complete check ((custom_type_id is null) = (custom_fields is null));

-- Which groups have a type: for sweeps, and for refusing to delete a type in use.
create index customer_groups_custom_type_idx on customer_groups (project_id, custom_type_id, id) where custom_type_id is not null;
