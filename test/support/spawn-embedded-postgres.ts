import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { DatabaseAddress } from "../../src/db/connection.ts";

export type SpawnedPostgres = {
  readonly address: DatabaseAddress;
  /** Of the process that started PostgreSQL. */
  readonly pid: number;
  stop(): Promise<void>;
  /** Ends the process so that it can't do anything about it. */
  kill(): Promise<void>;
};

/** Starts an embedded PostgreSQL from a process of its own; as another user, when it's root who asks. */
export async function spawnEmbeddedPostgres(dataDir: string, uid?: number): Promise<SpawnedPostgres> {
  const file = fileURLToPath(new URL("run-embedded-postgres.ts", import.meta.url));
  const child = spawn(process.execPath, [file, dataDir], {
    stdio: ["pipe", "pipe", "inherit"],
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  const exited = once(child, "exit");
  const ended = async () => {
    if (child.exitCode === null && child.signalCode === null) await exited;
  };
  onTestFinished(async () => {
    child.stdin.end();
    await ended();
  });
  const line = await Promise.race([
    once(createInterface({ input: child.stdout }), "line"),
    exited.then(() => Promise.reject(new Error("the process ended before its PostgreSQL was ready"))),
  ]);
  return {
    address: JSON.parse(String(line[0])),
    pid: child.pid ?? 0,
    async stop() {
      child.stdin.end();
      await ended();
    },
    async kill() {
      child.kill("SIGKILL");
      await ended();
    },
  };
}
