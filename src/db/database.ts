import { mendJsonParse } from "../json-parse.ts";
import type { DatabaseAddress } from "./connection.ts";
import { GET_CONNECTIONS, queryConnectionsOf } from "./connection-counts.ts";
import { openLanes } from "./lanes.ts";
import { createLongReads, type LongReads } from "./long-reads.ts";
import { openReads, type Reads } from "./reads.ts";
import { openWriteLane, type WriteLane } from "./write-lane.ts";

/** The one database: reads of the latest acknowledged state, and the write lane. */
export type Database = {
  readonly reads: Reads;
  readonly writes: WriteLane;
  /** To be told of each call. */
  readonly longReads: Pick<LongReads, "noteCall">;
  /** Opens all connections, so that the first callers don't wait for that. */
  open(): Promise<void>;
  close(): Promise<void>;
};

export type DatabaseOptions = {
  /** Connections for the queries of one project, beside one for those of others; a slow one must not hold the others. */
  readonly queryConnections: number;
  /** Connections for writes; each carries those of many projects, and each project uses one at a time. */
  readonly writeConnections: number;
};

/** Nothing is sent before the first statement. */
export function openDatabase(address: DatabaseAddress, options: DatabaseOptions): Database {
  // Before any JSON of callers is read, in rows or in requests.
  mendJsonParse();
  const gets = openLanes(address, {
    connections: GET_CONNECTIONS,
    statementTimeoutMs: 2000,
    maxWaitMs: 250,
    maxWaiting: 500,
    // All are look-ups by an index. For few values PostgreSQL would plan anew each time, as long as the look-up takes.
    planning: "once",
  });
  const queries = openLanes(address, {
    connections: queryConnectionsOf(options.queryConnections),
    ofOneProject: options.queryConnections,
    statementTimeoutMs: QUERY_TIMEOUT_MS,
    // With the statement's time, and what a long one is held back, less than the default deadline. Who is refused comes
    // again, which is work too.
    maxWaitMs: 750,
    maxWaiting: 500,
    // A plan for any group, or any project, looks for the members of a small one among all customers.
    planning: "anew",
  });
  const writes = openLanes(address, {
    connections: options.writeConnections,
    statementTimeoutMs: 2000,
    maxWaitMs: 1000,
    maxWaiting: 500,
  });
  const longReads = createLongReads();
  return {
    reads: openReads(gets, queries, QUERY_TIMEOUT_MS, longReads),
    longReads,
    writes: openWriteLane(writes, {
      projectsTogether: PROJECTS_TOGETHER,
      // One is left for projects that others write to: there a statement waits.
      flights: Math.max(1, options.writeConnections - 1),
      gatherMs: GATHER_MS,
    }),
    async open() {
      await Promise.all([gets.open(), queries.open(), writes.open()]);
    },
    async close() {
      await Promise.all([gets.close(), queries.close(), writes.close()]);
    },
  };
}

/** On Citus 1 would be better: a statement about one project is left whole to the node that has it. */
const PROJECTS_TOGETHER = 64;

/** A flight of many takes 10 to 25 ms. */
const GATHER_MS = 50;

/** Below the default deadline, so that callers hear the reason. */
const QUERY_TIMEOUT_MS = 4000;
