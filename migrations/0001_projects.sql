-- A project is a tenant. Its row is the one lock that every writer of the project takes, and carries
-- the project's counters and the sequence of its change feed. project_id is a hash of the key
-- (src/projects/project-id.ts), so that no look-up comes before a statement.
create table projects (
  project_id uuid not null,
  key text collate "C" not null,
  mode text collate "C" not null,
  created_at timestamptz(3) not null,
  last_sequence bigint not null default 0,
  customer_group_count integer not null default 0,
  customer_group_limit integer not null default 1000,
  constraint projects_pkey primary key (project_id),
  constraint projects_key_wellformed check (key ~ '^[a-z0-9][a-z0-9-]{1,62}$'),
  constraint projects_mode_known check (mode in ('test', 'live')),
  constraint projects_last_sequence_not_negative check (last_sequence >= 0),
  constraint projects_customer_group_count_not_negative check (customer_group_count >= 0)
) with (fillfactor = 50);

-- Secrets that every replica shares: the key that authenticates page tokens.
create table service_secrets (
  name text collate "C" not null,
  value bytea not null,
  constraint service_secrets_pkey primary key (name)
);
