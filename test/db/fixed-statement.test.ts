import { afterAll, expect, test } from "vitest";
import { openConnection, type Statement } from "../../src/db/connection.ts";
import { fixedStatement } from "../../src/db/fixed-statement.ts";
import { inRaw, RawRows } from "../../src/db/raw-rows.ts";
import { createEmptyDatabase } from "../support/database.ts";

const database = await createEmptyDatabase();
const connection = openConnection(database, 5000);
afterAll(async () => {
  await connection.close();
  await database.drop();
});

type Row = { readonly first: string; readonly second: string };
const twoColumns = fixedStatement<Row, "value">(
  (sql) => sql`select ${"value"}::text as first, ${"value"}::text || '!' as second`,
);
const { run } = connection;
const readRaw = async (value: string) => RawRows.of<Row>(await run(inRaw(twoColumns({ value })))).read();

test("rows that are left raw have all their columns, the first time and later", async () => {
  for (const value of ["a", "b", "c"]) {
    expect(await readRaw(value)).toEqual([{ first: value, second: `${value}!` }]);
  }
});

test("a statement that was run in raw fails otherwise rather than lose columns", async () => {
  await readRaw("a");
  await readRaw("b");
  await expect(run(twoColumns({ value: "c" }))).rejects.toThrow("run in raw each time, or never");
  expect(await readRaw("d")).toEqual([{ first: "d", second: "d!" }]);
});

test("a table that gets another column gives it at once, also in raw", async () => {
  await run((sql) => sql<object[]>`create table grown as select 'a' as first`);
  const all = fixedStatement<Row, "value">((sql) => sql`select * from grown where first = ${"value"}`);
  const read = async () => RawRows.of<Row>(await run(inRaw(all({ value: "a" })))).read();
  for (let time = 0; time < 3; time += 1) expect(await read()).toEqual([{ first: "a" }]);
  await run((sql) => sql<object[]>`alter table grown add column second text default 'b'`);
  for (let time = 0; time < 3; time += 1) expect(await read()).toEqual([{ first: "a", second: "b" }]);
});

test("what goes wrong with a statement tells where that was written, which the driver remembers once", async () => {
  const failing = fixedStatement<object, "value">((sql) => sql`select 1 / ${"value"}::text::integer`);
  const strings: unknown[] = [];
  const noted: Statement<object> = (sql) => {
    const query = failing({ value: "0" })(sql);
    strings.push("strings" in query ? query.strings : undefined);
    return query;
  };
  for (let time = 0; time < 2; time += 1) {
    const error = await run(noted).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "22012", stack: expect.stringContaining("fixed-statement.test.ts") });
  }
  expect(strings[0]).toEqual(["select 1 / $1::text::integer"]);
  expect(strings[1]).toBe(strings[0]);
});
