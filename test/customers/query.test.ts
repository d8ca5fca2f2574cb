import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Customer } from "../../gen/clientele/v1/customer_pb.ts";
import { canonicalEmail } from "../../src/customers/email.ts";
import { PROJECT } from "../conformance/groups.ts";
import { failureOf } from "../support/failures.ts";
import { type CustomerFixture, OTHER_PROJECT, startCustomers } from "./customers.ts";

type Compare = (a: Customer, b: Customer) => number;

const NAMES = ["zoe", "Zoe2", "Ann", "ann-b", "äpfel", "Éclair", "_x", "顧客", "🎁", "Bob", "bob+1"];
/** One more than the default limit. */
const COUNT = 21;

let fixture: CustomerFixture;
let all: readonly Customer[];

beforeAll(async () => {
  fixture = await startCustomers();
  const made: Customer[] = [];
  for (let n = 0; n < COUNT; n += 1) {
    made.push(
      await fixture.newCustomer({ email: `${NAMES[n % NAMES.length]}@${n % 2 ? "B" : "a"}.example` }),
    );
  }
  await fixture.newCustomer({}, OTHER_PROJECT);
  // Every third changes once more, so that these times are in another order than the ids.
  for (const [n, customer] of made.entries()) {
    if (n % 3 === 0) made[n] = await fixture.update(customer, { case: "setTitle", value: { title: "Dr." } });
  }
  all = made;
});
afterAll(() => fixture.stop());

const query = (request: object = {}) => fixture.customers.queryCustomers({ projectKey: PROJECT, ...request });

describe("pages are a sort of all customers:", () => {
  test.each<readonly [string[], Compare]>([
    [[], by(id)],
    [["id desc"], down(by(id))],
    [["email"], by(email)],
    [["email desc"], down(by(email))],
    [["created_at", "email desc"], then(by(createdAt), down(by(email)))],
    [["created_at desc"], then(down(by(createdAt)), down(by(id)))],
    [["last_modified_at"], then(by(modifiedAt), by(id))],
    [["last_modified_at desc"], then(down(by(modifiedAt)), down(by(id)))],
    [["last_modified_at desc", "id asc"], then(down(by(modifiedAt)), by(id))],
  ])("by %j", async (sort, order) => {
    const sorted = all.toSorted(order);
    const found: Customer[] = [];
    let pageToken = "";
    do {
      const page = await query({ sort, limit: 4, pageToken });
      found.push(...page.results);
      ({ nextPageToken: pageToken } = page);
    } while (pageToken !== "");
    expect(found).toEqual(sorted);
    expect((await query({ sort, offset: 9, limit: 4 })).results).toEqual(sorted.slice(9, 13));
  });
});

test("there are 20 on a page unless asked otherwise, and a total when it is asked for", async () => {
  const first = await query();
  expect(first).toMatchObject({ limit: 20, offset: 0, count: 20 });
  expect(first.total).toBeUndefined();
  const last = await query({ pageToken: first.nextPageToken, withTotal: true });
  expect(last).toMatchObject({ count: 1, total: COUNT, totalCapped: false, nextPageToken: "" });
  expect(await query({ limit: 0, withTotal: true })).toMatchObject({
    count: 0,
    total: COUNT,
    results: [],
    nextPageToken: "",
  });
});

test("a page begins behind an address of any characters", async () => {
  const odd = ['"quo\\te"@example.com', `${"ß".repeat(150)}@example.com`, "%00'--@example.com"];
  const added = await Promise.all(odd.map((address) => fixture.newCustomer({ email: address })));
  const sorted = [...all, ...added].toSorted(by(email));
  const found: Customer[] = [];
  let pageToken = "";
  do {
    const page = await query({ sort: ["email"], limit: 1, pageToken });
    found.push(...page.results);
    ({ nextPageToken: pageToken } = page);
  } while (pageToken !== "");
  expect(found).toEqual(sorted);
  for (const { id: customerId } of added) {
    const ref = { value: { case: "id" as const, value: customerId } };
    await fixture.customers.deleteCustomer({ projectKey: PROJECT, ref, expectedVersion: 1n });
  }
});

test("a sort by what is no field, or a list, is refused", async () => {
  for (const field of ["nick", "email_canonical", "addresses", "tags"]) {
    expect(await failureOf(query({ sort: ["id", field] }))).toMatchObject({
      code: "InvalidArgument",
      reason: "FIELD_INVALID",
      fields: ["sort[1]"],
    });
  }
});

function by(value: (customer: Customer) => string): Compare {
  return (a, b) => Buffer.compare(Buffer.from(value(a)), Buffer.from(value(b)));
}

function down(compare: Compare): Compare {
  return (a, b) => compare(b, a);
}

function then(...compares: readonly Compare[]): Compare {
  return (a, b) => compares.map((compare) => compare(a, b)).find((order) => order !== 0) ?? 0;
}

function id(customer: Customer): string {
  return customer.id;
}

function email(customer: Customer): string {
  return canonicalEmail(customer.email) ?? "";
}

function createdAt(customer: Customer): string {
  return timeOf(customer.createdAt);
}

function modifiedAt(customer: Customer): string {
  return timeOf(customer.lastModifiedAt);
}

/** As text of one length, which sorts as the times do. */
function timeOf(time: Customer["createdAt"]): string {
  return `${time?.seconds}.${`${time?.nanos}`.padStart(9, "0")}`;
}
