import { randomUUIDv7 } from "node:crypto";
import { commitGroups } from "../../src/customer-groups/store.ts";
import type { CommitOutcome } from "../../src/db/commit-function.ts";
import { openDatabase } from "../../src/db/database.ts";
import type { Write } from "../../src/db/write.ts";
import { Ending } from "../../src/ending.ts";
import { projectIdOf } from "../../src/projects/project-id.ts";
import { insertProject } from "../../src/projects/store.ts";
import { expectConsistent, openSql } from "../support/consistency.ts";
import { createDatabase } from "../support/database.ts";
import { startProxy } from "../support/proxy.ts";
import type { groupCreation } from "./writes.ts";

export const KEYS = ["one", "two", "three", "four", "five"];
const [one = "", two = "", three = "", ...others] = KEYS.map(projectIdOf);
export const projectIds = [one, two, three, ...others] as const;

export type FlightProjects = Awaited<ReturnType<typeof openFlightProjects>>;

/** Projects whose writes share flights, on the way to a database that may lose its answers. */
export async function openFlightProjects() {
  const database = await createDatabase();
  const proxy = await startProxy(database);
  const sql = openSql(database);
  const db = openDatabase(proxy.address, { queryConnections: 1, writeConnections: 2 });
  await db.open();
  for (const key of KEYS) {
    await insertProject(sql, { projectId: projectIdOf(key), key, mode: "test" }, new Date());
  }

  return {
    database,
    proxy,
    sql,
    db,

    /** Those that are made at once share a flight, unless one is under way. */
    commit(projectId: string, write: Write, writes = db.writes): Promise<CommitOutcome> {
      return writes.commit(commitGroups, projectId, write, deadline);
    },

    async expectAllConsistent(): Promise<void> {
      for (const key of KEYS) await expectConsistent(sql, key);
    },

    /** How many transactions made these writes, and how many changes they made. */
    async madeBy(writes: readonly { readonly write_id: string }[]) {
      const [row] = await sql`
        select count(distinct xmin::text)::integer as transactions, count(*)::integer as changes
        from changes
        where write_id = any(${writes.map(({ write_id }) => write_id)}::uuid[])`;
      return row;
    },

    async stop(): Promise<void> {
      await db.close();
      await proxy.stop();
      await sql.end();
      await database.drop();
    },
  };
}

export const deadline = { timeoutMs: 20_000, over: new Ending() };

export function outcomesOf(commits: readonly Promise<CommitOutcome>[]): Promise<readonly string[]> {
  return Promise.all(commits.map(async (committed) => (await committed).outcome));
}

/** The first update of a group. */
export function updateOf(group: ReturnType<typeof groupCreation>, changed: object) {
  return { ...group, kind: "update", write_id: randomUUIDv7(), expected_version: "1", ...changed };
}

/** What no plain write says, though it means nothing. */
export const NOT_PLAIN = { sets_custom: false };
