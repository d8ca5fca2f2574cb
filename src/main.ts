import { healthcheck } from "./commands/healthcheck.ts";
import { migrateCommand } from "./commands/migrate.ts";
import { printConfig } from "./commands/print-config.ts";
import { serve } from "./commands/serve.ts";
import { ConfigError } from "./config.ts";
import { MigrationError } from "./db/migrate.ts";
import { EmbeddedPostgresError } from "./embedded-postgres/error.ts";

const USAGE = `usage: node src/main.ts [serve | migrate | healthcheck | config print]`;

try {
  process.exitCode = await run(process.argv.slice(2).join(" "));
} catch (error) {
  // What an operator can mend is said in a sentence; anything else with its trace.
  console.error(isForOperator(error) ? `clientele: ${error.message}` : error);
  process.exitCode = 1;
}

function isForOperator(error: unknown): error is Error {
  return [ConfigError, EmbeddedPostgresError, MigrationError].some((kind) => error instanceof kind);
}

/** @returns the exit code. */
async function run(command: string): Promise<number> {
  switch (command) {
    case "":
    case "serve":
      return serve(process.env);
    case "migrate":
      return migrateCommand(process.env);
    case "healthcheck":
      return healthcheck(process.env);
    case "config print":
      return printConfig(process.env);
    default:
      console.error(USAGE);
      return 2;
  }
}
