-- A write as the functions for a lone one take it.
create type customer_group_write_v1 as (
  write_id uuid,
  at timestamptz(3),
  actor jsonb,
  actions jsonb,
  id uuid,
  expected_version bigint,
  key text,
  name text,
  reference text,
  reference_origin text,
  metadata jsonb,
  price_list_id text,
  market_ids jsonb,
  attachments jsonb,
  byte_size integer,
  known_modified_at timestamptz(3),
  known_customer_count integer
);
