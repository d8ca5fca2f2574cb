import { randomBytes } from "node:crypto";
import type { Sql } from "./connection.ts";

/** The secret of this name, 32 random bytes that all replicas share; made when first asked for. */
export async function serviceSecret(sql: Sql, name: string): Promise<Uint8Array> {
  await sql`
    insert into service_secrets (name, value)
    values (${name}, ${randomBytes(32)})
    on conflict (name) do nothing`;
  const [row] = await sql<{ value: Uint8Array }[]>`
    select value
    from service_secrets
    where name = ${name}`;
  if (!row) throw new Error("unreachable: the secret was made just now");
  return row.value;
}
