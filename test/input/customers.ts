import { randomUUID } from "node:crypto";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import {
  type CustomerDraftSchema,
  CustomerService,
  type CustomerUpdateActionSchema,
} from "../../gen/clientele/v1/customer_service_pb.ts";
import { failureOf } from "../support/failures.ts";
import { startTestService } from "../support/service.ts";

type Draft = MessageInitShape<typeof CustomerDraftSchema>;
type Action = NonNullable<MessageInitShape<typeof CustomerUpdateActionSchema>["action"]>;
export type CustomerInput = Awaited<ReturnType<typeof startCustomerInput>>;

const projectKey = "demo";

/** Starts the real service, with one customer to try actions on. */
export async function startCustomerInput() {
  const service = await startTestService();
  const customers = createClient(CustomerService, createGrpcTransport({ baseUrl: service.baseUrl }));

  async function create(draft: Draft) {
    const whole = { email: `${randomUUID()}@example.test`, ...draft };
    const { customer } = await customers.createCustomer({ projectKey, draft: whole });
    if (!customer) throw new Error("the answer has no customer");
    return customer;
  }

  const customer = await create({
    paymentSources: [{ token: "tok_1" }],
    subscriptions: [{ reference: "news" }],
  });
  const ref = { value: { case: "id", value: customer.id } } as const;
  const update = async (version: bigint, action: Action) => {
    // The second action, so that an index is seen to be the action's own.
    const actions = [{ action: { case: "setKey", value: {} } as const }, { action }];
    return customers.updateCustomer({ projectKey, ref, expectedVersion: version, actions });
  };

  return {
    ...service,
    customers,
    customer,
    ref,
    create,
    /** What is said to a draft, and to the second of two actions. */
    refusalOfDraft: async (draft: Draft) => told(await failureOf(create(draft))),
    refusalOfAction: async (action: Action) => told(await failureOf(update(1n, action))),
    get: async () => (await customers.getCustomer({ projectKey, ref })).customer,
  };
}

/** As `refusalOfDraft` tells it. */
export function invalid(field: string, rule: string) {
  return { code: "InvalidArgument", reason: "FIELD_INVALID", metadata: { field, rule }, fields: [field] };
}

function told({ code, reason, metadata, fields }: Awaited<ReturnType<typeof failureOf>>) {
  return { code, reason, metadata, fields };
}
