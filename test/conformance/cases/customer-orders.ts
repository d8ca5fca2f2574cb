import { expect, test } from "vitest";
import { CustomerStatus } from "../../../gen/clientele/v1/customer_pb.ts";
import { byEmail } from "../../support/customers.ts";
import { getCustomer, newCustomer, orderJson, recordOrder } from "../customers.ts";
import { byId, PROJECT, TIMESTAMP, unique } from "../groups.ts";
import type { Ground } from "../suite.ts";

const MOST = `${2 ** 53 - 1}`;

export function customerOrderCases(ground: () => Ground): void {
  test("records orders of any amount and time, and lists them a page at a time", async () => {
    const { customers } = ground();
    const customer = await newCustomer(customers);
    const word = unique("order");
    const drafts = [
      placed(`${word} B`, "EUR", `-${MOST}`, "0001-01-01T00:00:00Z"),
      placed(`${word} a`, "JPY", MOST, "9999-12-31T23:59:59.999999999Z"),
      placed(`${word} ü 🎁`, "KWD", "0", "2024-02-29T12:34:56.007Z"),
      {
        orderId: `${word} z`,
        status: "ORDER_STATUS_CANCELLED",
        total: { currencyCode: "USD", centAmount: "1" },
      },
    ];
    const orders = [];
    for (const draft of drafts) orders.push(await recordOrder(customers, customer, draft));
    expect(orders.map(orderJson)).toEqual(
      drafts.map((draft) => ({
        ...draft,
        ...("placedAt" in draft && { placedAt: draft.placedAt.replace(/(\.\d{3})\d+/, "$1") }),
        // JSON leaves out an amount of nothing.
        total: draft.total.centAmount === "0" ? { currencyCode: "KWD" } : draft.total,
        customerId: customer.id,
        createdAt: expect.stringMatching(TIMESTAMP),
        lastModifiedAt: expect.stringMatching(TIMESTAMP),
      })),
    );
    expect(orders.map(({ total }) => total?.centAmount)).toEqual([-BigInt(MOST), BigInt(MOST), 0n, 1n]);
    expect(await getCustomer(customers, customer)).toMatchObject({
      version: 5n,
      status: CustomerStatus.REPEAT,
      placedOrderCount: 3,
    });

    // By code point.
    const [b, a, u, z] = orders;
    const list = { projectKey: PROJECT, ref: byEmail(customer.email.toLowerCase()), limit: 3 };
    const page = await customers.listOrders(list);
    expect(page.orders).toEqual([b, a, z]);
    const rest = await customers.listOrders({ ...list, pageToken: page.nextPageToken });
    expect(rest).toMatchObject({ orders: [u], nextPageToken: "" });
  });
}

export function customerOrderChangeCases(ground: () => Ground): void {
  test("changes an order that is known, and nothing when it is recorded again", async () => {
    const { customers } = ground();
    const customer = await newCustomer(customers);
    const orderId = unique("order");
    const first = await recordOrder(customers, customer, { orderId });
    expect(first.placedAt).toBeUndefined();
    const draft = placed(orderId, "EUR", "5", "2024-01-01T00:00:00.500Z");
    const changed = await recordOrder(customers, customer, draft);
    expect(orderJson(changed)).toMatchObject({ ...draft, createdAt: orderJson(first).createdAt });
    const acquired = await getCustomer(customers, customer);
    expect(acquired).toMatchObject({ version: 3n, status: CustomerStatus.ACQUIRED, placedOrderCount: 1 });

    expect(await recordOrder(customers, customer, draft)).toEqual(changed);
    expect(await getCustomer(customers, customer)).toEqual(acquired);
  });

  test("lists no orders of a customer who has none", async () => {
    const { customers } = ground();
    const { id } = await newCustomer(customers);
    const answer = await customers.listOrders({ projectKey: PROJECT, ref: byId(id) });
    expect(answer).toMatchObject({ orders: [], nextPageToken: "" });
  });
}

function placed(orderId: string, currencyCode: string, centAmount: string, placedAt: string) {
  return { orderId, status: "ORDER_STATUS_PLACED", placedAt, total: { currencyCode, centAmount } };
}
