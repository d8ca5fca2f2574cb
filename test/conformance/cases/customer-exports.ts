import { fromBinary, toJson } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { ChangeSchema } from "../../../gen/clientele/v1/change_pb.ts";
import {
  CreateCustomerResponseSchema,
  CustomerDraftSchema,
  type ExportCustomerResponse_Part,
  OrderDraftSchema,
} from "../../../gen/clientele/v1/customer_service_pb.ts";
import { customerOf } from "../../support/customers.ts";
import { customerDraft, getCustomer, orderDraft, recordOrder } from "../customers.ts";
import { byId, PROJECT, TIMESTAMP, unique } from "../groups.ts";
import type { Ground } from "../suite.ts";

type Part = ExportCustomerResponse_Part["part"];

export function customerExportCases(ground: () => Ground): void {
  test("exports a customer, the orders, the changes and the remembered calls, a page at a time", async () => {
    const { customers } = ground();
    const as = { headers: { "x-external-user-id": "bob" } };
    const request = {
      projectKey: PROJECT,
      draft: customerDraft({ firstName: "Zoë" }),
      requestId: unique("request"),
    };
    const created = await customers.createCustomer(request, as);
    const customer = customerOf(created);
    const ref = byId(customer.id);
    const word = unique("order");
    const orders = [
      await recordOrder(customers, customer, { orderId: `${word}-1` }),
      await recordOrder(customers, customer, { orderId: `${word}-2` }),
    ];

    const parts: Part[] = [];
    let pageToken = "";
    do {
      const page = await customers.exportCustomer({ projectKey: PROJECT, ref, limit: 1, pageToken });
      expect(page.parts.length).toBeLessThanOrEqual(1);
      parts.push(...page.parts.map(({ part }) => part));
      pageToken = page.nextPageToken;
    } while (pageToken !== "");

    expect(parts.slice(0, 3)).toEqual([
      { case: "customer", value: await getCustomer(customers, customer) },
      ...orders.map((value) => ({ case: "order", value })),
    ]);
    const changes = parts.flatMap((part) =>
      part.case === "change" ? [toJson(ChangeSchema, part.value)] : [],
    );
    const common = {
      sequence: expect.stringMatching(/^[1-9]\d*$/),
      resourceType: "customer",
      resourceId: customer.id,
      at: expect.stringMatching(TIMESTAMP),
    };
    expect(changes).toEqual([
      {
        ...common,
        versionAfter: "1",
        actions: [{ create: toJson(CustomerDraftSchema, request.draft) }],
        actor: { externalUserId: "bob" },
      },
      ...orders.map(({ orderId }, index) => ({
        ...common,
        versionBefore: `${index + 1}`,
        versionAfter: `${index + 2}`,
        actions: [{ recordOrder: { order: toJson(OrderDraftSchema, orderDraft({ orderId })) } }],
      })),
    ]);
    const calls = parts.flatMap((part) => (part.case === "rememberedCall" ? [part.value] : []));
    expect(calls.map(({ at }) => at)).toEqual([customer.createdAt]);
    expect(calls.map(({ answer }) => fromBinary(CreateCustomerResponseSchema, answer))).toEqual([created]);
    expect(parts).toHaveLength(7);
  });
}
