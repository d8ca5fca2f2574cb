import cluster from "node:cluster";
import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "../../log.ts";
import { StartUpError } from "../start-up-error.ts";
import type { Orders, Place } from "./messages.ts";
import { afterEnd, isHopeless, NO_FAILURES, restartDelayMs } from "./restarts.ts";
import { startWorkerProcess, type WorkerEnd, type WorkerProcess } from "./worker-process.ts";

export type Workers = {
  /** Resolves once all of them serve; rejects with StartUpError when one can't. */
  readonly serving: Promise<Place>;
  /** Rejects with StartUpError when none serves any more, and new ones end at their start. */
  readonly failed: Promise<never>;
  /** Ends them in order; resolves when all are gone, with whether all ended well. */
  stop(): Promise<boolean>;
  /** Ends them at once. */
  kill(): void;
};

export type WorkersOptions = {
  readonly count: number;
  readonly orders: Omit<Orders, "number">;
  /** After so long, one that was asked to stop is ended the hard way. */
  readonly stopMs: number;
  readonly log: Log;
};

/** Starts workers that share one port, and others in the place of those that end by themselves. */
export function startWorkers({ count, orders, stopMs, log }: WorkersOptions): Workers {
  // The connections of gRPC are few, and stay: they are dealt out in turn, where the operating system
  // would give most of them to one worker.
  cluster.schedulingPolicy = cluster.SCHED_RR;
  // The secret is bytes.
  cluster.setupPrimary({ serialization: "advanced" });
  const stopping = new AbortController();
  const failed = Promise.withResolvers<never>();
  const running = new Map<number, WorkerProcess>();
  let askedPort = orders.port;
  let { port } = orders;

  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  const serving = beginToServe(numbers.map((number) => ({ number, worker: start(number) })));
  // Who waits for the one may never ask for the other.
  for (const promise of [serving, failed.promise]) promise.catch(() => {});
  return { serving, failed: failed.promise, stop, kill };

  function start(number: number): WorkerProcess {
    const worker = startWorkerProcess(() => ({ ...orders, number, port: portToAskFor() }));
    running.set(number, worker);
    log.info({ worker: number, pid: worker.pid }, "worker started");
    return worker;
  }

  /** By asking for the same they share it. One that Node chose is asked for once nobody holds it any more. */
  function portToAskFor(): number {
    if (!isAnyServing()) askedPort = port;
    return askedPort;
  }

  /** None listens before all are ready: the first callers would all come to the first one, and stay there. */
  async function beginToServe(all: readonly NumberedWorker[]): Promise<Place> {
    const anyEnded = Promise.race(all.map(endAsError));
    const unlessOneEnds = <Result>(result: Promise<Result>) => Promise.race([result, anyEnded]);
    await unlessOneEnds(Promise.all(all.map(({ worker }) => worker.warm)));
    // One alone, so that a port that can't be had is told of once.
    const [first, ...others] = all;
    if (!first) throw new Error("unreachable: there are workers");
    first.worker.listen();
    const place = await unlessOneEnds(first.worker.serves);
    port = place.port;
    for (const { worker } of others) worker.listen();
    await unlessOneEnds(Promise.all(others.map(({ worker }) => worker.serves)));
    for (const one of all) void replaceWhenEnded(one);
    return place;
  }

  async function replaceWhenEnded({ number, worker }: NumberedWorker): Promise<void> {
    let failures = NO_FAILURES;
    for (let current = worker; ; ) {
      const end = await current.ended;
      running.delete(number);
      if (stopping.signal.aborted) return;
      const { code, signal } = end;
      log.error({ worker: number, pid: current.pid, code, signal }, "worker ended by itself");
      failures = afterEnd(failures, end.servedMs);
      if (isHopeless(failures) && !isAnyServing()) {
        failed.reject(new StartUpError(`No worker serves, and new ones end at their start: ${inWords(end)}`));
        return;
      }
      await sleep(restartDelayMs(failures), undefined, { signal: stopping.signal }).catch(() => {});
      if (stopping.signal.aborted) return;
      current = start(number);
      void current.warm.then(current.listen);
    }
  }

  function isAnyServing(): boolean {
    return [...running.values()].some((worker) => worker.isServing());
  }

  async function stop(): Promise<boolean> {
    stopping.abort();
    for (const worker of running.values()) worker.stop();
    const impatience = setTimeout(kill, stopMs);
    const ends = await Promise.all([...running.values()].map(({ ended }) => ended));
    clearTimeout(impatience);
    return ends.every(({ code, servedMs }) => code === 0 || servedMs === undefined);
  }

  function kill(): void {
    stopping.abort();
    for (const worker of running.values()) worker.kill();
  }
}

type NumberedWorker = { readonly number: number; readonly worker: WorkerProcess };

async function endAsError({ number, worker }: NumberedWorker): Promise<never> {
  const end = await worker.ended;
  throw new StartUpError(`Worker ${number} ended at its start: ${inWords(end)}`);
}

function inWords({ code, signal }: WorkerEnd): string {
  return signal === null ? `exit code ${code ?? "unknown"}; it says why above` : `by ${signal}`;
}
