import postgres from "postgres";
import { StatementNotSent } from "./connection.ts";

/**
 * What a driver error means for the statement that met it:
 * - `not_sent`: no connection was made, so nothing happened;
 * - `lost`: the connection broke on the way, so the statement may or may not have happened;
 * - `timed_out`: PostgreSQL gave up on it (a lock, its time, resources, others' writes), nothing happened;
 * - `refused`: PostgreSQL refused it, nothing happened.
 */
export type DriverFault = "not_sent" | "lost" | "timed_out" | "refused";

/**
 * Reads the kind of fault off an error of postgres.js; undefined for an error that isn't the driver's. An
 * error of the network that nobody has heard of means `lost`, the one that is looked into.
 */
export function driverFault(error: unknown): DriverFault | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof StatementNotSent) return "not_sent";
  const { code } = error as { code?: unknown };
  if (typeof code !== "string") return undefined;
  if (error instanceof postgres.PostgresError) return faultOfSqlState(code);
  // The write itself failed: PostgreSQL has at most a part of the message, and does nothing on that.
  if (code === "EPIPE") return "not_sent";
  return MISUSED.has(code) ? "refused" : "lost";
}

/** Whether PostgreSQL ended the statement at its statement_timeout. */
export function isStatementTimeout(error: unknown): boolean {
  return sqlState(error) === QUERY_CANCELED;
}

/** The SQLSTATE, for logs: unlike the rest of a driver error it never holds data. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof postgres.PostgresError ? error.code : undefined;
}

/** postgres.js found fault with the statement itself, before it sent anything. */
const MISUSED = new Set([
  "UNDEFINED_VALUE",
  "MAX_PARAMETERS_EXCEEDED",
  "NOT_TAGGED_CALL",
  "UNSAFE_TRANSACTION",
  "COPY_IN_PROGRESS",
]);

// https://www.postgresql.org/docs/18/errcodes-appendix.html
const CANNOT_CONNECT_NOW = "57P03";
const TOO_MANY_CONNECTIONS = "53300";
const READ_ONLY_TRANSACTION = "25006";
const QUERY_CANCELED = "57014";
const LOCK_NOT_AVAILABLE = "55P03";
const SERIALIZATION_FAILURE = "40001";
const DEADLOCK_DETECTED = "40P01";
const GAVE_UP = new Set([QUERY_CANCELED, LOCK_NOT_AVAILABLE, SERIALIZATION_FAILURE, DEADLOCK_DETECTED]);

function faultOfSqlState(code: string): DriverFault {
  if (code === CANNOT_CONNECT_NOW || code === TOO_MANY_CONNECTIONS || code === READ_ONLY_TRANSACTION) {
    return "not_sent";
  }
  if (GAVE_UP.has(code) || code.startsWith("53")) return "timed_out";
  // 57P01 and 57P02: the server is going down; class 08: the connection broke.
  return code.startsWith("57P") || code.startsWith("08") ? "lost" : "refused";
}
