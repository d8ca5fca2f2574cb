import type { Config } from "../config.ts";
import type { DatabaseAddress } from "../db/connection.ts";
import { startEmbeddedPostgres } from "../embedded-postgres/embedded-postgres.ts";
import type { Log } from "../log.ts";

export type RunningDatabase = {
  readonly address: DatabaseAddress;
  /** Where an embedded one keeps its data. */
  readonly dataDir?: string;
  stop(): Promise<void>;
};

/** The operator's own PostgreSQL, or an embedded one, started here. */
export async function startDatabase({ database }: Config, log: Log): Promise<RunningDatabase> {
  if (database.kind === "foreign") {
    return { address: database.address, stop: async () => {} };
  }
  const embedded = await startEmbeddedPostgres({ dataDir: database.dataDir, log });
  return { address: embedded, dataDir: embedded.dataDir, stop: () => embedded.stop() };
}
