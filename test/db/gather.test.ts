import { setImmediate as turn } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createGather } from "../../src/db/gather.ts";
import { openLanes } from "../../src/db/lanes.ts";
import { openReads } from "../../src/db/reads.ts";
import { createEmptyDatabase } from "../support/database.ts";
import { failureOf } from "../support/failures.ts";

/** A gather whose statements are answered by hand. */
function gathered() {
  const statements: {
    project: string;
    values: readonly string[];
    answer(): void;
    fail(error: Error): void;
  }[] = [];
  const read = createGather<string>((project, values) => {
    const { promise, resolve, reject } = Promise.withResolvers<ReadonlyMap<string, string>>();
    const found = values.filter((value) => !value.startsWith("missing"));
    const answer = () => resolve(new Map(found.map((value) => [value, `row ${value}`])));
    statements.push({ project, values, answer, fail: reject });
    return promise;
  });
  return { read, statements, asked: () => statements.map(({ project, values }) => `${project} ${values}`) };
}

test("reads of one turn share a statement, and each gets its own row", async () => {
  const { read, statements, asked } = gathered();
  const reads = [read("p", "a"), read("p", "b"), read("p", "a"), read("p", "missing")];
  await turn();
  expect(asked()).toEqual(["p a,b,missing"]);
  statements[0]?.answer();
  expect(await Promise.all(reads)).toEqual(["row a", "row b", "row a", undefined]);
});

test("reads that come while a statement is under way share the next one, even of the same value", async () => {
  const { read, statements, asked } = gathered();
  const first = read("p", "a");
  await turn();
  const later = [read("p", "a"), read("p", "b")];
  await turn();
  expect(asked()).toEqual(["p a"]);
  statements[0]?.answer();
  expect(await first).toBe("row a");
  await turn();
  expect(asked()).toEqual(["p a", "p a,b"]);
  statements[1]?.answer();
  expect(await Promise.all(later)).toEqual(["row a", "row b"]);
});

test("projects neither share a statement nor wait for each other", async () => {
  const { read, statements, asked } = gathered();
  const [one, two] = [read("p", "a"), read("q", "a")];
  await turn();
  expect(asked()).toEqual(["p a", "q a"]);
  statements[1]?.answer();
  expect(await two).toBe("row a");
  statements[0]?.answer();
  expect(await one).toBe("row a");
});

test("a statement that fails rejects all its readers, and the next one works", async () => {
  const { read, statements } = gathered();
  const failing = Promise.allSettled([read("p", "a"), read("p", "b"), read("p", "a")]);
  await turn();
  const behind = read("p", "a");
  const error = new Error("failed");
  statements[0]?.fail(error);
  expect(await failing).toEqual(Array(3).fill({ status: "rejected", reason: error }));
  await turn();
  statements[1]?.answer();
  expect(await behind).toBe("row a");
  const again = read("p", "a");
  await turn();
  statements[2]?.answer();
  expect(await again).toBe("row a");
});

test("a statement asks for at most 100 values", async () => {
  const { read, statements } = gathered();
  const reads = Array.from({ length: 201 }, (_, index) => read("p", `${index}`));
  for (const size of [100, 100, 1]) {
    await turn();
    expect(statements.at(-1)?.values).toHaveLength(size);
    statements.at(-1)?.answer();
  }
  expect((await Promise.all(reads)).every((row, index) => row === `row ${index}`)).toBe(true);
});

test("more than 20,000 that wait are refused, and those that waited are answered", async () => {
  const { read, statements } = gathered();
  const reads = Array.from({ length: 20_000 }, () => read("p", "a"));
  const refused = await failureOf(Promise.resolve().then(() => read("p", "a")));
  expect(refused).toMatchObject({ code: "Unavailable", reason: "OVERLOADED" });
  await turn();
  statements[0]?.answer();
  expect(new Set(await Promise.all(reads))).toEqual(new Set(["row a"]));
});

describe("on a database", () => {
  let database: Awaited<ReturnType<typeof createEmptyDatabase>>;
  let lanes: ReturnType<typeof openLanes>;
  beforeAll(async () => {
    database = await createEmptyDatabase();
    lanes = openLanes(database, {
      connections: 1,
      statementTimeoutMs: 5000,
      maxWaitMs: 5000,
      maxWaiting: 100,
    });
  });
  afterAll(async () => {
    await lanes.close();
    await database.drop();
  });

  test("a thousand reads at once take few statements", async () => {
    let statements = 0;
    const read = openReads(lanes, lanes, 5000).gather(
      (_, values) => {
        statements += 1;
        const list = values.join();
        return (sql) =>
          sql<{ n: string }[]>`select n from string_to_table(${list}, ',') as n where n::integer % 2 = 0`;
      },
      ({ n }) => n,
    );
    const rows = await Promise.all(Array.from({ length: 1000 }, (_, index) => read("p", `${index % 100}`)));
    expect(rows.map((row) => row?.n)).toEqual(
      rows.map((_, index) => (index % 2 ? undefined : `${index % 100}`)),
    );
    expect(statements).toBe(1);
  });
});
