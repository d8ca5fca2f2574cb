import { healthcheck } from "./commands/healthcheck.ts";
import { migrateCommand } from "./commands/migrate.ts";
import { printConfig } from "./commands/print-config.ts";
import { projectCommand } from "./commands/project.ts";
import { seedCommand } from "./commands/seed.ts";
import { serve } from "./commands/serve.ts";
import { StartUpError } from "./commands/start-up-error.ts";
import { tokenCommand } from "./commands/token.ts";
import { ConfigError } from "./config.ts";
import { MigrationError } from "./db/migrate.ts";
import { EmbeddedPostgresError } from "./embedded-postgres/error.ts";

const USAGE = `usage: node src/main.ts [serve | migrate | seed | project | token | healthcheck | config print]`;

const FOR_OPERATOR = [ConfigError, EmbeddedPostgresError, MigrationError, StartUpError];

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  // What an operator can mend is said in a sentence; anything else with its trace alone: a driver's
  // error has fields that hold statements and data.
  console.error(isForOperator(error) ? `clientele: ${error.message}` : traceOf(error));
  process.exitCode = 1;
}

function isForOperator(error: unknown): error is Error {
  return FOR_OPERATOR.some((kind) => error instanceof kind);
}

function traceOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.name) : `a ${typeof error} was thrown`;
}

/** @returns the exit code. */
async function run([command = "", ...args]: readonly string[]): Promise<number> {
  if (command === "seed") return seedCommand(process.env, args);
  if (command === "token") return tokenCommand(process.env, args);
  if (command === "project") return projectCommand(process.env, args);
  switch ([command, ...args].join(" ")) {
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
