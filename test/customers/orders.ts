import type { MessageInitShape } from "@bufbuild/protobuf";
import { type Timestamp, timestampFromDate } from "@bufbuild/protobuf/wkt";
import type { OrderDraftSchema } from "../../gen/clientele/v1/customer_service_pb.ts";
import { type Order, OrderStatus } from "../../gen/clientele/v1/order_pb.ts";
import { byId, PROJECT } from "../conformance/groups.ts";
import type { CustomerFixture } from "./customers.ts";

export type OrderDraft = MessageInitShape<typeof OrderDraftSchema>;
/** What a test says of an order besides its id and status. */
export type OrderDetails = {
  readonly placedAt?: Timestamp;
  readonly total?: { readonly currencyCode: string; readonly centAmount: bigint };
};

export const PLACED_AT = timestampFromDate(new Date("2026-01-02T03:04:05.678Z"));

/** An order that comes to 12.34 euros; a placed one was placed at `PLACED_AT`. */
export function orderDraft(orderId: string, status: OrderStatus, more: OrderDetails = {}): OrderDraft {
  const placedAt = status === OrderStatus.PLACED ? { placedAt: PLACED_AT } : {};
  return { orderId, status, total: { currencyCode: "EUR", centAmount: 1234n }, ...placedAt, ...more };
}

export async function record(
  { customers }: Pick<CustomerFixture, "customers">,
  { id }: { readonly id: string },
  order: OrderDraft,
  projectKey = PROJECT,
): Promise<Order> {
  const answer = await customers.recordOrder({ projectKey, ref: byId(id), order });
  if (!answer.order) throw new Error("the answer has no order");
  return answer.order;
}
