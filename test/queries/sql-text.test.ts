import { randomInt, randomUUID } from "node:crypto";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { customTypeQuery } from "../../src/custom-types/query.ts";
import { groupQuery } from "../../src/customer-groups/query.ts";
import { customerQuery } from "../../src/customers/query.ts";
import { type Sql, sessionOptions } from "../../src/db/connection.ts";
import { countRows, explainRows, listRows } from "../../src/paging/page.ts";
import type { QueryKind, SizedRow } from "../../src/paging/query.ts";
import { parseSort, type SortTerm } from "../../src/paging/sort.ts";
import { parseWhere } from "../../src/predicates/where.ts";
import { projectIdOf } from "../../src/projects/project-id.ts";
import { createDatabase } from "../support/database.ts";
import {
  customerPredicates,
  customerSorts,
  groupPredicates,
  sorts,
  typePredicates,
} from "./question-kinds.ts";

// No statement has a word or number of a caller in its text.

const projectId = projectIdOf("texts");
let database: Awaited<ReturnType<typeof createDatabase>>;
let sql: Sql;
let sent: string[] = [];

beforeAll(async () => {
  database = await createDatabase();
  const debug = (_: number, text: string) => sent.push(text);
  sql = postgres({ ...sessionOptions(database, 10_000), fetch_types: false, debug });
});
afterAll(async () => {
  await sql.end();
  await database.drop();
});

type Kind = QueryKind<SizedRow>;
const KINDS: readonly (readonly [
  Kind,
  predicates: readonly string[],
  sorts: readonly (readonly string[])[],
])[] = [
  [customerQuery, customerPredicates, [...sorts, ...customerSorts]],
  [groupQuery, groupPredicates, sorts],
  [customTypeQuery, typePredicates, sorts],
];

for (const [kind, predicates, orders] of KINDS) {
  test.each(predicates)(`${kind.method}: %s`, async (predicate) => {
    await expectNoWords((words) => textsOf(kind, [fill(predicate, words)], ["id"], words));
  });

  test.each(orders.map((entries) => [entries.join(", "), entries] as const))(
    `${kind.method}, sorted by %s`,
    async (_, entries) => {
      const of = (words: Words) => entries.map((entry) => fill(entry, words));
      await expectNoWords((words) => textsOf(kind, [], of(words), words));
    },
  );
}

/** Expects the same texts whatever the words, and none of the words in them. */
async function expectNoWords(ask: (words: Words) => Promise<readonly string[]>): Promise<void> {
  const [one, other] = [newWords(), newWords()];
  const texts = await ask(one);
  expect(await ask(other)).toEqual(texts);
  expect(texts).toHaveLength(3);
  for (const word of Object.values(one)) {
    expect(texts.filter((text) => text.toLowerCase().includes(word.toLowerCase()))).toEqual([]);
  }
}

type Words = Readonly<Record<"¤" | "#" | "~" | "§" | "¶" | "¥", string>>;

function newWords(): Words {
  const number = `${randomInt(10_000_000, 99_999_999)}`;
  const day = `${randomInt(3000, 9999)}-12-31`;
  return {
    "¤": `Word${randomUUID().replaceAll("-", "")}`,
    "#": number,
    "~": `${number}.5`,
    "§": randomUUID(),
    "¶": `${day}T10:11:12.123456Z`,
    "¥": day,
  };
}

function fill(text: string, words: Words): string {
  return text.replace(/[¤#~§¶¥]/g, (mark) => words[mark as keyof Words]);
}

/** The texts of the statements that list, count and explain, each of them run. */
async function textsOf(kind: Kind, where: readonly string[], sort: readonly string[], words: Words) {
  const variables = { [words["¤"]]: words["¤"], [`list${words["¤"]}`]: [words["¤"], `x${words["¤"]}`] };
  const filter = parseWhere({ where, variables }, kind.fields);
  const terms = parseSort(sort, kind.fields);
  const after = terms.map((term) => positionIn(term, words));
  const page = { filter, sort: terms, limit: 500, offset: 0, after, maxBytes: 4_000_000 };
  sent = [];
  await listRows(kind.table, projectId, page)(sql);
  await countRows(kind.table, projectId, filter)(sql);
  await explainRows(kind.table, projectId, page)(sql);
  return sent;
}

function positionIn({ type }: SortTerm, words: Words): string {
  switch (type) {
    case "uuid":
      return words["§"];
    case "timestamptz":
      return words["¶"];
    case "numeric":
      return words["#"];
    case "boolean":
      return "true";
    case "text":
      return words["¤"];
    default:
      return type satisfies never;
  }
}
