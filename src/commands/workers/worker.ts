import type { Worker } from "node:cluster";
import { openAuthentication } from "../../auth/authentication.ts";
import type { Config } from "../../config.ts";
import { startService } from "../../service.ts";
import { endAtUnforeseen, openLogOf } from "../operator-log.ts";
import { inWordsFor } from "../start-up-error.ts";
import { stopSignal } from "../stop-signal.ts";
import { readTlsFiles } from "../tls-files.ts";
import { openPrimary, type Primary } from "./primary-channel.ts";

/** Serves as one of several processes until the primary says so, or is gone, or a signal of its own comes. */
export async function serveAsWorker(config: Config, self: Worker): Promise<number> {
  // Node would end the process at once, calls and all, when the primary is gone.
  self.exitedAfterDisconnect = true;
  // What was started without callers ends at once.
  const primary = openPrimary({ onGoneEarly: () => process.exit(1) });
  try {
    await serveFor(primary, config);
  } finally {
    primary.close();
  }
  return 0;
}

async function serveFor(primary: Primary, config: Config): Promise<void> {
  const { stopped, request } = stopSignal({});
  const { number, port, address, secret } = await primary.orders();
  const log = openLogOf(config, number);
  endAtUnforeseen(log);
  const tls = readTlsFiles(config);
  const authentication = await openAuthentication(config, () => new Date(), log);
  try {
    const service = await startService({
      config: { ...config, port },
      address,
      secret,
      authentication,
      tls,
      beforeListening: () => primary.mayListen(),
      log,
    }).catch(inWordsFor(config));
    primary.tell({ worker: "serves", at: { host: service.host, port: service.port } });
    void primary.saysStop.then(request);
    void primary.isGone.then(() => {
      log.warn({}, "stopping: the process that started this worker is gone");
      request();
    });
    await stopped;
    await service.stop();
  } finally {
    authentication.close();
  }
}
