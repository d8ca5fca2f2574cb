import type { JsonObject } from "@bufbuild/protobuf";
import { ConnectError } from "@connectrpc/connect";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { failureOf } from "../conformance/failure.ts";
import { methods } from "../input/methods.ts";
import { describeFailure } from "../support/failures.ts";
import { referencePlaces, requestAt, subjectOf } from "./references.ts";
import { idsIn, readAll, startTwins, type Twins } from "./twins.ts";

// A caller of one project refers to what is another's, in every place of every request where a reference
// can stand, and hears what is said of what is nowhere.

let twins: Twins;
let before: string;

beforeAll(async () => {
  twins = await startTwins();
  before = await readAll(twins.sql, twins.theirs);
});
afterAll(() => twins.stop());

/** What the caller is told, with one word replaced. */
async function toldOf(call: Promise<JsonObject>, word: string) {
  const [told, outcome] = await call.then(
    (answer) => [answer, "OK"] as const,
    async (error: unknown) => {
      const { code, reason } = describeFailure(ConnectError.from(error));
      return [await failureOf(Promise.reject(error)), `${code} ${reason}`] as const;
    },
  );
  const text = JSON.stringify(told);
  return { outcome, text: text.replaceAll(word, "x").replaceAll(word.toLowerCase(), "x") };
}

async function versionOf(key: string): Promise<string> {
  const [row] = await twins.sql`
    select version from customers where project_id = ${twins.ours.projectId} and id = ${twins.ours.id(key)}
    union all
    select version from customer_groups where project_id = ${twins.ours.projectId} and id = ${twins.ours.id(key)}
    union all
    select version from custom_types where project_id = ${twins.ours.projectId} and id = ${twins.ours.id(key)}`;
  return `${row?.version}`;
}

/** Methods that say of each thing whether it is there. */
const ANSWERS = /^(?:BatchGet|Exists)/;
const REFUSALS = [
  "NotFound RESOURCE_NOT_FOUND",
  "FailedPrecondition REFERENCE_NOT_FOUND",
  // Of the parts of a resource: "the customer has no such address".
  "FailedPrecondition OPERATION_NOT_ALLOWED",
];

const places = methods
  .flatMap(referencePlaces)
  .map((one) => ({ ...one, path: one.place.path, name: one.method.name }));

describe.each(Object.entries(Object.groupBy(places, ({ name }) => name)))("%s", (name, ofMethod = []) => {
  test.each(ofMethod)("does not know what is another project's as $path", async (one) => {
    for (const [theirs, nowhere] of one.pairs(twins.theirs)) {
      const key = subjectOf(one.method);
      const version =
        key === "" || !("expectedVersion" in one.method.input.field) ? "1" : await versionOf(key);
      const ask = ({ value, word }: typeof theirs) =>
        toldOf(twins.call(name, requestAt(one, twins.ours, value, version)), word);
      const told = await ask(theirs);
      expect(told, theirs.title).toEqual(await ask(nowhere));
      expect(told.outcome, theirs.title).toBeOneOf(ANSWERS.test(name) ? ["OK"] : REFUSALS);
      const known = idsIn(before);
      expect([...idsIn(told.text)].filter((id) => known.has(id))).toEqual([]);
    }
    expect(await readAll(twins.sql, twins.theirs)).toBe(before);
  });
});

test("every method that is about something in a project has such a place", () => {
  const without = methods.filter((method) => !places.some(({ name }) => name === method.name));
  expect(without.map(({ name }) => name)).toEqual([
    "QueryCustomTypes",
    "CreateCustomType",
    "GetProject",
    "ListProjects",
    "CreateProject",
    "UpdateProject",
    "DeleteProject",
  ]);
});
