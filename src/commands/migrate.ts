import { type Env, toConfig } from "../config.ts";
import { prepareDatabase } from "../prepare-database.ts";
import { startDatabase } from "./database.ts";
import { openLogOf } from "./operator-log.ts";
import { inWordsFor } from "./start-up-error.ts";

/** Brings the database to this version's schema, makes what is missing in it, and ends. `serve` does so too. */
export async function migrateCommand(env: Env): Promise<number> {
  const config = toConfig(env);
  const log = openLogOf(config);
  const database = await startDatabase(config, log);
  try {
    await prepareDatabase(database.address, config.projects, log).catch(inWordsFor(config));
  } finally {
    await database.stop();
  }
  return 0;
}
