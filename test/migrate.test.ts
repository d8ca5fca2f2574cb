import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import postgres from "postgres";
import { expect, onTestFinished, test } from "vitest";
import { type Sql, sessionOptions } from "../src/db/connection.ts";
import { migrate } from "../src/db/migrate.ts";
import { splitStatements } from "../src/db/migrations/split-statements.ts";
import { createDatabase, createEmptyDatabase, type TestDatabase } from "./support/database.ts";

const log = { info: () => {} };
const migrateOnce = fileURLToPath(new URL("support/migrate-once.ts", import.meta.url));

const twoFiles = {
  "0001_shelves.sql": "create table shelves (id integer);\ninsert into shelves values (1);\n",
  "0002_books.sql": "create table books (id integer);\n",
  "functions/count_books.sql": countBooks("select count(*) from books"),
};

test("applies the files in their order, and each one once", async () => {
  const { sql, folder } = await setup(twoFiles);
  expect(await migrate(sql, { dir: folder, log })).toEqual({
    migrations: ["0001_shelves.sql", "0002_books.sql"],
    functions: ["count_books.sql"],
  });
  expect(await migrate(sql, { dir: folder, log })).toEqual({ migrations: [], functions: [] });
  await put(folder, { "0003_more.sql": "insert into shelves values (2);" });
  expect(await migrate(sql, { dir: folder, log })).toMatchObject({ migrations: ["0003_more.sql"] });
  expect(await sql`select id from shelves order by id`).toEqual([{ id: 1 }, { id: 2 }]);
});

test("applies each file once when 20 processes start together", async () => {
  const { address, folder, sql } = await setup({
    ...twoFiles,
    "0003_slow.sql": "select pg_sleep(0.3); insert into shelves values (3);",
  });
  const argument = JSON.stringify({ address, dir: folder });
  const outputs = await Promise.all(
    Array.from({ length: 20 }, () => promisify(execFile)(process.execPath, [migrateOnce, argument])),
  );
  const working = outputs
    .map(({ stdout }) => JSON.parse(stdout))
    .filter(({ migrations }) => migrations.length > 0);
  expect(working).toHaveLength(1);
  expect(await sql`select id from shelves order by id`).toEqual([{ id: 1 }, { id: 3 }]);
});

test("refuses a database that is newer than its files", async () => {
  const { sql, folder } = await setup(twoFiles);
  await migrate(sql, { dir: folder, log });
  await rm(path.join(folder, "0002_books.sql"));
  await expect(migrate(sql, { dir: folder, log })).rejects.toThrow(
    /newer than this version.*0002_books\.sql/,
  );
});

test("refuses a file that was edited after it was applied", async () => {
  const { sql, folder } = await setup(twoFiles);
  await migrate(sql, { dir: folder, log });
  await put(folder, { "0001_shelves.sql": "create table shelves (id bigint);" });
  await expect(migrate(sql, { dir: folder, log })).rejects.toThrow(/^0001_shelves\.sql isn't the text/);
});

test("takes a file for the same when only its line ends differ", async () => {
  const { sql, folder } = await setup(twoFiles);
  await migrate(sql, { dir: folder, log });
  await put(folder, { "0001_shelves.sql": twoFiles["0001_shelves.sql"].replaceAll("\n", "\r\n") });
  expect(await migrate(sql, { dir: folder, log })).toEqual({ migrations: [], functions: [] });
});

test("refuses a new file whose number comes before an applied one, and a number given twice", async () => {
  const { sql, folder } = await setup({ "0002_books.sql": "create table books ();" });
  await migrate(sql, { dir: folder, log });
  await put(folder, { "0001_late.sql": "create table late ();" });
  await expect(migrate(sql, { dir: folder, log })).rejects.toThrow(
    /^0001_late\.sql comes before 0002_books\.sql/,
  );
  await put(folder, { "0002_twice.sql": "create table twice ();" });
  await expect(migrate(sql, { dir: folder, log })).rejects.toThrow(/have the same number/);
});

test("leaves nothing of a file that fails, names it and its line, and goes on from there", async () => {
  const { sql, folder } = await setup({
    ...twoFiles,
    "0002_books.sql": "create table books (id integer);\n\ninsert into nowhere values (1);\n",
  });
  await expect(migrate(sql, { dir: folder, log })).rejects.toThrow(
    '0002_books.sql, line 3: relation "nowhere" does not exist',
  );
  expect(await sql`select name from schema_migrations`).toEqual([{ name: "0001_shelves.sql" }]);
  expect(await sql`select to_regclass('books') as books`).toEqual([{ books: null }]);
  await put(folder, twoFiles);
  expect(await migrate(sql, { dir: folder, log })).toMatchObject({ migrations: ["0002_books.sql"] });
});

test("runs a file that begins with -- no-transaction outside of one", async () => {
  const { sql, folder } = await setup({
    ...twoFiles,
    "0003_index.sql":
      "-- no-transaction\ncreate index concurrently if not exists books_id_idx on books (id);",
  });
  expect(await migrate(sql, { dir: folder, log })).toMatchObject({ functions: ["count_books.sql"] });
});

test("makes an index anew that was left half made", async () => {
  const { sql, folder } = await setup({
    ...twoFiles,
    "0003_index.sql":
      "-- no-transaction\n-- once\ncreate unique index concurrently if not exists shelves_id_idx\n  on shelves (id);",
  });
  const isValid = () => sql`select indisvalid from pg_index where indexrelid = 'shelves_id_idx'::regclass`;
  await sql`create table shelves (id integer)`;
  await sql`insert into shelves values (1), (1)`;
  await put(folder, { "0001_shelves.sql": "select 1;" });
  await expect(migrate(sql, { dir: folder, log })).rejects.toThrow("0003_index.sql, line 3");
  expect(await isValid()).toEqual([{ indisvalid: false }]);
  await sql`delete from shelves`;
  expect(await migrate(sql, { dir: folder, log })).toMatchObject({ migrations: ["0003_index.sql"] });
  expect(await isValid()).toEqual([{ indisvalid: true }]);
});

test("makes a function anew when its text changed, and only then", async () => {
  const { sql, folder } = await setup(twoFiles);
  await migrate(sql, { dir: folder, log });
  await put(folder, { "functions/count_books.sql": countBooks("select 42::bigint") });
  expect(await migrate(sql, { dir: folder, log })).toEqual({
    migrations: [],
    functions: ["count_books.sql"],
  });
  expect(await sql`select count_books()`).toEqual([{ countBooks: 42n }]);
  expect(await migrate(sql, { dir: folder, log })).toEqual({ migrations: [], functions: [] });
});

test("gives up waiting for another process that migrates, and says which", async () => {
  const { address, sql, folder } = await setup({ ...twoFiles, "0003_slow.sql": "select pg_sleep(2);" });
  const slow = migrate(sql, { dir: folder, log });
  const other = open(address);
  while ((await other`select from pg_locks where locktype = 'advisory'`).count === 0) {}
  await expect(migrate(other, { dir: folder, log, maxWaitMs: 200 })).rejects.toThrow(
    /pg_terminate_backend\(\d+\)/,
  );
  await slow;
});

test("leaves the session's own timeouts as they were", async () => {
  const { sql, folder } = await setup(twoFiles);
  await migrate(sql, { dir: folder, log });
  expect(await sql`show statement_timeout`).toEqual([{ statementTimeout: "5s" }]);
});

test("finds nothing to do in a database that has this version's schema", async () => {
  const database = await createDatabase();
  onTestFinished(() => database.drop());
  expect(await migrate(open(database), { log })).toEqual({ migrations: [], functions: [] });
});

test.each([
  ["plain statements", "select 1; select 2", ["select 1", "select 2"]],
  [
    "semicolons in quotes",
    `select ';', ";", e'\\';', 'it''s;'; b`,
    [`select ';', ";", e'\\';', 'it''s;'`, "b"],
  ],
  ["semicolons in dollar quotes", "do $x$ a; $$ ; $$ $x$; b", ["do $x$ a; $$ ; $$ $x$", "b"]],
  ["semicolons in comments", "-- one;\na /* ; */ -- ;\n; b", ["a /* ; */ -- ;\n", "b"]],
  ["a dollar sign in a name", "select a$b$ ; select c$b$", ["select a$b$ ", "select c$b$"]],
  ["nothing", " ;; -- none\n", []],
])("splits %s", (_, text, statements) => {
  expect(splitStatements(text).map((statement) => statement.text)).toEqual(statements);
});

test.each(["select 'a;", 'select "a;', "do $x$ a;", "/* a;"])("refuses what isn't closed: %s", (text) => {
  expect(() => splitStatements(`select 1;\n${text}`)).toThrow(/^line 2: .* isn't closed$/);
});

/** An empty database, and a folder of migrations. */
async function setup(
  files: Readonly<Record<string, string>>,
): Promise<{ sql: Sql; address: TestDatabase; folder: string }> {
  const folder = await mkdtemp(path.join(tmpdir(), "clientele-migrations-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await put(folder, files);
  const address = await createEmptyDatabase();
  onTestFinished(() => address.drop());
  return { sql: open(address), address, folder };
}

function open(address: TestDatabase): Sql {
  const sql = postgres(sessionOptions(address, 5000));
  onTestFinished(() => sql.end({ timeout: 1 }));
  return sql;
}

async function put(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(path.join(folder, "functions"), { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
}

function countBooks(body: string): string {
  return `create or replace function count_books() returns bigint language plpgsql as $function$\nbegin\n  return (${body});\nend;\n$function$;\n`;
}
