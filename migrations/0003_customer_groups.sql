-- byte_size is the size of the group as it is sent; pages are bounded by its sum.
-- The times have no index: a project holds few groups, and an index on last_modified_at would make
-- every update dearer.
create table customer_groups (
  project_id uuid not null,
  id uuid not null,
  version bigint not null,
  created_at timestamptz(3) not null,
  created_by jsonb,
  last_modified_at timestamptz(3) not null,
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
  constraint customer_groups_pkey primary key (project_id, id),
  constraint customer_groups_key_unique unique (project_id, key),
  constraint customer_groups_name_unique unique (project_id, name),
  constraint customer_groups_project_exists foreign key (project_id) references projects (project_id),
  constraint customer_groups_version_positive check (version >= 1)
) with (fillfactor = 90);
