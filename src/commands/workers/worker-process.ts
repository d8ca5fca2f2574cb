import cluster from "node:cluster";
import { endLostConnection } from "./lost-connection.ts";
import { type FromPrimary, isFromWorker, type Orders, type Place } from "./messages.ts";

/** A worker, as the primary sees it. Its promises never reject. */
export type WorkerProcess = {
  readonly pid: number | undefined;
  /** Resolves when all is ready but the port. */
  readonly warm: Promise<void>;
  readonly serves: Promise<Place>;
  readonly ended: Promise<WorkerEnd>;
  isServing(): boolean;
  listen(): void;
  /** Asks it to answer what is under way, and to end. */
  stop(): void;
  /** Ends it at once. */
  kill(): void;
};

export type WorkerEnd = {
  readonly code: number | null;
  readonly signal: string | null;
  /** How long it served; undefined when it ended before. */
  readonly servedMs: number | undefined;
};

/** @param ordersOf is asked when the worker asks. */
export function startWorkerProcess(ordersOf: () => Orders): WorkerProcess {
  const warm = Promise.withResolvers<void>();
  const serves = Promise.withResolvers<Place>();
  const ended = Promise.withResolvers<WorkerEnd>();
  let mayListen = false;
  let servesSince: number | undefined;

  const worker = cluster.fork();
  endLostConnection(worker.process);
  worker.on("message", (message: unknown) => {
    if (!isFromWorker(message)) return;
    switch (message.worker) {
      case "asks-for-orders":
        return tell({ primary: "orders", orders: ordersOf() });
      case "is-warm":
        return warm.resolve();
      case "serves":
        servesSince = performance.now();
        return serves.resolve(message.at);
      default:
        message satisfies never;
    }
  });
  // What can't be told to it is of one that ends; or there was no process to be had.
  worker.on("error", () => {
    if (worker.process.pid === undefined) end(null, null);
  });
  worker.once("exit", end);

  return {
    pid: worker.process.pid,
    warm: warm.promise,
    serves: serves.promise,
    ended: ended.promise,
    isServing: () => servesSince !== undefined,
    listen() {
      mayListen = true;
      tell({ primary: "listen" });
    },
    stop() {
      // One that doesn't listen yet has no callers.
      if (mayListen) tell({ primary: "stop" });
      else kill();
    },
    kill,
  };

  function tell(message: FromPrimary): void {
    if (worker.isConnected()) worker.send(message);
  }

  function kill(): void {
    worker.process.kill("SIGKILL");
  }

  function end(code: number | null, signal: string | null): void {
    const servedMs = servesSince === undefined ? undefined : performance.now() - servesSince;
    ended.resolve({ code, signal, servedMs });
  }
}
