-- Projects are made, changed and deleted over the API.
--
-- state: of one that is being deleted nobody reads or writes anything any more, while its rows go in
-- batches (functions/purge_project_v1.sql). Of one that is deleted only this row stays, for the key is
-- never given out again.
alter table projects add column name text collate "C";
update projects set name = key;
alter table projects alter column name set not null;
alter table projects add column version bigint not null default 1;
alter table projects add column created_by jsonb;
alter table projects add column last_modified_at timestamptz(3);
update projects set last_modified_at = created_at;
alter table projects alter column last_modified_at set not null;
alter table projects add column last_modified_by jsonb;
alter table projects add column state text collate "C" not null default 'active';
alter table projects add constraint projects_version_positive check (version >= 1);
alter table projects add constraint projects_state_known check (state in ('active', 'deleting', 'deleted'));

-- Of calls to the service; null is what the service is set to, 0 is no limit.
alter table projects add column concurrent_call_limit integer;
alter table projects add column calls_per_second_limit integer;

-- deletion_write_id names the attempt that deleted the project, like write_id in changes, which go too.
-- The rows up to deletion_place of the table of deletion_step are gone.
alter table projects add column deletion_write_id uuid;
alter table projects add column deletion_started_at timestamptz(3);
alter table projects add column deletion_finished_at timestamptz(3);
alter table projects add column deletion_step integer not null default 1;
alter table projects add column deletion_place text collate "C";
alter table projects add column deleted_row_count bigint not null default 0;

-- For the few that have limits of their own: every instance reads them again and again.
create index projects_call_limits_idx on projects (key)
where concurrent_call_limit is not null or calls_per_second_limit is not null;

-- Keys are the order in which operators list projects.
create index projects_key_idx on projects (key);
