import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { byId } from "../conformance/groups.ts";
import { expectConsistent } from "../support/consistency.ts";
import { byEmail, type CustomerDraft, customerOf } from "../support/customers.ts";
import { tally } from "../support/failures.ts";
import { type Instances, race, startInstances } from "./instances.ts";

// Callers race for customers through two instances of the service.

const ROUNDS = 10;
const CALLERS = 64;

let instances: Instances;
let sql: Instances["sql"];

beforeAll(async () => {
  instances = await startInstances("demo,limits");
  ({ sql } = instances);
});
afterAll(() => instances.stop());

const projectKey = "demo";

function create(caller: number, draft: CustomerDraft) {
  return instances.customers(caller).createCustomer({ projectKey, draft });
}

/** Ways to write one email address; `number` makes it another one. */
function spellings(number: number): readonly string[] {
  const local = `Jürgen.Groß.${number}`;
  const domain = "Bücher.example";
  const fullWidth = (text: string) =>
    text.replace(/[!-~]/g, (letter) => String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xfee0));
  return [
    `${local}@${domain}`,
    `${local}@${domain}`.normalize("NFD"),
    `${local}@${domain}`.toUpperCase(),
    `${local}@${domain}`.toLowerCase(),
    `${local.replace("ß", "ss")}@${domain}`,
    `${local.replace("ß", "ẞ")}@${domain}`,
    `${fullWidth(local)}@${domain}`,
    `${local}@${fullWidth(domain)}`,
    `${local}@xn--bcher-kva.example`,
    `${local}@XN--BCHER-KVA.Example`,
  ];
}

describe("one email address, spelled in many ways", () => {
  test("comes in with new customers: one wins, the others hear which field is taken and by whom", async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const emails = spellings(round);
      const calls = race(CALLERS, (caller) =>
        create(caller, { email: emails[(caller + round) % emails.length] ?? "" }),
      );
      const { counts, failures } = await tally(calls);
      expect(counts).toEqual({ OK: 1, "AlreadyExists DUPLICATE_FIELD": CALLERS - 1 });
      const { id } = customerOf(await Promise.any(calls));
      for (const { metadata } of failures) expect(metadata).toEqual({ field: "email", conflicting_id: id });
      const ref = byEmail(emails[(round + 5) % emails.length] ?? "");
      expect(customerOf(await instances.customers(round).getCustomer({ projectKey, ref })).id).toBe(id);
    }
    await expectConsistent(sql, projectKey);
  });

  test("is changed to by customers who are there: one has it, as it was typed", async () => {
    const creations = race(CALLERS, (caller) => create(caller, { email: `${randomUUID()}@example.test` }));
    const customers = (await Promise.all(creations)).map(customerOf);
    const versions = customers.map(({ version }) => version);
    for (let round = 0; round < ROUNDS; round += 1) {
      const emails = spellings(1000 + round);
      const emailOf = (caller: number) => emails[(caller + round) % emails.length] ?? "";
      const calls = customers.map(async ({ id }, caller) => {
        const { customer } = await instances.customers(caller).updateCustomer({
          projectKey,
          ref: byId(id),
          expectedVersion: versions[caller] ?? 0n,
          actions: [{ action: { case: "changeEmail", value: { email: emailOf(caller) } } }],
        });
        versions[caller] = customer?.version ?? 0n;
        return { email: customer?.email, typed: emailOf(caller) };
      });
      const { counts, failures } = await tally(calls);
      expect(counts).toEqual({ OK: 1, "AlreadyExists DUPLICATE_FIELD": CALLERS - 1 });
      const { email, typed } = await Promise.any(calls);
      expect(email).toBe(typed);
      for (const { metadata } of failures) expect(metadata.field).toBe("email");
    }
    await expectConsistent(sql, projectKey);
  });
});

test.each([
  { field: "key", draftOf: (round: number) => ({ key: `key-${round}` }) },
  { field: "customer_number", draftOf: (round: number) => ({ customerNumber: `K ${round}` }) },
])(
  "creates of one $field: one wins, the others hear that it is taken and by whom",
  async ({ field, draftOf }) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const calls = race(CALLERS, (caller) =>
        create(caller, { email: `${field}-${round}-${caller}@example.test`, ...draftOf(round) }),
      );
      const { counts, failures } = await tally(calls);
      expect(counts).toEqual({ OK: 1, "AlreadyExists DUPLICATE_FIELD": CALLERS - 1 });
      const { id } = customerOf(await Promise.any(calls));
      for (const { metadata } of failures) expect(metadata).toEqual({ field, conflicting_id: id });
    }
    await expectConsistent(sql, projectKey);
  },
);

test("updates of one version: one wins, the others hear the true current version", async () => {
  const { id } = customerOf(await create(0, { email: "contested@example.test" }));
  for (let round = 1; round <= ROUNDS; round += 1) {
    const { counts, failures } = await tally(
      race(CALLERS, (caller) =>
        instances.customers(caller).updateCustomer({
          projectKey,
          ref: caller % 2 ? byId(id) : byEmail("Contested@example.test"),
          expectedVersion: BigInt(round),
          actions: [{ action: { case: "setFirstName", value: { firstName: `${round} ${caller}` } } }],
        }),
      ),
    );
    expect(counts).toEqual({ OK: 1, "Aborted VERSION_MISMATCH": CALLERS - 1 });
    for (const { metadata } of failures) {
      expect(metadata).toEqual({ expected_version: `${round}`, current_version: `${round + 1}` });
    }
  }
  await expectConsistent(sql, projectKey);
});

test("creates at ten below the limit: exactly ten succeed", async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const [project] = await sql<{ customerLimit: number }[]>`
      update projects
      set customer_limit = customer_count + 10
      where key = 'limits'
      returning customer_limit`;
    const { counts, failures } = await tally(
      race(CALLERS, (caller) =>
        instances
          .customers(caller)
          .createCustomer({ projectKey: "limits", draft: { email: `${round}-${caller}@example.test` } }),
      ),
    );
    expect(counts).toEqual({ OK: 10, "ResourceExhausted LIMIT_REACHED": CALLERS - 10 });
    const limit = `${project?.customerLimit}`;
    for (const { metadata } of failures) {
      expect(metadata).toEqual({ limit_name: "customers", limit, current: limit });
    }
  }
  await expectConsistent(sql, "limits");
});
