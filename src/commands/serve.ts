import { openAuthentication } from "../auth/authentication.ts";
import { type Config, type Env, toConfig } from "../config.ts";
import { startService } from "../service.ts";
import { startDatabase } from "./database.ts";
import { announce, endAtUnforeseen, logStopping, openLogOf } from "./operator-log.ts";
import { inWordsFor } from "./start-up-error.ts";
import { stopSignal } from "./stop-signal.ts";
import { readTlsFiles } from "./tls-files.ts";
import { showWelcome } from "./welcome.ts";

/** Serves until SIGTERM or Ctrl-C, then answers what is under way and ends. A later signal ends at once. */
export async function serve(env: Env): Promise<number> {
  const config = toConfig(env);
  if (config.workers === 1) return serveAlone(config);
  const { serveByWorkers } = await import("./workers/serve-by-workers.ts");
  return serveByWorkers(config);
}

async function serveAlone(config: Config): Promise<number> {
  const tls = readTlsFiles(config);
  const log = openLogOf(config);
  const authentication = await openAuthentication(config, () => new Date(), log);
  const { stopped } = stopSignal({ onFirst: logStopping(log) });
  endAtUnforeseen(log);
  const database = await startDatabase(config, log);
  try {
    const { address, dataDir } = database;
    const options = { config, address, authentication, tls, log };
    const service = await startService(options).catch(inWordsFor(config));
    log.info({ host: service.host, port: service.port }, "listening");
    announce(config, log);
    showWelcome(config, { port: service.port, dataDir });
    await stopped;
    await service.stop();
  } finally {
    authentication.close();
    await database.stop();
  }
  log.info({}, "stopped");
  return 0;
}
