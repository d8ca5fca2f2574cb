import { randomUUID } from "node:crypto";
import { toBinary } from "@bufbuild/protobuf";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Customer } from "../../gen/clientele/v1/customer_pb.ts";
import {
  CreateCustomerResponseSchema,
  type ExportCustomerResponse_Part,
  RecordOrderResponseSchema,
  UpdateCustomerResponseSchema,
} from "../../gen/clientele/v1/customer_service_pb.ts";
import { ResourceType } from "../../gen/clientele/v1/resource_type_pb.ts";
import { byId, groupOf } from "../conformance/groups.ts";
import { field, typeClient, typeDraft, typeOf } from "../support/custom-types.ts";
import { byEmail, customerClient, customerOf } from "../support/customers.ts";
import { failureOf } from "../support/failures.ts";
import { cancelledOrder, placedOrder } from "../support/orders.ts";
import { groupClient, startTestService } from "../support/service.ts";
import { newWord, wholeActions, wholeDraft } from "./canary.ts";

// All that is held about a customer, and nothing else, is exported.

const projectKey = "demo";
let service: Awaited<ReturnType<typeof startTestService>>;
let customers: ReturnType<typeof customerClient>;
let groups: ReturnType<typeof groupClient>;
let typeId: string;

beforeAll(async () => {
  service = await startTestService({ CLIENTELE_PROJECTS: "demo,other" });
  customers = customerClient(service.baseUrl);
  groups = groupClient(service.baseUrl);
  const resourceTypes = [ResourceType.CUSTOMER, ResourceType.ADDRESS];
  const draft = { ...typeDraft("notes", field("note", "string")), resourceTypes };
  typeId = typeOf(await typeClient(service.baseUrl).createCustomType({ projectKey, draft })).id;
});
afterAll(() => service.stop());

/** Creates a customer with 5 orders and 9 changes, of which 7 are remembered. Returns what the calls answered. */
async function newCustomer(word: string) {
  const headers = { headers: { "x-external-user-id": "shop" } };
  const call = () => ({ projectKey, requestId: randomUUID() });
  const created = await customers.createCustomer({ ...call(), draft: wholeDraft(word, typeId) }, headers);
  const ref = byId(customerOf(created).id);
  const actions = wholeActions(word, typeId);
  const updated = await customers.updateCustomer({ ...call(), ref, expectedVersion: 1n, actions }, headers);
  const orders = [];
  for (const number of [3, 1, 4, 2, 5]) {
    orders.push(await customers.recordOrder({ ...call(), ref, order: placedOrder(`${word} ${number}`) }));
  }
  const cancelled = await customers.recordOrder({ projectKey, ref, order: cancelledOrder(`${word} 4`) });
  const group = groupOf(await groups.createCustomerGroup({ projectKey, draft: { name: word } }));
  await groups.addCustomers({ ...call(), ref: byId(group.id), customers: [ref] });
  return { ref, groupId: group.id, created, updated, orders, cancelled };
}

async function get(ref: ReturnType<typeof byId>): Promise<Customer> {
  return customerOf(await customers.getCustomer({ projectKey, ref }));
}

async function exportAll(ref: ReturnType<typeof byId>, limit?: number) {
  const pages: ExportCustomerResponse_Part[][] = [];
  for (let pageToken = ""; ; ) {
    const request = { projectKey, ref, pageToken, ...(limit !== undefined && { limit }) };
    const { parts, nextPageToken } = await customers.exportCustomer(request);
    pages.push(parts);
    if (nextPageToken === "") return pages;
    pageToken = nextPageToken;
  }
}

function partsOf<Case extends ExportCustomerResponse_Part["part"]["case"]>(
  pages: readonly ExportCustomerResponse_Part[][],
  kind: Case,
) {
  return pages
    .flat()
    .flatMap(({ part }) =>
      part.case === kind ? [part.value as Extract<typeof part, { case: Case }>["value"]] : [],
    );
}

test.each([{ limit: 1 }, { limit: 2 }, { limit: 500 }, { limit: undefined }])(
  "gives the customer, each order, change and remembered call once, over pages of $limit",
  async ({ limit }) => {
    const [word, other] = [newWord(), newWord()];
    await newCustomer(other);
    const { ref, groupId, created, updated, orders, cancelled } = await newCustomer(word);
    const pages = await exportAll(ref, limit);
    for (const page of pages) expect(page.length).toBeLessThanOrEqual(limit ?? 20);

    const kinds = pages.flat().map(({ part }) => part.case);
    const many = (count: number, kind: string) => Array.from({ length: count }, () => kind);
    const foreseen = ["customer", ...many(5, "order"), ...many(9, "change"), ...many(7, "rememberedCall")];
    expect(kinds).toEqual(foreseen);
    expect(partsOf(pages, "customer")).toEqual([await get(ref)]);

    const recorded = orders.flatMap(({ order }) => order ?? []);
    const byOrderId = recorded.toSorted((a, b) => (a.orderId < b.orderId ? -1 : 1));
    expect(partsOf(pages, "order")).toEqual(
      byOrderId.map((order) => (order.orderId === cancelled.order?.orderId ? cancelled.order : order)),
    );

    const changes = partsOf(pages, "change");
    expect(changes.map(({ versionBefore, versionAfter }) => [versionBefore, versionAfter])).toEqual(
      [undefined, 1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n].map((before) => [before, (before ?? 0n) + 1n]),
    );
    expect(changes.every(({ resourceId }) => resourceId === ref.value.value)).toBe(true);
    expect(changes.map(({ actor }) => actor?.externalUserId)).toEqual(["shop", "shop", ...Array(7)]);
    const told = changes.map(({ actions }) => actions);
    expect(told[0]?.[0]).toMatchObject({ create: { firstName: word, addresses: [{ city: word }] } });
    expect(told[1]).toHaveLength(wholeActions(word, typeId).length);
    expect(told[8]).toEqual([{ addCustomerGroupAssignment: { customerGroup: { id: groupId } } }]);

    const answers = partsOf(pages, "rememberedCall").map(({ answer }) => Buffer.from(answer).toString("hex"));
    const answered = [
      toBinary(CreateCustomerResponseSchema, created),
      toBinary(UpdateCustomerResponseSchema, updated),
      ...orders.map((order) => toBinary(RecordOrderResponseSchema, order)),
    ].map((answer) => Buffer.from(answer).toString("hex"));
    expect(answers.toSorted()).toEqual(answered.toSorted());
  },
);

test("gives nothing of what is erased", async () => {
  const { ref } = await newCustomer(newWord());
  const { version: expectedVersion } = await get(ref);
  const { nextPageToken: pageToken } = await customers.exportCustomer({ projectKey, ref });
  await customers.deleteCustomer({ projectKey, ref, expectedVersion, dataErasure: true });
  for (const token of ["", pageToken]) {
    const call = customers.exportCustomer({ projectKey, ref, pageToken: token });
    expect(await failureOf(call)).toMatchObject({ code: "NotFound", reason: "RESOURCE_NOT_FOUND" });
  }
});

test("takes a page token of the same customer only, by whatever name, and of this call only", async () => {
  const [word, other] = [newWord(), newWord()];
  const [{ ref }, { ref: otherRef }] = [await newCustomer(word), await newCustomer(other)];
  const email = `${word}@${word}.example`;
  await customers.createCustomer({ projectKey: "other", draft: { email } });
  const limit = 1;
  const { nextPageToken: pageToken } = await customers.exportCustomer({ projectKey, ref, limit });
  const { nextPageToken: ofOrders } = await customers.listOrders({ projectKey, ref, limit });

  const ownName = customers.exportCustomer({
    projectKey,
    ref: byEmail(email.toUpperCase()),
    limit,
    pageToken,
  });
  expect((await ownName).parts[0]?.part.case).toBe("order");
  const refused = [
    customers.exportCustomer({ projectKey, ref: otherRef, pageToken }),
    customers.exportCustomer({ projectKey: "other", ref: byEmail(email), pageToken }),
    customers.exportCustomer({ projectKey, ref, pageToken: ofOrders }),
    customers.listOrders({ projectKey, ref, pageToken }),
    customers.listOrders({ projectKey, ref: otherRef, pageToken: ofOrders }),
    customers.exportCustomer({ projectKey, ref, pageToken: `${pageToken}A` }),
  ];
  for (const refusal of await Promise.all(refused.map(failureOf))) {
    expect(refusal).toMatchObject({ code: "InvalidArgument", reason: "PAGE_TOKEN_INVALID" });
  }
});
