-- no-transaction
-- Changes are looked up by their resource to erase or export a customer: those of other resources, which are written most
-- often at once, don't pay for an index then. On a large database this takes a while; calls go on meanwhile.
create index concurrently if not exists changes_customer_idx on changes (project_id, resource_id, sequence)
  where resource_type = 'customer';
drop index concurrently if exists changes_resource_idx;
