import { once } from "node:events";
import { type Config, type Env, toConfig } from "../config.ts";
import { describeError } from "../describe-error.ts";
import { type Log, openLog } from "../log.ts";
import { startService } from "../service.ts";
import { startDatabase } from "./database.ts";
import { inWordsFor } from "./start-up-error.ts";
import { readTlsFiles } from "./tls-files.ts";
import { welcome } from "./welcome.ts";

/** Serves until SIGTERM or Ctrl-C, then answers what is under way and ends. A second signal ends at once. */
export async function serve(env: Env): Promise<number> {
  const config = toConfig(env);
  const tls = readTlsFiles(config.tls);
  const log = openLogOf(config);
  const stopped = stopSignal(log);
  process.once("uncaughtException", (error) => endAtOnce(log, error));
  const database = await startDatabase(config, log);
  try {
    const { address, dataDir } = database;
    const service = await startService({ config, address, tls, log }).catch(inWordsFor(config));
    log.info({ host: service.host, port: service.port }, "listening");
    // On the other stream, so that a log for machines stays one.
    if (config.logFormat !== "json") process.stderr.write(welcome(config, { port: service.port, dataDir }));
    await stopped;
    await service.stop();
  } finally {
    await database.stop();
  }
  log.info({}, "stopped");
  return 0;
}

export function openLogOf(config: Config): Log {
  return openLog({ level: config.logLevel, format: isForPeople(config) ? "text" : "json" });
}

function isForPeople({ logFormat }: Config): boolean {
  return logFormat === "text" || (logFormat === "auto" && process.stdout.isTTY === true);
}

/** What nobody foresaw may have left anything half-done: a new process is the better one. */
function endAtOnce(log: Log, error: unknown): void {
  log.error(describeError(error), "ending: something failed that nobody foresaw");
  process.exit(1);
}

async function stopSignal(log: Log): Promise<void> {
  const signal = await Promise.race(
    ["SIGTERM", "SIGINT"].map((name) => once(process, name).then(() => name)),
  );
  log.info({ signal }, "stopping: calls under way are answered first");
  for (const name of ["SIGTERM", "SIGINT"]) process.once(name, () => process.exit(1));
}
