import type { MessageInitShape } from "@bufbuild/protobuf";
import { createClient, type Interceptor } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import type { Customer } from "../../gen/clientele/v1/customer_pb.ts";
import {
  type CustomerDraftSchema,
  CustomerService,
  type CustomerUpdateActionSchema,
} from "../../gen/clientele/v1/customer_service_pb.ts";

export type CustomerDraft = MessageInitShape<typeof CustomerDraftSchema>;
export type CustomerAction = NonNullable<MessageInitShape<typeof CustomerUpdateActionSchema>["action"]>;

/** A typed gRPC client with connections of its own. */
export function customerClient(baseUrl: string, interceptors: Interceptor[] = []) {
  return createClient(CustomerService, createGrpcTransport({ baseUrl, interceptors }));
}

/** The customer of an answer that must hold one. */
export function customerOf({ customer }: { readonly customer?: Customer | undefined }): Customer {
  if (!customer) throw new Error("the answer has no customer");
  return customer;
}

export function byEmail(email: string) {
  return { value: { case: "email" as const, value: email } };
}
