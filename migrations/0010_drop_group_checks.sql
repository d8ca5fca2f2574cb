-- See 0009. A file of its own: a call may hold this table and wait for `projects`.
alter table customer_groups
  drop constraint customer_groups_custom_complete,
  drop constraint customer_groups_customer_count_not_negative,
  drop constraint customer_groups_version_positive;
