import postgres from "postgres";
import type { ProjectSetting } from "./config.ts";
import { type DatabaseAddress, type Sql, sessionOptions } from "./db/connection.ts";
import { migrate } from "./db/migrate.ts";
import { serviceSecret } from "./db/secrets.ts";
import type { Log } from "./log.ts";
import { projectIdOf } from "./projects/project-id.ts";
import { insertProject } from "./projects/store.ts";

/** Longer than any service statement: a migration may build an index. */
const STATEMENT_TIMEOUT_MS = 10 * 60_000;

/**
 * Brings the database to this version's schema and makes the projects that are missing. Any number of
 * instances may do so at once.
 *
 * @returns the secret of page tokens.
 */
export async function prepareDatabase(
  address: DatabaseAddress,
  projects: readonly ProjectSetting[],
  log: Log,
): Promise<Uint8Array> {
  const sql: Sql = postgres(sessionOptions(address, STATEMENT_TIMEOUT_MS));
  try {
    await migrate(sql, { log });
    for (const { key, mode } of projects) {
      const inserted = await insertProject(sql, { projectId: projectIdOf(key), key, mode }, new Date());
      if (inserted) log.info({ project: key, mode }, "project made");
    }
    return await serviceSecret(sql, "page-tokens");
  } finally {
    await sql.end({ timeout: 1 });
  }
}
