import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { type Order, OrderStatus } from "../../gen/clientele/v1/order_pb.ts";
import type { OrderRow } from "./store.ts";

const STATUS: Readonly<Record<OrderRow["status"], OrderStatus>> = {
  pending: OrderStatus.PENDING,
  placed: OrderStatus.PLACED,
  cancelled: OrderStatus.CANCELLED,
};

export function toStatusState(status: OrderStatus): OrderRow["status"] {
  switch (status) {
    case OrderStatus.PENDING:
      return "pending";
    case OrderStatus.PLACED:
      return "placed";
    case OrderStatus.CANCELLED:
      return "cancelled";
    default:
      throw new Error("unreachable: the validator requires one of these");
  }
}

export function toMessage(row: OrderRow): Order {
  const order: Order = {
    $typeName: "clientele.v1.Order",
    orderId: row.orderId,
    customerId: row.customerId,
    status: STATUS[row.status],
    total: { $typeName: "clientele.v1.Money", currencyCode: row.currencyCode, centAmount: row.centAmount },
    createdAt: timestampFromDate(row.createdAt),
    lastModifiedAt: timestampFromDate(row.lastModifiedAt),
  };
  if (row.placedAt) order.placedAt = timestampFromDate(row.placedAt);
  return order;
}
