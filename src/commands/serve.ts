import { openAuthentication } from "../auth/authentication.ts";
import { type Config, type Env, toConfig } from "../config.ts";
import { describeError } from "../describe-error.ts";
import { type Log, openLog } from "../log.ts";
import { startService } from "../service.ts";
import { startDatabase } from "./database.ts";
import { inWordsFor } from "./start-up-error.ts";
import { readTlsFiles } from "./tls-files.ts";
import { welcome } from "./welcome.ts";

/** Serves until SIGTERM or Ctrl-C, then answers what is under way and ends. A later signal ends at once. */
export async function serve(env: Env): Promise<number> {
  const config = toConfig(env);
  const tls = readTlsFiles(config);
  const log = openLogOf(config);
  const authentication = await openAuthentication(config, () => new Date(), log);
  const stopped = stopSignal(log);
  process.once("uncaughtException", (error) => endAtOnce(log, error));
  const database = await startDatabase(config, log);
  try {
    const { address, dataDir } = database;
    const options = { config, address, authentication, tls, log };
    const service = await startService(options).catch(inWordsFor(config));
    log.info({ host: service.host, port: service.port }, "listening");
    announce(config, log);
    // On the other stream, so that a log for machines stays one.
    if (config.logFormat !== "json") process.stderr.write(welcome(config, { port: service.port, dataDir }));
    await stopped;
    await service.stop();
  } finally {
    authentication.close();
    await database.stop();
  }
  log.info({}, "stopped");
  return 0;
}

/** What an operator had better know of who may call. */
function announce({ auth }: Config, log: Log): void {
  if (auth.open) log.info({}, "open: whoever reaches this service may do everything");
  if (auth.jwt?.developmentKeyFile) log.warn({}, "tokens made on this machine count: for development only");
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

/** Resolves at the first signal to stop; a later one ends the process at once. */
function stopSignal(log: Log): Promise<void> {
  return new Promise((resolve) => {
    let stoppingSince: number | undefined;
    // Never taken off: a signal that nobody listens for ends the process, and leaves PostgreSQL behind.
    const onSignal = (signal: string) => {
      if (stoppingSince === undefined) {
        stoppingSince = performance.now();
        log.info({ signal }, "stopping: calls under way are answered first");
        resolve();
      } else if (performance.now() - stoppingSince > SAME_SIGNAL_MS) process.exit(1);
    };
    for (const name of ["SIGTERM", "SIGINT"]) process.on(name, onSignal);
  });
}

/** A terminal and npm both pass a signal on: what follows so soon is the same one again. */
const SAME_SIGNAL_MS = 1000;
