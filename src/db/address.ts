import { readFileSync } from "node:fs";
import type { DatabaseAddress } from "./connection.ts";

/**
 * Reads a PostgreSQL URL: `postgres://user:password@host:port/database`, with `?host=/folder` for a unix
 * socket and `sslmode` of disable, require (encrypted, but anyone may answer) or verify-full, the
 * default unless the host is this machine. `sslrootcert` names a PEM file.
 *
 * @throws Error that says what is wrong with it, and does not repeat it.
 */
export function parseDatabaseUrl(text: string): DatabaseAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !["postgres:", "postgresql:"].includes(url.protocol)) {
    throw new Error("DATABASE_URL must be like postgres://user:password@host:5432/database");
  }
  const unknown = [...url.searchParams.keys()].filter((name) => !PARAMETERS.has(name));
  if (unknown.length > 0) {
    throw new Error(`DATABASE_URL has ${unknown.join(", ")}; it can have ${[...PARAMETERS].join(", ")}`);
  }
  const host = url.searchParams.get("host") ?? decoded(url.hostname).replace(/^\[|\]$/g, "");
  const user = decoded(url.username);
  return {
    host: host || "localhost",
    port: portOf(url),
    user: user || "postgres",
    password: url.password === "" ? undefined : decoded(url.password),
    database: decoded(url.pathname.slice(1)) || user || "postgres",
    ssl: sslOf(url.searchParams, host),
  };
}

/** Whether only this machine can be reached at, or can reach, the address. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}

const PARAMETERS = new Set(["host", "port", "sslmode", "sslrootcert"]);

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new Error('DATABASE_URL has a "%" that encodes nothing: write %25 for it');
  }
}

function portOf(url: URL): number {
  const text = url.port || url.searchParams.get("port") || "5432";
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65_535) {
    throw new Error(`port=${text} of DATABASE_URL is no port`);
  }
  return port;
}

function sslOf(parameters: URLSearchParams, host: string): DatabaseAddress["ssl"] {
  const isLocal = host === "" || host.startsWith("/") || isLoopback(host);
  const mode = parameters.get("sslmode") ?? (isLocal ? "disable" : "verify-full");
  const caFile = parameters.get("sslrootcert");
  switch (mode) {
    case "disable":
      return undefined;
    case "require":
      return { rejectUnauthorized: false };
    case "verify-full":
      return { rejectUnauthorized: true, ...(caFile === null ? {} : { ca: readCertificates(caFile) }) };
    default:
      throw new Error(
        `sslmode=${mode} of DATABASE_URL is unknown; it can be disable, require or verify-full`,
      );
  }
}

function readCertificates(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`sslrootcert=${file} of DATABASE_URL can't be read (${code}): name a PEM file`);
  }
}
