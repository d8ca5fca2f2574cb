import { openAuthentication } from "../../auth/authentication.ts";
import type { Config } from "../../config.ts";
import { prepareDatabase } from "../../prepare-database.ts";
import { serverLimits } from "../../server/limits.ts";
import { startDatabase } from "../database.ts";
import { announce, endAtUnforeseen, logStopping, openLogOf } from "../operator-log.ts";
import { inWordsFor } from "../start-up-error.ts";
import { stopSignal } from "../stop-signal.ts";
import { readTlsFiles } from "../tls-files.ts";
import { showWelcome } from "../welcome.ts";
import { requireConnections } from "./require-connections.ts";
import { startWorkers, type Workers } from "./workers.ts";

/** Does once what is for all workers, and serves by them until a signal. @throws StartUpError, ConfigError */
export async function serveAsPrimary(config: Config): Promise<number> {
  const log = openLogOf(config);
  await tryFiles(config);
  let workers: Workers | undefined;
  const { stopped } = stopSignal({ onFirst: logStopping(log), onLater: () => workers?.kill() });
  endAtUnforeseen(log);
  const database = await startDatabase(config, log);
  try {
    const { address, dataDir } = database;
    const secret = await prepareDatabase(address, config.projects, log).catch(inWordsFor(config));
    await requireConnections(config, address);
    workers = startWorkers({
      count: config.workers,
      orders: { port: config.port, address, secret },
      stopMs: config.drainMs + serverLimits.lastWordMs + serverLimits.lingerMs + STOP_SLACK_MS,
      log,
    });
    const place = await Promise.race([stopped, workers.serving]);
    if (place) {
      const { host, port } = place;
      log.info({ host, workers: config.workers, port }, "listening");
      announce(config, log);
      showWelcome(config, { port, dataDir });
      await Promise.race([stopped, workers.failed]);
    }
    if (!(await workers.stop())) return 1;
  } finally {
    workers?.kill();
    await database.stop();
  }
  log.info({}, "stopped");
  return 0;
}

/** What is wrong with them is said once, and not by each worker. */
async function tryFiles(config: Config): Promise<void> {
  readTlsFiles(config);
  const silent = { info() {}, warn() {}, error() {} };
  const authentication = await openAuthentication(config, () => new Date(), silent);
  authentication.close();
}

/** Connections to the database end, too. */
const STOP_SLACK_MS = 5000;
