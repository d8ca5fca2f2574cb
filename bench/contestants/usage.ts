import cluster, { type Worker } from "node:cluster";
import type { ServerOrder } from "./contestant.ts";

// Loaded into a contestant with --import: tells the bench what the process and its workers have used, and ends
// it with the bench.

export type Usage = { readonly cpuUs: number; readonly rssBytes: number };

/** Between a process and its workers go messages of its own, too. */
type Question = { readonly bench: "usage?" };
type Answer = { readonly bench: Usage };

if (cluster.worker) answerPrimary();
else answerBench();
process.once("disconnect", () => process.exit());

function answerBench(): void {
  process.on("message", (order: ServerOrder) => {
    if (order.do === "usage") void usageOfAll().then((usage) => process.send?.(usage));
  });
  // A listener keeps the process up; it ends as it would without one.
  process.channel?.unref();
}

function answerPrimary(): void {
  process.on("message", (message: Partial<Question>) => {
    if (message.bench === "usage?") process.send?.({ bench: ownUsage() } satisfies Answer);
  });
}

async function usageOfAll(): Promise<Usage> {
  const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
  const ofWorkers = await Promise.all(workers.map(ask));
  return ofWorkers.reduce(
    (sum, { cpuUs, rssBytes }) => ({ cpuUs: sum.cpuUs + cpuUs, rssBytes: sum.rssBytes + rssBytes }),
    ownUsage(),
  );
}

function ask(worker: Worker): Promise<Usage> {
  return new Promise((resolve) => {
    worker.on("message", function look(message: Partial<Answer>) {
      if (message.bench === undefined) return;
      worker.off("message", look);
      resolve(message.bench);
    });
    worker.send({ bench: "usage?" } satisfies Question);
  });
}

function ownUsage(): Usage {
  const { user, system } = process.cpuUsage();
  return { cpuUs: user + system, rssBytes: process.memoryUsage.rss() };
}
