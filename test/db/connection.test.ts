import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Connection, openConnection, sessionOptions } from "../../src/db/connection.ts";
import { driverFault } from "../../src/db/driver-errors.ts";
import { openLanes } from "../../src/db/lanes.ts";
import { openReads } from "../../src/db/reads.ts";
import { createEmptyDatabase } from "../support/database.ts";
import { failureOf } from "../support/failures.ts";
import { startProxy } from "../support/proxy.ts";

const SHORT_MS = 200;

let database: Awaited<ReturnType<typeof createEmptyDatabase>>;
const opened: Connection[] = [];

beforeAll(async () => {
  database = await createEmptyDatabase();
});
afterAll(async () => {
  await Promise.all(opened.map((connection) => connection.close()));
  await database.drop();
});

function open(address = database, statementTimeoutMs = 5000): Connection {
  const connection = openConnection(address, statementTimeoutMs);
  opened.push(connection);
  return connection;
}

/** Fails at its last row, when PostgreSQL has sent those before. */
function failAfter({ run }: Connection, rows: number): Promise<unknown> {
  const failing = run(
    (sql) => sql<object[]>`
      select repeat('x', 100) as text, 1 / (${rows}::integer - i) as number
      from generate_series(1, ${rows}::integer) as i`,
  );
  return failing.then(
    () => expect.unreachable("expected a division by zero"),
    (error: unknown) => error,
  );
}

/** Numbers from 1. */
function count({ run }: Connection, rows: number) {
  return run((sql) => sql<{ n: number }[]>`select i as n from generate_series(1, ${rows}::integer) as i`);
}

const numbers = (rows: number) => Array.from({ length: rows }, (_, index) => ({ n: index + 1 }));

describe("after a statement that failed when rows had been sent", () => {
  test("the driver's next result has holes, which is why we look", async () => {
    const sql = postgres(sessionOptions(database, 5000));
    await sql`select 1 / (3 - i) from generate_series(1, 10) as i`.catch(() => {});
    const rows = await sql`select 1 as n`;
    expect({ length: rows.length, count: rows.count }).toEqual({ length: 3, count: 1 });
    await sql.end();
  });

  test.each([
    [3, 1],
    [3, 3],
    [3, 500],
    [3, 0],
    [2000, 1],
    [2000, 0],
    [2000, 5000],
  ])("of %i rows, the next result of %i rows is right, and the one behind it", async (sent, next) => {
    const connection = open();
    expect(driverFault(await failAfter(connection, sent))).toBe("refused");
    expect([...(await count(connection, next))]).toEqual(numbers(next));
    expect([...(await count(connection, 2))]).toEqual(numbers(2));
  });

  test("the next result is right when two failed in a row", async () => {
    const connection = open();
    await failAfter(connection, 100);
    await failAfter(connection, 7);
    expect([...(await count(connection, 2))]).toEqual(numbers(2));
  });

  test("the connection is the same one", async () => {
    const connection = open();
    const pid = () => connection.run((sql) => sql<{ pid: number }[]>`select pg_backend_pid() as pid`);
    const [before] = await pid();
    await failAfter(connection, 100);
    expect([...(await pid())]).toEqual([before]);
  });
});

describe("a statement that takes too long", () => {
  test("is ended by PostgreSQL, and the connection goes on", async () => {
    const connection = open(database, SHORT_MS);
    const error = await connection.run((sql) => sql<object[]>`select pg_sleep(60)`).catch((reason) => reason);
    expect(driverFault(error)).toBe("timed_out");
    expect([...(await count(connection, 2))]).toEqual(numbers(2));
  });

  test("is QUERY_TIMEOUT of a query, and OVERLOADED of a short read", async () => {
    const options = { connections: 1, statementTimeoutMs: SHORT_MS, maxWaitMs: 1000, maxWaiting: 10 };
    const [gets, queries] = [openLanes(database, options), openLanes(database, options)];
    const reads = openReads(gets, queries, SHORT_MS);
    const query = await failureOf(reads.query("", (sql) => sql<object[]>`select pg_sleep(60)`));
    expect(query).toMatchObject({ code: "InvalidArgument", reason: "QUERY_TIMEOUT" });
    expect(query.metadata).toEqual({ limit_ms: `${SHORT_MS}` });
    const get = await failureOf(reads.get("", (sql) => sql<object[]>`select pg_sleep(60)`));
    expect(get).toMatchObject({ code: "Unavailable", reason: "OVERLOADED" });
    expect(await reads.query("", (sql) => sql<object[]>`select 1`)).toHaveLength(1);
    await Promise.all([gets.close(), queries.close()]);
  });
});

describe("over a network", () => {
  let proxy: Awaited<ReturnType<typeof startProxy>>;
  beforeAll(async () => {
    proxy = await startProxy(database);
  });
  afterAll(() => proxy.stop());

  test("that goes silent, a statement is given up, and the next one gets a connection of its own", async () => {
    const connection = open({ ...database, ...proxy.address }, SHORT_MS);
    await count(connection, 1);
    proxy.set("black hole");
    const error = await count(connection, 1).catch((reason: unknown) => reason);
    expect(driverFault(error)).toBe("lost");
    proxy.set("none");
    expect([...(await count(connection, 2))]).toEqual(numbers(2));
  });

  test("that refuses, nothing is sent, and it works when the network does", async () => {
    const connection = open({ ...database, ...proxy.address });
    proxy.set("refuse");
    const error = await count(connection, 1).catch((reason: unknown) => reason);
    expect(driverFault(error)).toBe("not_sent");
    proxy.set("none");
    expect([...(await count(connection, 2))]).toEqual(numbers(2));
  });
});

test("a connection that PostgreSQL ends is made again", async () => {
  const [connection, other] = [open(), open()];
  const [row] = await connection.run((sql) => sql<{ pid: number }[]>`select pg_backend_pid() as pid`);
  const sleeping = connection
    .run((sql) => sql<object[]>`select pg_sleep(60)`)
    .catch((reason: unknown) => reason);
  await other.run((sql) => sql<object[]>`select pg_sleep(0.1), pg_terminate_backend(${row?.pid ?? 0})`);
  expect(driverFault(await sleeping)).toBe("lost");
  expect([...(await count(connection, 2))]).toEqual(numbers(2));
});

test.each(["unix socket", "TCP"] as const)(
  "a connection over a %s is of use again after it broke or fell silent",
  async (over) => {
    const proxy = await startProxy(database, over);
    const connection = openConnection(proxy.address, 500);
    const one = () => connection.run((sql) => sql<{ one: number }[]>`select 1 as one`);
    const fault = () => one().then(() => undefined, driverFault);
    expect(await one()).toEqual([{ one: 1 }]);
    for (const trouble of ["lose answers", "black hole"] as const) {
      proxy.set(trouble);
      expect(await fault()).toBe("lost");
      proxy.set("none");
      expect(await one()).toEqual([{ one: 1 }]);
    }
    await connection.close();
    await proxy.stop();
  },
);

describe("a query that is done holds neither what was sent nor what came back", () => {
  type Held = PromiseLike<readonly object[]> & { readonly args?: unknown; readonly parameters?: unknown };

  test("nor do the parts of it", async () => {
    const queries: Held[] = [];
    const noted = <Query>(query: Query): Query => {
      queries.push(query as Held);
      return query;
    };
    const rows = await open().run((sql) =>
      noted(sql<{ text: string }[]>`select ${noted(sql`${"sent"}::text`)} as text`),
    );
    expect(rows).toEqual([{ text: "sent" }]);
    expect(queries.length).toBe(2);
    for (const { args, parameters } of queries) expect([args, parameters]).toEqual([[], []]);
    expect(await queries.at(-1)).toEqual([]);
  });

  test("nor does one that failed", async () => {
    let failed: Held | undefined;
    const run = open().run((sql) => {
      failed = sql<object[]>`select 1 / ${0}::integer as number`;
      return failed as ReturnType<typeof sql<object[]>>;
    });
    await expect(run).rejects.toThrow("division by zero");
    expect(failed?.args).toEqual([]);
  });
});
