import postgres from "postgres";
import { sessionOptions } from "../../src/db/connection.ts";
import { migrate } from "../../src/db/migrate.ts";

// A process of its own for the tests: migrates the database it's told, and prints what it did.

const { address, dir } = JSON.parse(process.argv[2] ?? "");
const sql = postgres(sessionOptions(address, 5000));
try {
  console.log(JSON.stringify(await migrate(sql, { dir, log: { info: () => {} } })));
} finally {
  await sql.end({ timeout: 1 });
}
