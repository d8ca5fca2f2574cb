-- See 0009. A file of its own: a call may hold this table and wait for `projects`.
alter table customers
  drop constraint customers_custom_complete,
  drop constraint customers_placed_order_count_not_negative,
  drop constraint customers_version_positive;
