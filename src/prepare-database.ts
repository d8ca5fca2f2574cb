import postgres from "postgres";
import type { ProjectSetting } from "./config.ts";
import { type DatabaseAddress, type Sql, sessionOptions } from "./db/connection.ts";
import { migrate } from "./db/migrate.ts";
import { serviceSecret } from "./db/secrets.ts";
import type { Log } from "./log.ts";
import { projectIdOf } from "./projects/project-id.ts";
import { insertProject, listWholeProjectsById } from "./projects/store.ts";

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
    for (const project of projects) await makeProject(sql, project, log);
    return await serviceSecret(sql, "page-tokens");
  } finally {
    await sql.end({ timeout: 1 });
  }
}

async function makeProject(sql: Sql, { key, mode }: ProjectSetting, log: Log): Promise<void> {
  const projectId = projectIdOf(key);
  if (await insertProject(sql, { projectId, key, mode }, new Date())) {
    log.info({ project: key, mode }, "project made");
    return;
  }
  const [found] = await listWholeProjectsById(projectId)(sql);
  if (found && found.state !== "active") {
    log.warn({ project: key }, `project ${key} was deleted, and its key is never given out again`);
  } else if (found && found.mode !== mode) {
    log.warn(
      { project: key, mode: found.mode, configuredMode: mode },
      `project ${key} is there as ${found.mode} and stays so, though CLIENTELE_PROJECTS says ${mode}`,
    );
  }
}
