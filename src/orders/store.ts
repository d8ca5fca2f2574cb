import { isActive } from "../db/active-project.ts";
import { commitFunction } from "../db/commit-function.ts";
import type { Statement } from "../db/connection.ts";

export type OrderRow = {
  readonly orderId: string;
  readonly customerId: string;
  readonly status: "pending" | "placed" | "cancelled";
  readonly placedAt: Date | null;
  readonly currencyCode: string;
  readonly centAmount: bigint;
  readonly createdAt: Date;
  readonly lastModifiedAt: Date;
};

/** A customer's orders by their order ids, behind `after`, at most `limit`. */
export function listOrders(
  projectId: string,
  customerId: string,
  after: string,
  limit: number,
): Statement<OrderRow> {
  return (sql) => sql<OrderRow[]>`
    select order_id, customer_id, status, placed_at, currency_code, cent_amount, created_at, last_modified_at
    from orders
    where project_id = ${projectId}
      and customer_id = ${customerId}
      and order_id > ${after}
      and ${isActive(sql, projectId)}
    order by order_id
    limit ${limit}`;
}

export const commitOrders = commitFunction("commit_orders_v1");
