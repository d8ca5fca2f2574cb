-- PostgreSQL reads the checks of a table anew for every statement that writes to it. Those of projects and customer
-- groups took it a third of a lone write. A domain is asked only where a value of it comes in; what is left, counters
-- and versions, is written by commit functions alone, and tests compare it with what is there.
create domain project_key as text collate "C"
constraint project_key_wellformed check (value ~ '^[a-z0-9][a-z0-9-]{1,62}$');

create domain project_mode as text collate "C"
constraint project_mode_known check (value in ('test', 'live'));

create domain project_state as text collate "C"
constraint project_state_known check (value in ('active', 'deleting', 'deleted'));

alter table projects
  drop constraint projects_key_wellformed,
  drop constraint projects_mode_known,
  drop constraint projects_state_known,
  drop constraint projects_version_positive,
  drop constraint projects_last_sequence_not_negative,
  drop constraint projects_customer_group_count_not_negative,
  drop constraint projects_customer_count_not_negative,
  drop constraint projects_custom_type_count_not_negative,
  alter column key type project_key,
  alter column mode type project_mode,
  alter column state type project_state;
