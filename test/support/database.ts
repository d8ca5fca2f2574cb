import { randomUUID } from "node:crypto";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { inject } from "vitest";
import { type DatabaseAddress, type Sql, sessionOptions } from "../../src/db/connection.ts";

/** A migrated database that nobody else uses. */
export function createDatabase(): Promise<TestDatabase> {
  return copyOf(inject("template"));
}

/** A database with nothing in it that nobody else uses. */
export function createEmptyDatabase(): Promise<TestDatabase> {
  return copyOf("template0");
}

export type TestDatabase = DatabaseAddress & { drop(): Promise<void> };

/** What DATABASE_URL is for it. */
export function urlOf({ host, port, user, password = "", database }: DatabaseAddress): string {
  const login = `${user}:${encodeURIComponent(password)}`;
  return path.isAbsolute(host)
    ? `postgres://${login}@localhost/${database}?host=${encodeURIComponent(host)}&port=${port}`
    : `postgres://${login}@${host}:${port}/${database}?sslmode=disable`;
}

/** By `wal_log`, the default: 20 to 100 ms, where `file_copy` took 60 to 800, since it makes checkpoints. */
async function copyOf(template: string): Promise<TestDatabase> {
  const server = inject("postgres");
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  await withAdmin(server, (admin) => createCopy(admin, name, template));
  return {
    ...server,
    database: name,
    drop: () =>
      withAdmin(server, async (admin) => {
        await admin`drop database if exists ${admin(name)} with (force)`;
      }),
  };
}

/** Anything that looks at the template for a moment, like autovacuum, gets in the way. */
async function createCopy(admin: Sql, name: string, template: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await admin`create database ${admin(name)} template ${admin(template)}`;
      return;
    } catch (error) {
      const isBusy = error instanceof postgres.PostgresError && error.code === OBJECT_IN_USE;
      if (!isBusy || tries === 50) throw error;
      await sleep(100);
    }
  }
}

const OBJECT_IN_USE = "55006";

async function withAdmin(server: DatabaseAddress, work: (admin: Sql) => Promise<void>): Promise<void> {
  const admin = postgres(sessionOptions(server, 60_000));
  try {
    await work(admin);
  } finally {
    await admin.end({ timeout: 1 });
  }
}
