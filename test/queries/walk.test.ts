import type { JsonValue } from "@bufbuild/protobuf";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Customer } from "../../gen/clientele/v1/customer_pb.ts";
import { byId, byKey, PROJECT, unique } from "../conformance/groups.ts";
import type { Action, CustomerFixture } from "../customers/customers.ts";
import { startSeeded } from "./seeded.ts";

// Pages of many customers, while others write: whoever doesn't change is seen exactly once, in order.

const COUNT = 10_000;
const WRITERS = 2;
type Key = string | number | undefined;

let fixture: CustomerFixture;
/** Every third person. */
let unchanging: readonly Customer[];
let isOver = false;
let writes: Promise<readonly number[]>;

beforeAll(async () => {
  fixture = await startSeeded(COUNT);
  const people = await walk({ limit: 500 });
  unchanging = people.filter((_, index) => index % 3 === 0);
  const others = people.filter((_, index) => index % 3 !== 0);
  writes = Promise.all(
    Array.from({ length: WRITERS }, (_, writer) => write(others.filter((_, at) => at % WRITERS === writer))),
  );
});
afterAll(() => fixture.stop());

type Sort = readonly [sort: readonly string[], key: (customer: Customer) => Key];

test.each<Sort>([
  [["createdAt desc"], createdAt],
  [["lastName"], ({ lastName }) => lastName],
])("all are walked by %j", async (sort, key) => {
  await expectWalked({ sort, limit: 500 }, unchanging, key);
});

test.each<Sort>([
  [[], () => undefined],
  [["createdAt desc"], createdAt],
  [["lastName"], ({ lastName }) => lastName],
  [["metadata.points desc"], points],
  [["custom.fields.favouriteStore"], store],
])("those for whom predicates hold are walked by %j", async (sort, key) => {
  const where = ['custom(fields(tier = "gold"))', "metadata(points < 900)"];
  const gold = unchanging.filter((customer) => tier(customer) === "gold" && points(customer) < 900);
  await expectWalked({ sort, where, limit: 40 }, gold, key);
});

test("meanwhile there was a lot of writing", async () => {
  isOver = true;
  for (const count of await writes) expect(count).toBeGreaterThan(50);
});

/** @param wanted who doesn't change, of those that the query is about. */
async function expectWalked(
  query: { readonly sort: readonly string[]; readonly where?: readonly string[]; readonly limit: number },
  wanted: readonly Customer[],
  key: (customer: Customer) => Key,
): Promise<void> {
  const ascending = wanted.toSorted((a, b) => compare(key(a), key(b)) || compare(a.id, b.id));
  const isDescending = query.sort.some((entry) => entry.endsWith(" desc"));
  const expected = (isDescending ? ascending.toReversed() : ascending).map(({ id }) => id);
  const ids = new Set(expected);
  expect(expected.length).toBeGreaterThan(5 * query.limit);
  const seen = await walk(query);
  expect(seen.map(({ id }) => id).filter((id) => ids.has(id))).toEqual(expected);
}

async function walk(query: object): Promise<readonly Customer[]> {
  const found: Customer[] = [];
  let pageToken = "";
  do {
    const page = await fixture.customers.queryCustomers({
      projectKey: PROJECT,
      limit: 300,
      pageToken,
      ...query,
    });
    found.push(...page.results);
    ({ nextPageToken: pageToken } = page);
  } while (pageToken !== "");
  return found;
}

/** Adds, moves and deletes until it is over; tells how often. */
async function write(others: readonly Customer[]): Promise<number> {
  let count = 0;
  for (const other of others) {
    if (isOver) break;
    await fixture.newCustomer({ lastName: unique("New"), metadata: { points: count % 1000 } });
    const moved = await fixture.update(other, ...actions(count));
    if (count % 2 === 0) {
      const { id, version } = moved;
      await fixture.customers.deleteCustomer({
        projectKey: PROJECT,
        ref: byId(id),
        expectedVersion: version,
      });
    }
    count += 1;
  }
  return count;
}

function actions(count: number): readonly Action[] {
  return [
    { case: "setLastName", value: { lastName: `Co${count}` } },
    { case: "setMetadata", value: { metadata: { points: (count * 7) % 1000 } } },
    {
      case: "setCustomType",
      value: { type: byKey("shopper"), fields: { tier: "gold", favouriteStore: `store-${count % 1000}` } },
    },
  ];
}

/** What isn't there comes last. */
function compare(a: Key, b: Key): number {
  if (a === b) return 0;
  if (a === undefined || b === undefined) return a === undefined ? 1 : -1;
  return a < b ? -1 : 1;
}

function createdAt({ createdAt: time }: Customer): number {
  return Number(time?.seconds) * 1000 + Number(time?.nanos) / 1e6;
}

function points({ metadata }: Customer): number {
  return Number(metadata?.points);
}

function store(customer: Customer): string | undefined {
  return fieldOf(customer, "favouriteStore");
}

function tier(customer: Customer): string | undefined {
  return fieldOf(customer, "tier");
}

function fieldOf({ custom }: Customer, name: string): string | undefined {
  const value: JsonValue | undefined = custom?.fields?.[name];
  return value === undefined ? undefined : String(value);
}
