import postgres from "postgres";
import { StatementNotSent } from "./connection.ts";

/**
 * What a driver error means for the statement that met it:
 * - `not_sent`: no connection was made, so nothing happened;
 * - `lost`: the connection broke on the way, so the statement may or may not have happened;
 * - `timed_out`: PostgreSQL gave up on it (a lock, its time, or resources), nothing happened;
 * - `refused`: PostgreSQL refused it, nothing happened.
 */
export type DriverFault = "not_sent" | "lost" | "timed_out" | "refused";

/** Reads the kind of fault off an error of postgres.js; undefined for an error that isn't the driver's. */
export function driverFault(error: unknown): DriverFault | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof StatementNotSent) return "not_sent";
  const { code } = error as { code?: unknown };
  if (typeof code !== "string") return undefined;
  if (error instanceof postgres.PostgresError) return faultOfSqlState(code);
  // The write itself failed: PostgreSQL has at most a part of the message, and does nothing on that.
  if (code === "EPIPE") return "not_sent";
  return CONNECTION_BROKE.has(code) ? "lost" : undefined;
}

/** The SQLSTATE, for logs: unlike the rest of a driver error it never holds data. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof postgres.PostgresError ? error.code : undefined;
}

const CONNECTION_BROKE = new Set([
  "CONNECTION_CLOSED",
  "CONNECTION_ENDED",
  "CONNECTION_DESTROYED",
  "ECONNRESET",
  "ETIMEDOUT",
  "STATEMENT_UNANSWERED",
]);

// https://www.postgresql.org/docs/18/errcodes-appendix.html
const CANNOT_CONNECT_NOW = "57P03";
const TOO_MANY_CONNECTIONS = "53300";
const READ_ONLY_TRANSACTION = "25006";
const QUERY_CANCELED = "57014";
const LOCK_NOT_AVAILABLE = "55P03";

function faultOfSqlState(code: string): DriverFault {
  if (code === CANNOT_CONNECT_NOW || code === TOO_MANY_CONNECTIONS || code === READ_ONLY_TRANSACTION) {
    return "not_sent";
  }
  if (code === QUERY_CANCELED || code === LOCK_NOT_AVAILABLE || code.startsWith("53")) return "timed_out";
  // 57P01 and 57P02: the server is going down; class 08: the connection broke.
  return code.startsWith("57P") || code.startsWith("08") ? "lost" : "refused";
}
