import { setImmediate as immediate } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createGather, type Wanted } from "../../src/db/gather.ts";
import { openLanes } from "../../src/db/lanes.ts";
import { openReads } from "../../src/db/reads.ts";
import { failure } from "../../src/errors.ts";
import { createEmptyDatabase } from "../support/database.ts";
import { failureOf } from "../support/failures.ts";

/** A turn of the event loop that begins after what is under way in this one. */
async function turn(): Promise<void> {
  await immediate();
  await immediate();
}

type Row = { readonly projectId: string; readonly value: string };

/** A gather whose statements are answered by hand. */
function gathered() {
  const statements: {
    wanted: Wanted;
    asked: string;
    rows: Row[];
    answer(rows?: readonly Row[]): void;
    fail(error: Error): void;
  }[] = [];
  const read = createGather<Row>(
    (wanted) => {
      const { promise, resolve, reject } = Promise.withResolvers<readonly Row[]>();
      const all = [...wanted].flatMap(([projectId, values]) => values.map((value) => ({ projectId, value })));
      const rows = all.filter(({ value }) => !value.startsWith("missing"));
      const asked = Array.from(wanted, ([projectId, values]) => `${projectId} ${values}`).join("; ");
      statements.push({ wanted, asked, rows, answer: (found = rows) => resolve(found), fail: reject });
      return promise;
    },
    ({ projectId }) => projectId,
    ({ value }) => value,
  );
  return { read, statements, asked: () => statements.map(({ asked }) => asked) };
}

/** Until load is high: the next reads are gathered for a turn. */
async function crowd({ read, statements }: ReturnType<typeof gathered>): Promise<void> {
  const reads = [read("crowd", "a"), read("crowd", "b")];
  await turn();
  statements.pop()?.answer();
  await Promise.all(reads);
}

const row = (projectId: string, value: string): Row => ({ projectId, value });
const many = (count: number) => Array.from({ length: count }, (_, index) => `${index}`);

test("a lone read is sent before the turn ends", async () => {
  const { read, statements, asked } = gathered();
  const found = read("p", "a");
  await Promise.resolve();
  expect(asked()).toEqual(["p a"]);
  statements[0]?.answer();
  expect(await found).toEqual(row("p", "a"));
});

test("reads of one turn share a statement, and each gets its own row", async () => {
  const { read, statements, asked } = gathered();
  const reads = [read("p", "a"), read("p", "b"), read("p", "a"), read("p", "missing")];
  await turn();
  expect(asked()).toEqual(["p a,b,missing"]);
  statements[0]?.answer();
  expect(await Promise.all(reads)).toEqual([row("p", "a"), row("p", "b"), row("p", "a"), undefined]);
});

test("when load is high, they share it however they come in that turn", async () => {
  const all = gathered();
  await crowd(all);
  const first = all.read("p", "a");
  await Promise.resolve();
  const second = all.read("q", "a");
  await turn();
  expect(all.asked()).toEqual(["p a; q a"]);
  all.statements[0]?.answer();
  expect(await Promise.all([first, second])).toEqual([row("p", "a"), row("q", "a")]);
});

test("reads that come while a statement is under way share the next one, even of the same value", async () => {
  const { read, statements, asked } = gathered();
  const first = read("p", "a");
  await turn();
  const later = [read("p", "a"), read("p", "b")];
  await turn();
  expect(asked()).toEqual(["p a"]);
  statements[0]?.answer();
  expect(await first).toEqual(row("p", "a"));
  await turn();
  expect(asked()).toEqual(["p a", "p a,b"]);
  statements[1]?.answer();
  expect(await Promise.all(later)).toEqual([row("p", "a"), row("p", "b")]);
});

describe("of several projects", () => {
  test("the same value is each one's own, and a row that was not asked for goes to nobody", async () => {
    const { read, statements, asked } = gathered();
    const reads = [read("p", "a"), read("q", "a"), read("r", "a"), read("q", "b")];
    await turn();
    expect(asked()).toEqual(["p a; q a,b; r a"]);
    statements[0]?.answer([row("q", "a"), row("other", "a"), row("p", "b"), row("p", "a")]);
    expect(await Promise.all(reads)).toEqual([row("p", "a"), row("q", "a"), undefined, undefined]);
  });

  test("none waits for another's statement, of which two are under way", async () => {
    const { read, statements, asked } = gathered();
    const one = read("p", "a");
    await turn();
    const [two, three] = [read("q", "a"), read("p", "b")];
    await turn();
    expect(asked()).toEqual(["p a", "q a"]);
    const four = read("r", "a");
    await turn();
    expect(asked()).toHaveLength(2);
    statements[1]?.answer();
    expect(await two).toEqual(row("q", "a"));
    await turn();
    expect(asked()[2]).toBe("r a");
    for (const index of [0, 2]) statements[index]?.answer();
    expect(await Promise.all([one, four])).toEqual([row("p", "a"), row("r", "a")]);
    await turn();
    statements[3]?.answer();
    expect(await three).toEqual(row("p", "b"));
  });

  test("one that asks for many has statements of its own, and takes turns with the others", async () => {
    const all = gathered();
    await crowd(all);
    const { read, statements, asked } = all;
    const flood = many(250).map((value) => read("flood", value));
    const few = ["p", "q"].map((project) => read(project, "a"));
    await turn();
    expect(asked()).toEqual([`flood ${many(100)}`, "p a; q a"]);
    const later = read("p", "b");
    statements[0]?.answer();
    await turn();
    expect(asked()[2]).toBe(`flood ${many(200).slice(100)}`);
    statements[1]?.answer();
    statements[2]?.answer();
    await turn();
    expect(asked().slice(3)).toEqual(["p b", `flood ${many(250).slice(200)}`]);
    for (const statement of statements) statement.answer();
    expect(await Promise.all([...few, later])).toEqual([row("p", "a"), row("q", "a"), row("p", "b")]);
    expect(await Promise.all(flood)).toEqual(many(250).map((value) => row("flood", value)));
  });

  test("what is refused of one is no other's error", async () => {
    const { read, statements, asked } = gathered();
    const reads = Promise.allSettled([read("p", "a"), read("q", "bad"), read("r", "a")]);
    await turn();
    const error = new Error("refused");
    statements[0]?.fail(error);
    for (const index of [1, 2, 3]) {
      await turn();
      if (index === 2) statements[index]?.fail(error);
      else statements[index]?.answer();
    }
    expect(asked()).toEqual(["p a; q bad; r a", "p a", "q bad", "r a"]);
    expect(await reads).toEqual([
      { status: "fulfilled", value: row("p", "a") },
      { status: "rejected", reason: error },
      { status: "fulfilled", value: row("r", "a") },
    ]);
  });

  test("a database that can't be had is everyone's, and asked no more", async () => {
    const { read, statements } = gathered();
    const reads = Promise.allSettled([read("p", "a"), read("q", "a")]);
    await turn();
    const reason = failure.backendUnavailable();
    statements[0]?.fail(reason);
    expect(await reads).toEqual(Array(2).fill({ status: "rejected", reason }));
    expect(statements).toHaveLength(1);
  });

  test("one that has waited too long for its turn is refused", async () => {
    const { read, statements, asked } = gathered();
    const held = [read("p", "a")];
    await turn();
    held.push(read("q", "a"));
    await turn();
    expect(await failureOf(read("r", "a"))).toMatchObject({ code: "Unavailable", reason: "OVERLOADED" });
    expect(asked()).toEqual(["p a", "q a"]);
    for (const statement of statements) statement.answer();
    expect(await Promise.all(held)).toEqual([row("p", "a"), row("q", "a")]);
  });
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
  expect(await behind).toEqual(row("p", "a"));
  const again = read("p", "a");
  await turn();
  statements[2]?.answer();
  expect(await again).toEqual(row("p", "a"));
});

test("a statement asks for at most 100 values, of one project and of several", async () => {
  const { read, statements } = gathered();
  const reads = many(201).map((value) => read("p", value));
  for (const size of [100, 100, 1]) {
    await turn();
    expect(statements.at(-1)?.rows).toHaveLength(size);
    statements.at(-1)?.answer();
  }
  expect((await Promise.all(reads)).every((found, index) => found?.value === `${index}`)).toBe(true);
  const others = many(101).map((project) => read(project, "a"));
  await turn();
  expect(statements.slice(3).map(({ rows }) => rows.length)).toEqual([100, 1]);
  for (const statement of statements) statement.answer();
  expect((await Promise.all(others)).every((found, index) => found?.projectId === `${index}`)).toBe(true);
});

test("more than 20,000 that wait are refused, and those that waited are answered", async () => {
  const { read, statements } = gathered();
  const reads = Array.from({ length: 20_000 }, () => read("p", "a"));
  const refused = await failureOf(read("p", "a"));
  expect(refused).toMatchObject({ code: "Unavailable", reason: "OVERLOADED" });
  await turn();
  statements[0]?.answer();
  expect(new Set(await Promise.all(reads))).toEqual(new Set([row("p", "a")]));
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
    const read = openReads(lanes, lanes, 5000).gather<{ projectId: string; n: string }>((wanted) => {
      statements += 1;
      const [[projectId, values] = ["", []]] = wanted;
      return (sql) => sql<{ projectId: string; n: string }[]>`
          select ${projectId} as project_id, n
          from string_to_table(${values.join()}, ',') as n
          where n::integer % 2 = 0`;
    }, "n");
    const rows = await Promise.all(Array.from({ length: 1000 }, (_, index) => read("p", `${index % 100}`)));
    expect(rows.map((row) => row?.read().n)).toEqual(
      rows.map((_, index) => (index % 2 ? undefined : `${index % 100}`)),
    );
    expect(statements).toBe(1);
  });
});

test("reads of one turn that two statements have no room for are refused when none is answered", async () => {
  const { read, statements, asked } = gathered();
  const ofProject = (projectId: string) => Promise.all(many(11).map((value) => read(projectId, value)));
  const first = ofProject("a");
  const second = ofProject("b");
  // Nothing is asked for behind them.
  expect(await failureOf(ofProject("c"))).toMatchObject({ reason: "OVERLOADED" });
  expect(asked()).toHaveLength(2);
  for (const { answer } of statements) answer();
  expect(await first).toHaveLength(11);
  expect(await second).toHaveLength(11);
});
