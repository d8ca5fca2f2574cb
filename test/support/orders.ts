import type { MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import type { OrderDraftSchema } from "../../gen/clientele/v1/customer_service_pb.ts";
import { OrderStatus } from "../../gen/clientele/v1/order_pb.ts";

type OrderDraft = MessageInitShape<typeof OrderDraftSchema>;

export function placedOrder(orderId: string, centAmount = 1999n): OrderDraft {
  const placedAt = timestampFromDate(new Date("2024-05-06T07:08:09.010Z"));
  return { orderId, status: OrderStatus.PLACED, placedAt, total: { currencyCode: "EUR", centAmount } };
}

export function pendingOrder(orderId: string, centAmount = 1999n): OrderDraft {
  return { orderId, status: OrderStatus.PENDING, total: { currencyCode: "EUR", centAmount } };
}

export function cancelledOrder(orderId: string, centAmount = 1999n): OrderDraft {
  return { orderId, status: OrderStatus.CANCELLED, total: { currencyCode: "EUR", centAmount } };
}
