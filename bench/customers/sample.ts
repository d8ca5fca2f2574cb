import { create } from "@bufbuild/protobuf";
import { type CustomerGroupRef, CustomerGroupRefSchema } from "../../gen/clientele/v1/customer_group_pb.ts";

/** What is known of seeded customers, so that they can be asked for and answers checked. */
export type CustomerSample = {
  /** Picked by chance, in no order. */
  readonly customers: readonly SampledCustomer[];
  /** Where pages begin: behind customers picked by chance. */
  readonly pages: Readonly<Record<PageKind, readonly SampledPage[]>>;
  readonly firstPages: Readonly<Record<PageKind, SampledPage>>;
};

export type SampledCustomer = {
  readonly id: string;
  readonly key: string;
  readonly email: string;
  /** Of the group that customers are added to. */
  readonly isMember: boolean;
};

/** `token` asks for it, and `ids` are what it holds. */
export type SampledPage = { readonly token: string; readonly ids: readonly string[] };

export const pageKinds = ["id", "email", "group"] as const;
export type PageKind = (typeof pageKinds)[number];

export const PAGE_SIZE = 20;
/** Every sixth seeded customer is a member. */
export const PAGED_GROUP = byKey("silver");
/** Every twentieth seeded customer is a member. */
export const JOINED_GROUP = byKey("reseller");
/** What is asked for to get pages of each kind. */
export const PAGE_REQUESTS: Readonly<
  Record<PageKind, { readonly sort?: string[]; readonly memberOf?: CustomerGroupRef }>
> = {
  id: {},
  email: { sort: ["email"] },
  group: { memberOf: PAGED_GROUP },
};

function byKey(key: string): CustomerGroupRef {
  return create(CustomerGroupRefSchema, { value: { case: "key", value: key } });
}
