import type { Sql } from "../../src/db/connection.ts";

/** The tables of the database that hold a text, be it as text or as bytes, with how many rows do. */
export async function tablesWith(sql: Sql, text: string): Promise<Record<string, number>> {
  const tables = await sql<{ name: string }[]>`
    select format('%I.%I', n.nspname, c.relname) as name
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'm', 'p') and n.nspname not in ('pg_catalog', 'information_schema')`;
  const bytes = Buffer.from(text).toString("hex");
  const found: Record<string, number> = {};
  for (const { name } of tables) {
    const rows = await sql.unsafe(
      `select from ${name} as t where row_to_json(t)::text ilike $1 or row_to_json(t)::text like $2`,
      [`%${text}%`, `%${bytes}%`],
    );
    if (rows.length > 0) found[name] = rows.length;
  }
  return found;
}

/** All that is stored of one customer, as text. */
export async function storedOf(sql: Sql, id: string): Promise<readonly string[]> {
  const rows = await sql<{ text: string }[]>`
    select to_jsonb(c)::text as text from customers c where id = ${id}
    union all select to_jsonb(o)::text from orders o where customer_id = ${id}
    union all select to_jsonb(m)::text from customer_group_members m where customer_id = ${id}
    union all select to_jsonb(a)::text from customer_address_types a where customer_id = ${id}
    union all select to_jsonb(c)::text from changes c where resource_id = ${id}
    union all select to_jsonb(r)::text from request_memory r where resource_id = ${id}
    order by text`;
  return rows.map(({ text }) => text);
}
