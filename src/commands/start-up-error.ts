import path from "node:path";
import postgres from "postgres";
import type { Config } from "../config.ts";
import { type DatabaseAddress, StatementNotSent } from "../db/connection.ts";

/** The service can't start for a reason outside of it. The message says which and what to do. */
export class StartUpError extends Error {
  override readonly name = "StartUpError";
}

/** Rethrows an error of the start: the usual ones in words, any other as it is. */
export function inWordsFor({ host, port, database }: Config): (error: unknown) => never {
  return (error) => {
    // A statement that wasn't sent says why in its cause.
    const reason = error instanceof StatementNotSent ? error.cause : error;
    const words =
      listenWords(reason, host, port) ??
      (database.kind === "foreign" ? databaseWords(reason, database.address) : undefined);
    throw words === undefined ? error : new StartUpError(words, { cause: error });
  };
}

function listenWords(error: unknown, host: string, port: number): string | undefined {
  const { code, syscall, hostname } = fieldsOf(error);
  if (syscall === "getaddrinfo" && hostname === host) {
    return `CLIENTELE_HOST is ${host}, which has no address (${code}): set it to an address of this machine`;
  }
  // A worker is told of its port's fate by the first process, as one of "bind".
  if (syscall !== "listen" && syscall !== "bind") return undefined;
  switch (code) {
    case "EADDRINUSE":
      return `Port ${port} of ${host} is in use: stop the other program or set CLIENTELE_PORT.`;
    case "EADDRNOTAVAIL":
      return `This machine has no address ${host}: set CLIENTELE_HOST to one that it has.`;
    case "EACCES":
      return `Port ${port} of ${host} may not be taken by this account: set CLIENTELE_PORT to one above 1023.`;
    default:
      return `Port ${port} of ${host} can't be taken (${code}): set CLIENTELE_HOST and CLIENTELE_PORT to others.`;
  }
}

function databaseWords(
  error: unknown,
  { host, port, user, database, ssl }: DatabaseAddress,
): string | undefined {
  const { code = "", syscall = "" } = fieldsOf(error);
  const where = path.isAbsolute(host)
    ? path.join(host, `.s.PGSQL.${port}`)
    : `${host.includes(":") ? `[${host}]` : host}:${port}`;
  if (error instanceof postgres.PostgresError) return refusalWords(code, { where, user, database });
  if (NO_CERTIFICATE.test(code)) {
    return `PostgreSQL's certificate at ${where} can't be verified (${code}): name its authority with sslrootcert in DATABASE_URL, and the host as the certificate does.`;
  }
  if (ssl && code === "ECONNRESET") {
    return `PostgreSQL at ${where} ends the connection when TLS begins (${code}): does it have TLS? If not, and the network is safe, add sslmode=disable to DATABASE_URL.`;
  }
  if (UNREACHABLE.has(syscall) || NO_CONNECTION.has(code)) {
    return `PostgreSQL can't be reached at ${where} (${code}): is it running, and is DATABASE_URL right?`;
  }
  return undefined;
}

type Refused = { readonly where: string; readonly user: string; readonly database: string };

/** By SQLSTATE: https://www.postgresql.org/docs/18/errcodes-appendix.html */
function refusalWords(sqlState: string, { where, user, database }: Refused): string | undefined {
  const refuses = (what: string, todo: string) => `PostgreSQL at ${where} ${what} (${sqlState}): ${todo}`;
  switch (sqlState) {
    case "28P01":
    case "28000":
      return refuses(`refuses the user "${user}"`, "set the right user and password in DATABASE_URL.");
    case "3D000":
      return refuses(`has no database "${database}"`, "create it, or name another in DATABASE_URL.");
    case "42501":
      return refuses(
        `doesn't let the user "${user}" do what is needed`,
        `let it own the database "${database}".`,
      );
    case "08P01":
      return refuses(
        "refuses how the connection is opened",
        "a pooler before it must ignore the start-up parameters that the README lists.",
      );
    case "53300":
      return refuses(
        "has no connection left",
        "raise its max_connections, or lower CLIENTELE_WORKERS, CLIENTELE_QUERY_CONNECTIONS and CLIENTELE_WRITE_CONNECTIONS.",
      );
    case "57P03":
      return refuses("takes no connections now", "start again when it is up.");
    default:
      return undefined;
  }
}

type Fields = { readonly code?: string; readonly syscall?: string; readonly hostname?: string };

/** Of a name with several addresses, each fails by itself. */
function fieldsOf(error: unknown): Fields {
  const one: unknown = error instanceof AggregateError ? error.errors[0] : error;
  return one instanceof Error ? (one as Fields) : {};
}

const UNREACHABLE = new Set(["connect", "getaddrinfo"]);
const NO_CONNECTION = new Set(["CONNECT_TIMEOUT", "CONNECTION_CLOSED", "CONNECTION_DESTROYED", "ECONNRESET"]);
const NO_CERTIFICATE = /CERT|^UNABLE_TO_/;
