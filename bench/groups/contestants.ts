import path from "node:path";
import { type Contestant, type ServerName, serverNames, startContestant } from "../contestants/contestant.ts";
import { MEMORY_ROWS } from "../contestants/memory-groups.ts";
import type { BenchDatabase } from "../database.ts";
import type { Load } from "../load-process.ts";
import { READ_PROJECT } from "../projects.ts";
import { openPgbench } from "./pgbench.ts";
import { seededGroups } from "./seed.ts";
import type { WorkloadName } from "./workloads.ts";

export const contestantNames = [...serverNames, "pgbench"] as const;
export type ContestantName = (typeof contestantNames)[number];

/** What each of them is, for reports. */
export const descriptions: Readonly<Record<ContestantName, string>> = {
  ours: "`src/main.ts serve` as an operator runs it",
  "ours-connect": "ours with `CLIENTELE_UNARY_LANE=off`: all calls go through Connect",
  "ours-2-workers": "ours with `CLIENTELE_WORKERS=2`",
  "grpc-pg": "(a) @grpc/grpc-js and pg, named prepared statements, a transaction for each write",
  "connect-postgres": "(b) connect-node and postgres.js with a pool of ten, one query for each call",
  "ours-memory": "our server, interceptors and unary lane on a map instead of a database",
  "grpc-memory": "(c) @grpc/grpc-js on a map",
  floor: "(d) node:http2 that answers the same bytes to every call",
  pgbench: "(e) pgbench with prepared statements: the select of a Get, no server",
};

/** Shows nothing where the processes and PostgreSQL have two cores between them. */
export const ASKED_FOR_NAMES: readonly ContestantName[] = ["ours-2-workers"];

export const MEMORY_NAMES: readonly ContestantName[] = ["ours-memory", "grpc-memory", "floor"];

/** Those that show what one difference makes; what it makes of a read, a page and a write tells enough. */
export const SIDE_NAMES: readonly ContestantName[] = ["ours-connect", "ours-2-workers", "connect-postgres"];
const SIDE_WORKLOADS: readonly WorkloadName[] = ["get-by-id", "query-page", "update"];

/** Those without a database, and pgbench, do Gets by id in one project and nothing else. */
export function takesPart(name: ContestantName, workload: WorkloadName, projects: number): boolean {
  if (SIDE_NAMES.includes(name)) return SIDE_WORKLOADS.includes(workload);
  const isAll = name !== "pgbench" && !MEMORY_NAMES.includes(name);
  return isAll || (workload === "get-by-id" && projects === 1);
}

/** What a contestant is called by for calls over so many projects. */
export function targetOf(name: string, projects: number): string {
  return projects === 1 ? name : `${name} x${projects}`;
}

export type FieldOptions = {
  readonly names: readonly ContestantName[];
  readonly rows: number;
  readonly projects: readonly number[];
  readonly poolSize: number;
  readonly profileDir: string | undefined;
};

/** Starts one on a copy of the seeded database, and tells the load generator of it. Undefined where it can't be had. */
export async function openContestant(
  name: ContestantName,
  database: BenchDatabase,
  load: Load,
  seed: string,
  { rows, projects, poolSize, profileDir }: FieldOptions,
): Promise<Contestant<ContestantName> | undefined> {
  if (name === "pgbench") {
    return openPgbench(await database.copyDatabase(name, seed), rows);
  }
  const isInMemory = MEMORY_NAMES.includes(name);
  const url = isInMemory ? "" : await database.copyDatabase(name, seed);
  const contestant = await startContestant(name satisfies ServerName, url, {
    env: { POOL_SIZE: `${poolSize}` },
    nodeArgs:
      name === "ours" && profileDir !== undefined
        ? ["--cpu-prof", `--cpu-prof-dir=${path.resolve(profileDir)}`]
        : [],
  });
  const { port } = contestant;
  for (const count of isInMemory ? [1] : projects) {
    const groups = isInMemory
      ? { projects: [READ_PROJECT], rows: name === "floor" ? 1 : MEMORY_ROWS }
      : seededGroups(rows, count);
    await load.order({ do: "prepare", target: targetOf(name, count), port, groups });
  }
  return contestant;
}
