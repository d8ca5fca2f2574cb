import { randomUUID } from "node:crypto";
import { create, fromJson } from "@bufbuild/protobuf";
import { ValueSchema } from "@bufbuild/protobuf/wkt";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CustomerSchema } from "../../gen/clientele/v1/customer_pb.ts";
import { ResourceType } from "../../gen/clientele/v1/resource_type_pb.ts";
import { byId, byKey, groupOf } from "../conformance/groups.ts";
import { type EmbeddedService, startEmbeddedService } from "../faults/embedded-service.ts";
import { expectConsistent } from "../support/consistency.ts";
import { field, typeClient, typeDraft, typeOf } from "../support/custom-types.ts";
import { byEmail, customerClient, customerOf } from "../support/customers.ts";
import { failureOf } from "../support/failures.ts";
import { placedOrder } from "../support/orders.ts";
import { groupClient } from "../support/service.ts";
import { BIRTHDAY, newWord, wholeActions, wholeDraft } from "./canary.ts";
import { storedOf, tablesWith } from "./stored.ts";

// Whoever is erased is found nowhere any more: neither in a table, nor in what was logged.

const projectKey = "demo";
let service: EmbeddedService;
let customers: ReturnType<typeof customerClient>;
let groups: ReturnType<typeof groupClient>;
let typeId: string;
let groupId: string;

beforeAll(async () => {
  service = await startEmbeddedService([projectKey], { CLIENTELE_LOG_REQUESTS: "all" });
  customers = customerClient(service.baseUrl);
  groups = groupClient(service.baseUrl);
  const resourceTypes = [ResourceType.CUSTOMER, ResourceType.ADDRESS];
  const draft = { ...typeDraft("notes", field("note", "string")), resourceTypes };
  typeId = typeOf(await typeClient(service.baseUrl).createCustomType({ projectKey, draft })).id;
  groupId = groupOf(await groups.createCustomerGroup({ projectKey, draft: { name: "members" } })).id;
});
afterAll(() => service.stop());

/** Does all that can be done to a customer, each call with a request id and as the customer's own user. */
async function liveAs(word: string): Promise<{ readonly id: string; readonly version: bigint }> {
  const headers = { headers: { "x-external-user-id": word } };
  const call = () => ({ projectKey, requestId: `${word}-${randomUUID()}` });
  const { id } = customerOf(
    await customers.createCustomer({ ...call(), draft: wholeDraft(word, typeId) }, headers),
  );
  const actions = wholeActions(word, typeId);
  await customers.updateCustomer({ ...call(), ref: byKey(word), expectedVersion: 1n, actions }, headers);
  const ref = byEmail(`${word}@${word}.example`);
  await customers.recordOrder({ ...call(), ref, order: placedOrder(word) }, headers);
  await groups.addCustomers({ ...call(), ref: byId(groupId), customers: [ref] }, headers);
  // Refusals, which are logged.
  const draft = wholeDraft(word, typeId);
  await failureOf(customers.createCustomer({ ...call(), draft }, headers));
  await failureOf(customers.createCustomer({ ...call(), draft: { ...draft, email: word } }, headers));
  await failureOf(customers.getCustomer({ projectKey, ref: byEmail(`no-${word}@${word}.example`) }));
  await failureOf(customers.updateCustomer({ ...call(), ref, expectedVersion: 1n, actions }, headers));
  return { id, version: 4n };
}

test("finds a word wherever a customer can have it", () =>
  service.withSql(async (sql) => {
    const word = newWord();
    const { id } = await liveAs(word);
    expect(await tablesWith(sql, word)).toEqual({
      "public.customers": 1,
      "public.changes": 4,
      "public.orders": 1,
      "public.request_memory": 3,
    });
    const [row] = await sql`select to_jsonb(c)::text as text from customers c where id = ${id}`;
    const places = JSON.parse(row?.text);
    const without = Object.keys(places).filter((name) => !JSON.stringify(places[name]).includes(word));
    expect(without.toSorted()).toEqual(WITHOUT_A_WORD);
  }));

/** Columns that hold no text of a caller's, and those whose texts can't be a word. */
const WITHOUT_A_WORD = [
  "billing_address_ids",
  "byte_size",
  "created_at",
  "custom_type_id",
  "customer_group_assignments",
  "customer_group_id",
  "date_of_birth",
  "default_billing_address_id",
  "default_shipping_address_id",
  "id",
  "is_email_verified",
  "last_modified_at",
  "locale",
  "placed_order_count",
  "project_id",
  "shipping_address_ids",
  "version",
];

test.each([{ requestId: "" }, { requestId: randomUUID() }])(
  "an erasure leaves no trace of the customer, and all of the others: %o",
  ({ requestId }) =>
    service.withSql(async (sql) => {
      const [word, other] = [newWord(), newWord()];
      const { id, version } = await liveAs(word);
      const bystander = await liveAs(other);
      const kept = await storedOf(sql, bystander.id);
      const birthdays = await tablesWith(sql, BIRTHDAY);
      const [{ customerCount = 0 } = {}] = await sql<{ customerCount: number }[]>`
        select customer_count from customer_groups where id = ${groupId}`;

      const erasure = {
        projectKey,
        ref: byKey(word),
        expectedVersion: version,
        dataErasure: true,
        requestId,
      };
      const headers = { headers: { "x-external-user-id": "operator-7" } };
      const erased = customerOf(await customers.deleteCustomer(erasure, headers));
      expect(erased).toMatchObject({ id, email: `${word}@${word}.example` });
      if (requestId === "") {
        expect(await failureOf(customers.deleteCustomer(erasure, headers))).toMatchObject({
          code: "NotFound",
        });
      } else {
        const { customer } = await customers.deleteCustomer(erasure, headers);
        expect(customer).toEqual(create(CustomerSchema, { id }));
      }

      expect(await tablesWith(sql, word)).toEqual({});
      const told = await sql`
        select version_before, version_after, actions, actor
        from changes
        where resource_id = ${id}
        order by sequence`;
      const emptied = { actions: [], actor: null };
      expect(told).toEqual([
        { versionBefore: null, versionAfter: 1n, ...emptied },
        { versionBefore: 1n, versionAfter: 2n, ...emptied },
        { versionBefore: 2n, versionAfter: 3n, ...emptied },
        { versionBefore: 3n, versionAfter: 4n, ...emptied },
        {
          versionBefore: 4n,
          versionAfter: null,
          actions: [{ delete: { dataErasure: true } }],
          actor: { externalUserId: "operator-7" },
        },
      ]);
      expect(await storedOf(sql, bystander.id)).toEqual(kept);
      const [group] = await sql`select customer_count from customer_groups where id = ${groupId}`;
      expect(group).toEqual({ customerCount: customerCount - 1 });
      // Days are no words: one customer, and what was said of them, is gone.
      const left = await tablesWith(sql, BIRTHDAY);
      expect(left["public.customers"]).toBe((birthdays["public.customers"] ?? 0) - 1);
      expect(left["public.changes"]).toBe((birthdays["public.changes"] ?? 0) - 2);
      expect(left["public.request_memory"]).toBe((birthdays["public.request_memory"] ?? 0) - 2);
      await expectConsistent(sql, projectKey);
    }),
);

test("a deletion without erasure leaves what the changes and remembered calls say", () =>
  service.withSql(async (sql) => {
    const word = newWord();
    const { id, version } = await liveAs(word);
    await customers.deleteCustomer({ projectKey, ref: byId(id), expectedVersion: version });
    expect(await tablesWith(sql, word)).toEqual({ "public.changes": 4, "public.request_memory": 3 });
    await expectConsistent(sql, projectKey);
  }));

// The last one: it is about all that was done before.
test("nothing of any customer was logged, by the service or by PostgreSQL", () => {
  expect(service.output()).toContain("RecordOrder");
  expect(service.postgresLog()).toContain("ready to accept connections");
  for (const log of [service.output(), service.postgresLog()]) {
    expect(log).not.toMatch(/canary/i);
    expect(log).not.toContain(BIRTHDAY);
  }
});

test("leaves nothing in what is remembered of calls about others, who included the customer", () =>
  service.withSql(async (sql) => {
    const word = newWord();
    const { id, version } = await liveAs(word);
    const sponsor = {
      name: "sponsor",
      type: { type: { case: "reference" as const, value: { referenceTypeId: "customer" } } },
    };
    const draft = typeDraft(`t-${randomUUID()}`, sponsor);
    const type = typeOf(await typeClient(service.baseUrl).createCustomType({ projectKey, draft }));
    const group = groupOf(
      await groups.createCustomerGroup({
        projectKey,
        draft: { name: randomUUID(), custom: { type: byId(type.id) } },
      }),
    );
    const value = fromJson(ValueSchema, { typeId: "customer", id });
    const update = {
      projectKey,
      ref: byId(group.id),
      expectedVersion: 1n,
      actions: [{ action: { case: "setCustomField" as const, value: { name: "sponsor", value } } }],
      requestId: randomUUID(),
      expand: ["custom.fields.sponsor"],
    };
    const first = groupOf(await groups.updateCustomerGroup(update));
    expect(JSON.stringify(first.custom?.fields)).toContain(word);

    const ref = byId(id);
    await customers.deleteCustomer({ projectKey, ref, expectedVersion: version, dataErasure: true });
    expect(await tablesWith(sql, word)).toEqual({});
    const again = groupOf(await groups.updateCustomerGroup(update));
    expect(again).toMatchObject({ version: 2n, custom: { fields: { sponsor: { typeId: "customer", id } } } });
    expect(JSON.stringify(again.custom?.fields)).not.toContain(word);
  }));
