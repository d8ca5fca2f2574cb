import cluster from "node:cluster";
import type { Config } from "../../config.ts";
import { serveAsPrimary } from "./primary.ts";
import { serveAsWorker } from "./worker.ts";

/** Serves by several processes: the primary, which the operator started, and the workers that it starts. */
export function serveByWorkers(config: Config): Promise<number> {
  return cluster.worker ? serveAsWorker(config, cluster.worker) : serveAsPrimary(config);
}
