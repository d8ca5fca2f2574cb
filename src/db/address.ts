import { readFileSync } from "node:fs";
import type { DatabaseAddress } from "./connection.ts";

/**
 * Reads a PostgreSQL URL: `postgres://user:password@host:port/database`, with `?host=/folder` for a unix
 * socket and `sslmode` of disable, require (encrypted, but anyone may answer) or verify-full, the
 * default unless the host is this machine. `sslrootcert` names a PEM file.
 *
 * @throws Error that says what is wrong with it, without its password.
 */
export function parseDatabaseUrl(text: string): DatabaseAddress {
  const url = new URL(text);
  const host = url.searchParams.get("host") ?? decodeURIComponent(url.hostname).replace(/^\[|\]$/g, "");
  const user = decodeURIComponent(url.username);
  return {
    host: host || "localhost",
    port: Number(url.port || url.searchParams.get("port") || 5432),
    user: user || "postgres",
    password: url.password === "" ? undefined : decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)) || user || "postgres",
    ssl: sslOf(url.searchParams, host),
  };
}

function sslOf(parameters: URLSearchParams, host: string): DatabaseAddress["ssl"] {
  const isLocal =
    host === "" || host === "localhost" || host === "::1" || host.startsWith("127.") || host.startsWith("/");
  const mode = parameters.get("sslmode") ?? (isLocal ? "disable" : "verify-full");
  const caFile = parameters.get("sslrootcert");
  switch (mode) {
    case "disable":
      return undefined;
    case "require":
      return { rejectUnauthorized: false };
    case "verify-full":
      return { rejectUnauthorized: true, ...(caFile === null ? {} : { ca: readFileSync(caFile, "utf8") }) };
    default:
      throw new Error(
        `sslmode=${mode} of DATABASE_URL is unknown; it can be disable, require or verify-full`,
      );
  }
}
