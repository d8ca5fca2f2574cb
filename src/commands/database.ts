import { type Config, ConfigError } from "../config.ts";
import type { DatabaseAddress } from "../db/connection.ts";
import { countConnections } from "../db/connection-counts.ts";
import { startEmbeddedPostgres } from "../embedded-postgres/embedded-postgres.ts";
import type { Log } from "../log.ts";

export type RunningDatabase = {
  readonly address: DatabaseAddress;
  /** Where an embedded one keeps its data. */
  readonly dataDir?: string;
  stop(): Promise<void>;
};

/**
 * The operator's own PostgreSQL, or an embedded one, started here.
 *
 * @throws ConfigError when an embedded one would have to take too many connections.
 */
export async function startDatabase(config: Config, log: Log): Promise<RunningDatabase> {
  const { database } = config;
  if (database.kind === "foreign") {
    return { address: database.address, stop: async () => {} };
  }
  const settings = { max_connections: `${connectionsOfEmbedded(config)}` };
  const embedded = await startEmbeddedPostgres({ dataDir: database.dataDir, log, settings });
  const { dataDir, stop, ...address } = embedded;
  return { address, dataDir, stop };
}

/** PostgreSQL's default, or what the service needs. */
function connectionsOfEmbedded(config: Config): number {
  const needed = countConnections(config) + CONNECTIONS_OF_OTHERS;
  if (needed > MOST_CONNECTIONS) {
    throw new ConfigError(
      `The embedded PostgreSQL would need ${needed} connections, and is given ${MOST_CONNECTIONS} at most: lower CLIENTELE_WORKERS, CLIENTELE_QUERY_CONNECTIONS or CLIENTELE_WRITE_CONNECTIONS, or set DATABASE_URL`,
    );
  }
  return Math.max(100, needed);
}

/** An operator's, autovacuum's, and those of a worker that is being replaced before PostgreSQL knows that it is gone. */
const CONNECTIONS_OF_OTHERS = 20;
/** Each is a process of some megabytes. */
const MOST_CONNECTIONS = 1000;
