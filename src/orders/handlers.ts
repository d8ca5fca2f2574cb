import { toJson } from "@bufbuild/protobuf";
import type { ServiceImpl } from "@connectrpc/connect";
import {
  type CustomerService,
  OrderDraftSchema,
  RecordOrderResponseSchema,
} from "../../gen/clientele/v1/customer_service_pb.ts";
import { callOf } from "../call.ts";
import { isCurrency } from "../custom-fields/values/money.ts";
import { timeState } from "../customers/parts.ts";
import type { StoredCustomerRow } from "../customers/store.ts";
import type { Database } from "../db/database.ts";
import { failure } from "../errors.ts";
import type { Lookup } from "../lookup.ts";
import { openMutations } from "../mutation.ts";
import type { PageTokens } from "../paging/page-token.ts";
import { projectIdOf } from "../projects/project-id.ts";
import type { Projects } from "../projects/projects.ts";
import { required } from "../refs.ts";
import { toMessage, toStatusState } from "./message.ts";
import { commitOrders, listOrders } from "./store.ts";

export type OrderOptions = {
  readonly db: Database;
  readonly projects: Projects;
  readonly tokens: PageTokens;
  readonly customers: Lookup<StoredCustomerRow>;
  readonly clock: () => Date;
};

/**
 * RecordOrder and ListOrders. An order is recorded by the commit function, under the project's lock: it needs
 * no version.
 */
export function orderHandlers({
  db,
  projects,
  tokens,
  customers,
  clock,
}: OrderOptions): Pick<ServiceImpl<typeof CustomerService>, "recordOrder" | "listOrders"> {
  const mutate = openMutations(db, projects, {
    resourceType: "customer",
    limitName: "orders",
    commit: commitOrders,
    answersInJson: true,
  });

  return {
    recordOrder(request, context) {
      const order = required(request.order);
      const total = required(order.total);
      if (!isCurrency(total.currencyCode)) {
        throw failure.field("order.total.currency_code", "money.currency", "must be a currency of ISO 4217");
      }
      const placedAt = timeState(order.placedAt, "order.placed_at") ?? null;
      return mutate(request, context, RecordOrderResponseSchema, async (_, project) => {
        const customer = await customers.require(project.id, request.ref);
        return {
          kind: "record",
          id: customer.id,
          expectedVersion: 0n,
          at: clock(),
          actions: [{ recordOrder: { order: toJson(OrderDraftSchema, order) } }],
          columns: {
            order_id: order.orderId,
            status: toStatusState(order.status),
            placed_at: placedAt,
            currency_code: total.currencyCode,
            cent_amount: `${total.centAmount}`,
          },
        };
      });
    },

    async listOrders({ projectKey, ref, limit = DEFAULT_LIMIT, pageToken }, context) {
      const projectId = projectIdOf(projectKey);
      await projects.recall(projectKey);
      const customer = await customers.require(projectId, ref);
      const identity = { projectId, method: "ListOrders", sort: [], filter: customer.id };
      const after = pageToken === "" ? "" : (tokens.open(identity, pageToken)[0] ?? "");
      const { over } = callOf(context).deadline;
      const list = listOrders(projectId, customer.id, after, limit + 1);
      const found = await db.reads.query(projectId, list, { over });
      // An empty page is an answer only of a project that is still there.
      if (found.length === 0) await projects.require(projectKey);
      const orders = found.slice(0, limit);
      const last = orders.at(-1);
      return {
        orders: orders.map(toMessage),
        nextPageToken: last && found.length > limit ? tokens.seal(identity, [last.orderId]) : "",
      };
    },
  };
}

const DEFAULT_LIMIT = 20;
