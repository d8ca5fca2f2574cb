-- The change feed: one row for each change to a resource, numbered without gaps and in commit order
-- within the project. write_id names the attempt that made the change, so that a write whose answer
-- was lost is found again, and is never made twice.
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
  at timestamptz(3) not null,
  constraint changes_pkey primary key (project_id, sequence),
  constraint changes_write_id_unique unique (project_id, write_id)
);

-- The answers given to calls that named themselves with a request_id, so that a repeated call gets
-- the same one. request_key is a hash of the method, the caller and the id; request_hash one of the
-- payload.
create table request_memory (
  project_id uuid not null,
  request_key uuid not null,
  request_hash bytea not null,
  resource_id uuid not null,
  answer bytea not null,
  at timestamptz(3) not null,
  constraint request_memory_pkey primary key (project_id, request_key)
);

create index request_memory_at_idx on request_memory (project_id, at);
