-- no-transaction
-- For erasing and exporting what is held about one customer. On a large database each takes a while;
-- calls go on meanwhile.
create index concurrently if not exists changes_resource_idx on changes (project_id, resource_id, sequence);
create index concurrently if not exists request_memory_resource_idx on request_memory (project_id, resource_id);
