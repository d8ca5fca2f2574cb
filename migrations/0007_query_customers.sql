-- no-transaction
-- For predicates on customers. On a large database each takes a while; calls go on meanwhile.
create index concurrently if not exists customers_external_id_idx on customers (project_id, external_id, id) where external_id is not null;
create index concurrently if not exists customers_reference_idx on customers (project_id, reference, id) where reference is not null;
create index concurrently if not exists customers_first_name_idx on customers (project_id, first_name, id) where first_name is not null;
create index concurrently if not exists customers_last_name_idx on customers (project_id, last_name, id) where last_name is not null;
create index concurrently if not exists customers_company_name_idx on customers (project_id, company_name, id) where company_name is not null;
create index concurrently if not exists customers_vat_id_idx on customers (project_id, vat_id, id) where vat_id is not null;
create index concurrently if not exists customers_date_of_birth_idx on customers (project_id, date_of_birth, id) where date_of_birth is not null;
create index concurrently if not exists customers_group_idx on customers (project_id, customer_group_id, id) where customer_group_id is not null;

-- Most customers have no orders.
create index concurrently if not exists customers_placed_order_count_idx on customers (project_id, placed_order_count, id) where placed_order_count > 0;

-- A short pending list: queries look through it, and whoever finds it full merges it while others wait.
-- Each document under the id of its project, so that no other project's are met (src/predicates/json-index.ts).
create index concurrently if not exists customers_documents_idx on customers using gin (
  jsonb_set('{}', array[project_id::text], custom_fields) jsonb_path_ops,
  jsonb_set('{}', array[project_id::text], metadata) jsonb_path_ops,
  jsonb_set('{}', array[project_id::text], addresses) jsonb_path_ops,
  jsonb_set('{}', array[project_id::text], tags) jsonb_path_ops
) with (gin_pending_list_limit = 256);
