import type { KnownTypes } from "../custom-fields/state.ts";
import type { Known } from "../known.ts";

/** What drafts and actions need besides the customer. */
export type CustomerContext = {
  /** Makes the id of an address, a payment source or a subscription. */
  readonly newId: () => string;
  readonly types: KnownTypes;
  readonly groups: Known<{ readonly id: string }>;
  /** When the change is made. */
  readonly now: Date;
};
