import path from "node:path";
import type { DatabaseAddress } from "../db/connection.ts";
import type { Log } from "../log.ts";
import { accountFor } from "./account.ts";
import { clusterFolder, createDataFolder } from "./data-folder.ts";
import { prepareCluster } from "./initdb.ts";
import { clearWay } from "./leftovers.ts";
import { openLogFile } from "./log-file.ts";
import { findProgram } from "./program.ts";
import { reachableProgram } from "./reachable.ts";
import { launchServer } from "./server-process.ts";
import { serverArguments } from "./server-settings.ts";
import { takeServiceLock } from "./service-lock.ts";
import { prepareListening } from "./socket-folder.ts";
import { supervise } from "./supervise.ts";

export type EmbeddedPostgresOptions = {
  /** Made when missing. Everything that's kept is in it. */
  readonly dataDir: string;
  readonly log: Log;
  /** More settings of the server, by name. `fsync: "off"` is for data that may be lost. */
  readonly settings?: Readonly<Record<string, string>>;
};

export type EmbeddedPostgres = DatabaseAddress & {
  /** The folder with the data: the one asked for, or where the link in it leads. */
  readonly dataDir: string;
  /** Ends all connections and the server, and waits until it's gone. */
  stop(): Promise<void>;
};

/**
 * Starts a PostgreSQL that belongs to this process, and starts it again whenever it ends by itself.
 * What a process that was killed left behind is cleared away first.
 *
 * @throws EmbeddedPostgresError when it can't run here, or another process uses the folder.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { log, settings = {} } = options;
  const dataDir = await createDataFolder(options.dataDir);
  const lock = await takeServiceLock(dataDir);
  try {
    const account = await accountFor(dataDir);
    const program = await reachableProgram(await findProgram(), account);
    const cluster = await clusterFolder(dataDir, account, log);
    const isDurable = settings.fsync !== "off";
    const password = await prepareCluster({ cluster, dataDir, program, account, isDurable, log });
    const listening = await prepareListening(cluster, account);
    const logFile = openLogFile(path.join(dataDir, "postgres.log"));
    const server = await supervise({
      log,
      async launch() {
        await clearWay(cluster, log);
        return launchServer({
          program,
          account,
          cluster,
          onLine: logFile.write,
          arguments: serverArguments(await prepareListening(cluster, account, listening.port), settings),
        });
      },
    });
    return {
      ...listening,
      user: "clientele",
      database: "postgres",
      password,
      dataDir: path.dirname(cluster) === dataDir ? dataDir : cluster,
      async stop() {
        await server.stop();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}
