import type { Ending } from "../ending.ts";
import { failure } from "../errors.ts";
import type { Rows, RunOptions, Statement } from "./connection.ts";
import { driverFault, isStatementTimeout } from "./driver-errors.ts";
import { FoundRow } from "./found-row.ts";
import { createGather, type Gather, type OfProject, type Wanted } from "./gather.ts";
import type { Lanes } from "./lanes.ts";
import type { LongReads } from "./long-reads.ts";
import { inRaw, RawRows } from "./raw-rows.ts";

export type Reads = {
  /**
   * Runs a short statement: a row by its id, a handful of rows.
   *
   * @param projectId for whom: projects take turns.
   */
  get<Row extends object>(projectId: string, statement: Statement<Row>): Promise<Rows<Row>>;
  /** Runs a statement that may take long, on connections that short ones don't use. */
  query<Row extends object>(
    projectId: string,
    statement: Statement<Row>,
    options?: QueryOptions,
  ): Promise<Rows<Row>>;
  /**
   * Makes a reader of single rows that asks for many at once: see `createGather`.
   *
   * @param load returns the rows found, in any order. Their first column is never null.
   * @param column holds, as text, the value that a row was asked for by.
   */
  gather<Row extends OfProject>(
    load: (wanted: Wanted) => Statement<Row>,
    column: keyof Row & string,
  ): Gather<FoundRow<Row>>;
};

export type QueryOptions = RunOptions & {
  /** Whether its answer keeps the event loop for milliseconds; it may be held back while there are many short calls. Default: no. */
  readonly isLong?: boolean;
  /** Once nobody waits for its answer, a statement that waits is not sent any more. Absent: somebody does in any case. */
  readonly over?: Ending | undefined;
};

/**
 * Every failure of the driver becomes one that a caller may see; what is unforeseen is thrown as it is.
 *
 * @param longReads holds long ones back; none is where it is absent.
 */
export function openReads(
  gets: Lanes,
  queries: Lanes,
  queryTimeoutMs: number,
  longReads?: Pick<LongReads, "turn">,
): Reads {
  let shared = 0;
  const get: Reads["get"] = (projectId, statement) =>
    read(gets, projectId, statement, () => failure.overloaded());
  return {
    get,
    async query(projectId, statement, options = {}) {
      if (options.isLong) await longReads?.turn();
      const timedOut = (error: unknown) =>
        isStatementTimeout(error) ? failure.queryTimeout(queryTimeoutMs) : failure.overloaded();
      return read(queries, projectId, statement, timedOut, options);
    },
    gather<Row extends OfProject>(
      load: (wanted: Wanted) => Statement<Row>,
      column: keyof Row & string,
    ): Gather<FoundRow<Row>> {
      return createGather(
        async (wanted) => {
          const [projectId = ""] = wanted.keys();
          // What is of several projects has a turn of its own.
          const turn = wanted.size === 1 ? projectId : `shared ${++shared}`;
          const found = RawRows.of<Row>(await get(turn, inRaw(load(wanted))));
          return found.rows.map((row) => new FoundRow(found, row));
        },
        (row) => row.textOf("projectId"),
        (row) => row.textOf(column),
      );
    },
  };
}

async function read<Row extends object>(
  lanes: Lanes,
  projectId: string,
  statement: Statement<Row>,
  timedOut: (error: unknown) => Error,
  options?: QueryOptions,
): Promise<Rows<Row>> {
  try {
    return await lanes.withConnection(projectId, ({ run }) => run(statement, options), options?.over);
  } catch (error) {
    const fault = driverFault(error);
    if (fault === "timed_out") throw timedOut(error);
    if (fault === "not_sent" || fault === "lost") throw failure.backendUnavailable();
    throw error;
  }
}
