import type { DatabaseAddress } from "../src/db/connection.ts";

export function urlOf({ host, port, user, password, database }: DatabaseAddress): string {
  const account = [user, password ?? ""].map(encodeURIComponent).join(":");
  return `postgres://${account}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`;
}

/** The same URL with another database. */
export function withDatabase(databaseUrl: string, database: string): string {
  const url = new URL(databaseUrl);
  url.pathname = `/${database}`;
  return url.href;
}
