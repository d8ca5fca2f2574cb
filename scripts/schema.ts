import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import postgres from "postgres";
import { type Sql, sessionOptions } from "../src/db/connection.ts";
import { migrate } from "../src/db/migrate.ts";
import { startEmbeddedPostgres } from "../src/embedded-postgres/embedded-postgres.ts";
import { describeSchema } from "./schema/describe.ts";

// Writes schema.sql: what all migrations together make. With --check it only says whether it's current.

const file = fileURLToPath(new URL("../schema.sql", import.meta.url));
const fresh = await migratedSchema();
const committed = await readFile(file, "utf8").catch(() => "");
if (!process.argv.includes("--check")) {
  await writeFile(file, fresh);
} else if (committed !== fresh) {
  console.error(`schema.sql is stale: npm run schema\n${difference(committed, fresh)}`);
  process.exitCode = 1;
}

async function migratedSchema(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "clientele-schema-"));
  const log = { info: () => {}, warn: console.warn, error: console.error };
  try {
    const server = await startEmbeddedPostgres({ dataDir: folder, log, settings: { fsync: "off" } });
    const sql: Sql = postgres(sessionOptions(server, 60_000));
    try {
      await migrate(sql, { log });
      return await describeSchema(sql);
    } finally {
      await sql.end({ timeout: 1 });
      await server.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The lines that only one of the two has. */
function difference(before: string, after: string): string {
  const lines = (text: string) => text.split("\n");
  const missing = (from: string, to: string, sign: string) => {
    const known = new Set(lines(to));
    return lines(from).flatMap((line) => (known.has(line) ? [] : [`${sign} ${line}`]));
  };
  return [...missing(before, after, "-"), ...missing(after, before, "+")].join("\n");
}
