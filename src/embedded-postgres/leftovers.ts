import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "../log.ts";
import { EmbeddedPostgresError } from "./error.ts";
import { identityOf, isWorkingIn, processesIn, signal } from "./processes.ts";

/**
 * Ends the server that a killed service left running, and removes the traces of one that was killed
 * itself. Whoever calls this holds the service lock, so that nobody needs that server.
 *
 * A server is stopped rather than taken over, because only its parent hears of its end.
 */
export async function clearWay(cluster: string, log: Log): Promise<void> {
  const pidFile = path.join(cluster, "postmaster.pid");
  const pid = await readPid(pidFile);
  if (pid === undefined || process.platform === "win32") return;
  if ((await identityOf(pid)) !== undefined && (await isWorkingIn(pid, cluster))) {
    log.warn({ pid }, "a PostgreSQL of a Clientele that was killed still runs; stopping it");
    await stopServer(pid);
    return;
  }
  // After a reboot another process may have the pid, which PostgreSQL would take for its own kind.
  await rm(pidFile, { force: true });
}

/**
 * Does what a server that was killed can't do any more: sends its processes home. Those that idle see
 * its end by themselves; one that's in the middle of something holds the shared memory.
 *
 * @param force for those that don't listen.
 */
export async function endSurvivors(cluster: string, force: boolean): Promise<void> {
  for (const pid of await processesIn(cluster)) signal(pid, force ? "SIGKILL" : "SIGQUIT");
}

async function readPid(pidFile: string): Promise<number | undefined> {
  const [line] = (await readFile(pidFile, "utf8").catch(() => "")).split("\n");
  const pid = Number(line);
  return Number.isInteger(pid) && pid > 1 ? pid : undefined;
}

/** Fast first, then at once; what was committed is safe either way. */
async function stopServer(pid: number): Promise<void> {
  const server = await identityOf(pid);
  for (const name of ["SIGINT", "SIGQUIT"] as const) {
    signal(pid, name);
    const end = performance.now() + 15_000;
    while (performance.now() < end) {
      if ((await identityOf(pid)) !== server) return;
      await sleep(20);
    }
  }
  throw new EmbeddedPostgresError(`A PostgreSQL (pid ${pid}) that uses these data doesn't stop: end it`);
}
