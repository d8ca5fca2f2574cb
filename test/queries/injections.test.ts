import type { JsonObject } from "@bufbuild/protobuf";
import { ConnectError } from "@connectrpc/connect";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PROJECT } from "../conformance/groups.ts";
import { type CustomerFixture, startCustomers } from "../customers/customers.ts";
import { describeFailure, failureOf } from "../support/failures.ts";
import { inTurns } from "./in-turns.ts";

// What would be something else in SQL, JSON or a pattern is a text like any other.

const TEXTS = [
  "'",
  "''",
  "' or '1'='1",
  "'; drop table customers; --",
  "') or true --",
  '"',
  '""; drop table customers',
  "\\",
  "\\'",
  '\\"',
  "\\u0041",
  "\\0",
  "$1",
  "$$; select pg_sleep(9) $$",
  "::uuid",
  ":v",
  ":'v'",
  "/*",
  "*/ or /*",
  "-- ",
  "#{1}",
  "%",
  "_",
  "%s%d",
  "?",
  "? | ?",
  "{}",
  '{"a","b"}',
  "[1]",
  "null",
  "NULL",
  "true",
  "‘",
  "’ or ‘1’=‘1",
  "“a”",
  "＂",
  "ʼ",
  "\u2028",
  "a\nb",
  "\u007f",
  "ﬀ\u0301",
  "😀'",
  "__proto__",
  "t.project_id",
  "e'\\x27'",
];

let fixture: CustomerFixture;
let ids: ReadonlyMap<string, string>;
let before: unknown;

beforeAll(async () => {
  fixture = await startCustomers();
  const made = await inTurns(TEXTS, async (text, index) => {
    const metadata = { text, n: index, [text]: { in: [text] } };
    return [text, (await fixture.newCustomer({ reference: text, tags: [text], metadata })).id] as const;
  });
  ids = new Map(made);
  before = await contents();
});
afterAll(() => fixture.stop());

const query = (request: object) => fixture.customers.queryCustomers({ projectKey: PROJECT, ...request });

/** The columns of all tables, and the rows of those that hold customers. */
async function contents() {
  const { sql } = fixture;
  return [
    await sql`
      select table_name, column_name, data_type
      from information_schema.columns
      where table_schema = 'public'
      order by table_name, column_name`,
    await sql`select id, version from customers order by id`,
    await sql`select project_id, key, last_sequence from projects order by key`,
  ];
}

describe.each(TEXTS.map((text) => [JSON.stringify(text), text] as const))("%s", (json, text) => {
  test("is found as a value and as a variable, alone", async () => {
    const predicates = [
      `reference = ${json}`,
      `reference in ("x", ${json})`,
      `reference >= ${json} and reference <= ${json}`,
      `metadata(text = ${json})`,
      `metadata(text >= ${json} and text <= ${json})`,
      `metadata(text in (${json}) and text matches ignore case ${json})`,
      `tags contains any (${json})`,
      `tags contains all (${json}, ${json})`,
      "reference = :v",
      "reference in :list",
      "metadata(text = :v)",
      "tags in :list",
    ];
    const variables = { v: text, list: [text] };
    const found = await inTurns(predicates, (where) => idsOf({ where: [where], variables }));
    expect(new Set(found.flat())).toEqual(new Set([ids.get(text)]));
    expect(found.every(({ length }) => length === 1)).toBe(true);
  });

  test("finds nothing as a name, a predicate or a sort: a mistake is said to be one", async () => {
    const variables: JsonObject = { [text]: text };
    const requests = [
      { where: [text], variables },
      { where: [`${text} = 1`], variables },
      { where: [`reference = ${text}`], variables },
      { where: [`reference = "x${text}" and reference = "y"`] },
      { where: [`metadata(${text} = 1)`] },
      { where: [`metadata(${text}(a = 1))`] },
      { where: [`metadata(n = 99999) and reference = :${text}`], variables },
      { where: ["version = 0"], sort: [text] },
      { where: ["version = 0"], sort: [`metadata.${text}`] },
      { where: ["version = 0"], sort: [`custom.fields.${text}.${text} desc`] },
      { where: ["version = 0"], sort: [`reference ${text}`] },
    ];
    for (const request of requests) {
      const outcome = await query(request).then(
        ({ count }) => count,
        (error: unknown) => describeFailure(ConnectError.from(error)),
      );
      if (outcome !== 0) expect(outcome).toMatchObject({ code: "InvalidArgument", reason: REASONS });
    }
  });
});

const REASONS = expect.stringMatching(/^(PREDICATE_SYNTAX|PREDICATE_UNKNOWN_FIELD|FIELD_INVALID)$/);

test("NUL and halves of surrogate pairs are no text", async () => {
  for (const escaped of ["\\u0000", "\\ud800", "\\udc00\\ud800"]) {
    for (const where of [`reference = "${escaped}"`, `metadata(text in ("a${escaped}"))`]) {
      expect(await failureOf(query({ where: [where] }))).toMatchObject({ reason: "PREDICATE_SYNTAX" });
    }
  }
  expect(await failureOf(query({ where: ["reference = :v"], variables: { v: "\0" } }))).toMatchObject({
    reason: "FIELD_INVALID",
    fields: ["variables.v"],
  });
  expect(await failureOf(query({ sort: ["metadata.\0"] }))).toMatchObject({
    reason: "FIELD_INVALID",
    fields: ["sort[0]"],
  });
});

test("all that is stored is still there", async () => {
  expect(await contents()).toEqual(before);
});

async function idsOf(request: object): Promise<readonly string[]> {
  return (await query(request)).results.map(({ id }) => id);
}
