import { randomInt } from "node:crypto";
import path from "node:path";
import postgres from "postgres";
import { makeCompilable } from "./compilable.ts";
import { requireAllColumns, showFirstColumn } from "./described.ts";
import { type ConnectOptions, connect, type Socket } from "./socket.ts";
import { JSON_VALUE, TIME } from "./values.ts";
import { openWatch } from "./watch.ts";

export type Sql = postgres.Sql<{ bigint: bigint }>;
export type Rows<Row> = readonly Row[];
export type Statement<Row extends object> = (sql: Sql) => PromiseLike<ResultRows<Row>>;
/** What postgres.js returns. */
type ResultRows<Row> = readonly Row[] & { readonly count: number | null; readonly columns?: unknown };

/** How to reach a database. `host` is a name, or the folder of a unix socket. */
export type DatabaseAddress = ConnectOptions & {
  readonly database: string;
  readonly user: string;
  readonly password?: string | undefined;
};

export type RunOptions = {
  /** Whether the statement is one of too many kinds for each to be prepared and kept. Default: no. */
  readonly isAdHoc?: boolean;
};

/** Whether each statement is planned for its own values, however often it was run, or once for all values. */
export type Planning = "anew" | "once";

export type Connection = {
  /**
   * Runs one statement; the caller sees to it that none other is under way.
   *
   * @throws StatementNotSent when there was no connection to send it on; otherwise the driver's error.
   */
  run<Row extends object>(statement: Statement<Row>, options?: RunOptions): Promise<Rows<Row>>;
  close(): Promise<void>;
};

/**
 * Opens one connection to PostgreSQL: when first used, and again whenever it broke.
 *
 * @param statementTimeoutMs after which PostgreSQL ends a statement; half a second later an unanswered
 *   connection is given up, so that a silent network holds nobody.
 * @param planning how PostgreSQL plans statements; as it sees fit when absent: it comes to use one plan for
 *   all values where that seems as good.
 */
export function openConnection(
  address: DatabaseAddress,
  statementTimeoutMs: number,
  planning?: Planning,
): Connection {
  let client = openClient(address, statementTimeoutMs, planning);
  const answerTo = openWatch(statementTimeoutMs + UNANSWERED_SLACK_MS);
  let isFirst = true;
  return {
    async run(statement, { isAdHoc = false } = {}) {
      const query = statement(client.sql);
      if (isAdHoc) leaveUnprepared(query);
      try {
        const result = await answerTo(query);
        if (isFirst) {
          for (const made of [query, result]) makeCompilable(made);
          isFirst = false;
        }
        const rows = takeRows(query, result);
        letGo(query);
        return rows;
      } catch (error) {
        if (isConnectionSound(error)) letGo(query);
        else {
          // postgres.js never answers a query that it is given between the error of a socket and its end.
          client.abandon();
          client = openClient(address, statementTimeoutMs, planning);
        }
        throw wasSent(query) ? error : new StatementNotSent("no connection", { cause: error });
      }
    },
    close: () => client.sql.end({ timeout: 1 }),
  };
}

/** The connection was not to be had or broke before the statement went out: it did not happen. */
export class StatementNotSent extends Error {
  override readonly name = "StatementNotSent";
}

/** The options of every connection, also of those that migrations and tests open for themselves. */
export function sessionOptions(address: DatabaseAddress, statementTimeoutMs: number) {
  return {
    host: address.host,
    port: address.port,
    database: address.database,
    user: address.user,
    password: address.password,
    ssl: address.ssl ? { ...address.ssl } : false,
    max: 1,
    connect_timeout: 1,
    max_lifetime: 300,
    backoff: reconnectDelay,
    onnotice: () => {},
    types: { bigint: postgres.BigInt, date: TIME, json: JSON_VALUE },
    // Column names only: postgres.toCamel as a whole would rewrite the keys inside jsonb too.
    transform: { column: { from: postgres.toCamel } },
    connection: {
      application_name: "clientele",
      statement_timeout: statementTimeoutMs,
      lock_timeout: 1000,
      idle_in_transaction_session_timeout: 10_000,
      client_connection_check_interval: 2000,
      // What the commit functions and the driver rely on, whatever the role's own settings are.
      default_transaction_isolation: "read committed" as const,
      bytea_output: "hex",
      DateStyle: "ISO",
      TimeZone: "UTC",
    },
  };
}

const PLAN_CACHE_MODE = { anew: "force_custom_plan", once: "force_generic_plan" } as const;
const UNANSWERED_SLACK_MS = 500;

function openClient(address: DatabaseAddress, statementTimeoutMs: number, planning: Planning | undefined) {
  let socket: Socket | undefined;
  const options = sessionOptions(address, statementTimeoutMs);
  // postgres.js takes a function that makes its socket; its types don't know it.
  const ownSocket: object = {
    socket: () => {
      socket = connect(address);
      return socket;
    },
  };
  const sql: Sql = postgres({
    ...options,
    connection: {
      ...options.connection,
      ...(planning && { plan_cache_mode: PLAN_CACHE_MODE[planning] }),
    },
    ...ownSocket,
    // postgres.js would ask for array types on every connection, and a connection that breaks at that
    // moment rejects a promise that nobody handles, which ends the process.
    fetch_types: false,
  });
  return {
    sql,
    abandon(): void {
      // On TCP a plain end would leave what was sent but not taken to be sent again, and done much later.
      if (path.isAbsolute(address.host) || socket?.connecting) socket?.destroy();
      else socket?.resetAndDestroy();
      sql.end({ timeout: 0 }).catch(() => {});
    },
  };
}

/** Of a primary that was demoted: the next connection may find the new one. */
const READ_ONLY_TRANSACTION = "25006";

/** Whether PostgreSQL itself answered, with an error that leaves the connection open and of use. */
function isConnectionSound(error: unknown): boolean {
  return (
    error instanceof postgres.PostgresError &&
    error.severity === "ERROR" &&
    error.code !== READ_ONLY_TRANSACTION
  );
}

/** Seconds before the next attempt to connect: 0.05 doubling to 0.4, jittered. */
function reconnectDelay(retries: number): number {
  return Math.min(0.4, 0.05 * 2 ** retries) * (0.5 + randomInt(1000) / 2000);
}

/** postgres.js keeps what it prepares until the connection ends; a query that is its own text it does not. */
function leaveUnprepared(query: object): void {
  if (!("options" in query)) throw new Error("unreachable: the driver notes its options on every query");
  Object.assign(query.options as object, { prepare: false });
}

/** postgres.js notes the connection on a query when it writes it there. */
function wasSent(query: object): boolean {
  return !("state" in query) || query.state !== null;
}

/**
 * Takes the rows out of the driver's result, with the columns of those that are raw. V8 expects functions that are assigned
 * to a property to live long, as the driver assigns two for each query: until the next full collection they keep it,
 * and all it holds.
 */
function takeRows<Row>(query: object, result: ResultRows<Row>): Rows<Row> {
  const rows = withoutHoles(result);
  const { columns } = result;
  if ("isRaw" in query) {
    showFirstColumn(query);
    Object.assign(rows, { columns });
  } else requireAllColumns(result);
  Object.assign(result, { length: 0 });
  return rows;
}

/** Takes from a query that is done, and from the parts that it was put together of, what was sent. */
function letGo(query: object): void {
  const args = "args" in query && Array.isArray(query.args) ? query.args : [];
  Object.assign(query, { args: [], parameters: [] });
  // Parts are queries, too, and those are promises.
  for (const part of args) if (part instanceof Promise) letGo(part);
}

/**
 * A copy. After a statement that failed when rows had been sent already, postgres.js leaves as many holes at
 * the front of the connection's next result.
 */
function withoutHoles<Row>(result: ResultRows<Row>): Rows<Row> {
  // PostgreSQL doesn't count the rows of a plan.
  const count = result.count ?? result.filter((row) => row !== null && row !== undefined).length;
  const rows: Row[] = [];
  // A slice of what isn't just an array takes several times as long.
  for (let at = Math.max(0, result.length - count); at < result.length; at += 1) rows.push(result[at] as Row);
  return rows;
}

/** An array parameter, as a literal: without fetched types the driver can't write one. */
export function arrayLiteral(values: readonly string[]): string {
  if (values.length === 0) return "{}";
  // Mostly there is nothing to escape, which is found out for all at once.
  const isPlain = !/["\\]/.test(values.join(""));
  const escaped = isPlain ? values : values.map((value) => value.replace(/["\\]/g, "\\$&"));
  return `{"${escaped.join('","')}"}`;
}
