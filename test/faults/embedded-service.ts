import { readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Env } from "../../src/config.ts";
import type { Sql } from "../../src/db/connection.ts";
import { openSql } from "../support/consistency.ts";
import { exitOf, startMain, temporaryFolder } from "../support/process.ts";
import { groupClient } from "../support/service.ts";

/** A service with its embedded PostgreSQL, both real processes, to be killed at bad moments. */
export async function startEmbeddedService(projects: readonly string[], env: Env = {}) {
  const { folder, remove } = temporaryFolder();
  const where = { CLIENTELE_DATA_DIR: folder, CLIENTELE_PROJECTS: projects.join(",") };
  const service = await startMain({ ...env, ...where });
  return {
    baseUrl: service.baseUrl,
    output: () => service.child.output(),
    postgresLog: () => readFileSync(path.join(folder, "postgres.log"), "utf8"),

    killPostgres(): void {
      process.kill(postmaster().pid, "SIGKILL");
    },

    async withSql(work: (sql: Sql) => Promise<void>): Promise<void> {
      const sql = openSql(postmaster().address);
      try {
        await work(sql);
      } finally {
        await sql.end();
      }
    },

    /** Milliseconds until a query succeeds. */
    async untilAnswered(projectKey: string): Promise<number> {
      const client = groupClient(service.baseUrl);
      const begin = performance.now();
      for (;;) {
        await sleep(20);
        try {
          await client.queryCustomerGroups({ projectKey, limit: 1 });
          return Math.round(performance.now() - begin);
        } catch {
          if (performance.now() - begin > 20_000) {
            throw new Error("the service did not come back within 20 s");
          }
        }
      }
    },

    async stop(): Promise<void> {
      service.child.kill("SIGTERM");
      await exitOf(service.child);
      remove();
    },
  };

  /** What postmaster.pid tells: https://www.postgresql.org/docs/18/storage-file-layout.html */
  function postmaster() {
    const [pid = "", , , port = "", host = ""] = readFileSync(
      path.join(folder, "postgres", "postmaster.pid"),
      "utf8",
    ).split("\n");
    return {
      pid: Number(pid),
      address: { host, port: Number(port), user: "clientele", database: "postgres" },
    };
  }
}

export type EmbeddedService = Awaited<ReturnType<typeof startEmbeddedService>>;

/** What a call may be told while PostgreSQL is away. */
export const TOLD_WHILE_AWAY = [
  "Unavailable BACKEND_UNAVAILABLE",
  "Unavailable OVERLOADED",
  "Unknown OUTCOME_UNKNOWN",
];
