import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import postgres from "postgres";
import type { TestProject } from "vitest/node";
import { parseDatabaseUrl } from "../../src/db/address.ts";
import { type DatabaseAddress, type Sql, sessionOptions } from "../../src/db/connection.ts";
import { migrate } from "../../src/db/migrate.ts";
import { startEmbeddedPostgres } from "../../src/embedded-postgres/embedded-postgres.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Where the PostgreSQL of this run is. */
    postgres: DatabaseAddress;
    /** The migrated database that every test file's own is a copy of. */
    template: string;
  }
}

const template = `clientele_template_${process.pid}`;
const quiet = { info: () => {}, warn: console.warn, error: console.error };

/** Starts one PostgreSQL for the whole run, or takes that of CLIENTELE_TEST_DATABASE_URL, and migrates a template. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { address, stop } = await startPostgres();
  const admin = postgres(sessionOptions(address, 60_000));
  try {
    await createTemplate(admin, address);
  } catch (error) {
    await teardown();
    throw error;
  }
  project.provide("postgres", address);
  project.provide("template", template);
  return teardown;

  async function teardown(): Promise<void> {
    await admin`drop database if exists ${admin(template)} with (force)`;
    await admin.end({ timeout: 1 });
    await stop();
  }
}

async function createTemplate(admin: Sql, address: DatabaseAddress): Promise<void> {
  await admin`create database ${admin(template)} template template0 encoding 'UTF8'`;
  const sql = postgres(sessionOptions({ ...address, database: template }, 60_000));
  try {
    await migrate(sql, { log: quiet });
  } finally {
    await sql.end({ timeout: 1 });
  }
}

async function startPostgres(): Promise<{ readonly address: DatabaseAddress; stop(): Promise<void> }> {
  const url = process.env.CLIENTELE_TEST_DATABASE_URL;
  if (url) return { address: parseDatabaseUrl(url), stop: async () => {} };
  const folder = mkdtempSync(path.join(tmpdir(), "clientele-test-"));
  const { stop, ...address } = await startEmbeddedPostgres({ dataDir: folder, log: quiet });
  return {
    address,
    async stop() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
