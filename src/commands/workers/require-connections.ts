import postgres from "postgres";
import { type Config, ConfigError } from "../../config.ts";
import { type DatabaseAddress, type Sql, sessionOptions } from "../../db/connection.ts";
import { countConnections } from "../../db/connection-counts.ts";

/** @throws ConfigError when PostgreSQL has fewer connections for all than the workers need. */
export async function requireConnections(config: Config, address: DatabaseAddress): Promise<void> {
  const needed = countConnections(config);
  const most = await mostConnections(address);
  if (needed <= most) return;
  throw new ConfigError(
    `CLIENTELE_WORKERS is ${config.workers}, which needs ${needed} connections to PostgreSQL, and it takes ${most}: raise its max_connections, or lower CLIENTELE_WORKERS, CLIENTELE_QUERY_CONNECTIONS or CLIENTELE_WRITE_CONNECTIONS`,
  );
}

/** Without those that are kept for superusers. */
async function mostConnections(address: DatabaseAddress): Promise<number> {
  const sql: Sql = postgres(sessionOptions(address, 5000));
  try {
    const [row] = await sql<{ most: number }[]>`
      select current_setting('max_connections')::integer
        - case when current_setting('is_superuser') = 'on' then 0
          else current_setting('superuser_reserved_connections')::integer end as most`;
    return row?.most ?? 0;
  } finally {
    await sql.end({ timeout: 1 });
  }
}
