import { expect } from "vitest";
import type { Sql } from "../../src/db/connection.ts";

/** Customers and customer_group_members tell the same memberships, of groups that are there and have counted them. */
export async function expectMembers(sql: Sql, projectId: string): Promise<void> {
  const disagreeing = await sql`
    with told as (
      select id as customer_id, customer_group_id as group_id
      from customers
      where project_id = ${projectId} and customer_group_id is not null
      union
      select c.id, assigned.id::uuid
      from customers c
      cross join jsonb_array_elements_text(c.customer_group_assignments) as assigned (id)
      where c.project_id = ${projectId}
    ),
    members as (
      select customer_id, customer_group_id as group_id
      from customer_group_members
      where project_id = ${projectId}
    )
    select customer_id, group_id
    from (select * from told except select * from members) as told_only
    union all
    select customer_id, group_id
    from (select * from members except select * from told) as members_only
    union all
    select t.customer_id, t.group_id
    from told t
    where not exists (select from customer_groups g where g.project_id = ${projectId} and g.id = t.group_id)`;
  expect(disagreeing).toHaveLength(0);

  const miscounted = await sql`
    select g.id
    from customer_groups g
    where g.project_id = ${projectId} and g.customer_count <> (
      select count(*)
      from customer_group_members m
      where m.project_id = ${projectId} and m.customer_group_id = g.id
    )`;
  expect(miscounted).toHaveLength(0);

  const assignedTwice = await sql`
    select c.id
    from customers c
    where c.project_id = ${projectId}
      and jsonb_array_length(c.customer_group_assignments) <> (
        select count(distinct assigned.id)
        from jsonb_array_elements_text(c.customer_group_assignments) as assigned (id)
      )`;
  expect(assignedTwice).toHaveLength(0);
}

/** Every customer has counted the placed orders; every order is of a customer who is there. */
export async function expectOrdersCounted(sql: Sql, projectId: string): Promise<void> {
  const miscounted = await sql`
    select coalesce(c.id, o.customer_id) as id
    from customers c
    full join (
      select customer_id, count(*) filter (where status = 'placed') as placed
      from orders
      where project_id = ${projectId}
      group by customer_id
    ) as o on o.customer_id = c.id
    where (c.project_id = ${projectId} or c.id is null)
      and c.placed_order_count is distinct from coalesce(o.placed, 0)`;
  expect(miscounted).toHaveLength(0);
}

/**
 * Addresses have ids of their own, are listed once, and are listed where they are the default;
 * customer_address_types knows their custom types.
 */
export async function expectWellAddressed(sql: Sql, projectId: string): Promise<void> {
  const misplaced = await sql`
    select c.id
    from customers c
    cross join lateral (
      select
        coalesce(jsonb_agg(a -> 'id'), '[]') as ids,
        count(*) as addresses,
        count(distinct a ->> 'id') as own_ids,
        count(a ->> 'key') - count(distinct a ->> 'key') as shared_keys
      from jsonb_array_elements(c.addresses) as a
    ) as has
    where c.project_id = ${projectId}
      and (
        has.addresses <> has.own_ids
        or has.shared_keys > 0
        or not has.ids @> c.shipping_address_ids
        or not has.ids @> c.billing_address_ids
        or jsonb_array_length(c.shipping_address_ids) <> (
          select count(distinct listed) from jsonb_array_elements(c.shipping_address_ids) as listed
        )
        or jsonb_array_length(c.billing_address_ids) <> (
          select count(distinct listed) from jsonb_array_elements(c.billing_address_ids) as listed
        )
        or not c.shipping_address_ids ? c.default_shipping_address_id
        or not c.billing_address_ids ? c.default_billing_address_id
      )`;
  expect(misplaced).toHaveLength(0);

  const unknown = await sql`
    with told as (
      select distinct c.id as customer_id, (a ->> 'customTypeId')::uuid as type_id
      from customers c
      cross join jsonb_array_elements(c.addresses) as a
      where c.project_id = ${projectId} and a ? 'customTypeId'
    ),
    known as (
      select customer_id, custom_type_id as type_id
      from customer_address_types
      where project_id = ${projectId}
    )
    (select * from told except select * from known)
    union all
    (select * from known except select * from told)`;
  expect(unknown).toHaveLength(0);
}
