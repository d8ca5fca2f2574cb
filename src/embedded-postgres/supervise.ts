import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "../log.ts";
import { EmbeddedPostgresError } from "./error.ts";
import type { ServerProcess } from "./server-process.ts";

export type Supervised = {
  readonly log: Log;
  readonly launch: () => Promise<ServerProcess>;
};

/**
 * Starts the server, and again whenever it ends by itself, until it's stopped.
 *
 * @throws EmbeddedPostgresError when it can't be started the first time.
 */
export async function supervise({ log, launch }: Supervised): Promise<{ stop(): Promise<void> }> {
  const stopping = new AbortController();
  let server: ServerProcess;
  await start(FIRST_TRIES);
  const watching = watch();
  return {
    async stop() {
      stopping.abort();
      await server.stop();
      await watching;
    },
  };

  async function watch(): Promise<void> {
    for (;;) {
      const reason = await server.exited;
      if (stopping.signal.aborted) return;
      log.error({ reason }, "embedded PostgreSQL ended by itself; starting it again");
      await start(Number.POSITIVE_INFINITY).catch((error: unknown) => {
        if (!stopping.signal.aborted) throw error;
      });
    }
  }

  async function start(tries: number): Promise<ServerProcess> {
    const begin = performance.now();
    for (let failures = 1; ; failures += 1) {
      stopping.signal.throwIfAborted();
      try {
        server = await launch();
        // It may have been asked to stop while the server was on its way.
        if (stopping.signal.aborted) await server.stop();
        await server.ready;
        log.info(
          { pid: server.pid, ms: Math.round(performance.now() - begin) },
          "embedded PostgreSQL started",
        );
        return server;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        const isHeld = HELD_BY_SURVIVORS.test(reason);
        if (failures >= tries || (tries === FIRST_TRIES && !isHeld)) {
          if (error instanceof EmbeddedPostgresError) throw error;
          throw new EmbeddedPostgresError(`PostgreSQL doesn't start: ${reason}`, { cause: error });
        }
        log.warn({ reason }, "embedded PostgreSQL didn't start; trying again");
        if (isHeld) await server.endSurvivors(failures > SURVIVORS_WARNED_TIMES);
        await sleep(isHeld ? 100 : Math.min(5000, 100 * 2 ** failures), undefined, {
          signal: stopping.signal,
        });
      }
    }
  }
}

/** 10 s of waiting for another server's processes to end. */
const FIRST_TRIES = 100;
/** After so many tries of 100 ms and a bit, survivors are ended the hard way. */
const SURVIVORS_WARNED_TIMES = 10;
const HELD_BY_SURVIVORS = /pre-existing shared memory block .* still in use/;
