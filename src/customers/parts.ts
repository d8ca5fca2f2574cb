import type { Timestamp } from "@bufbuild/protobuf/wkt";
import type { AddressDraft } from "../../gen/clientele/v1/address_pb.ts";
import type { CustomerGroupRef } from "../../gen/clientele/v1/customer_group_pb.ts";
import type { PaymentSourceDraft } from "../../gen/clientele/v1/payment_source_pb.ts";
import type { SubscriptionDraft } from "../../gen/clientele/v1/subscription_pb.ts";
import { customOfDraft } from "../custom-fields/actions.ts";
import type { CustomState } from "../custom-fields/state.ts";
import { failure } from "../errors.ts";
import { parseRef } from "../refs.ts";
import { isDay } from "../times.ts";
import { looksLikeCardNumber } from "./card-number.ts";
import type { CustomerContext } from "./context.ts";
import { canonicalEmail } from "./email.ts";
import {
  ADDRESS_TEXTS,
  type AddressState,
  type PaymentSourceState,
  type SubscriptionState,
} from "./state.ts";

// What drafts say of the parts of a customer; pure. Each names the field that is wrong.

/** @throws Failure FIELD_INVALID at `path`. */
export function emailState(email: string, path: string) {
  const emailCanonical = canonicalEmail(email);
  if (emailCanonical === undefined) throw failure.field(path, "email.domain", "must end with a domain");
  const bytes = Buffer.byteLength(emailCanonical);
  if (bytes > MAX_CANONICAL_BYTES) {
    const description = `would be ${bytes} bytes in the form that is compared; the limit is ${MAX_CANONICAL_BYTES}`;
    throw failure.field(path, "email.canonical", description);
  }
  return { email, emailCanonical };
}

/** One character can become eighteen, and an index and page tokens hold the address. */
const MAX_CANONICAL_BYTES = 1024;

/** @throws Failure FIELD_INVALID at `path`. */
export function dayState(day: string | undefined, path: string): string | null {
  if (day !== undefined && !isDay(day)) throw failure.field(path, "date", "must be a day that exists");
  return day ?? null;
}

/** @throws Failure REFERENCE_NOT_FOUND at `path`. */
export function groupId(ref: CustomerGroupRef, { groups }: CustomerContext, path: string): string {
  const parsed = parseRef(ref);
  const group = groups.get(parsed);
  if (!group) throw failure.referenceNotFound(path, { type: "customer-group", ...parsed });
  return group.id;
}

/** @throws Failure of the custom fields, as `customOfDraft`. */
export function addressState(
  id: string,
  draft: AddressDraft,
  { types }: CustomerContext,
  path: string,
): AddressState {
  const texts = ADDRESS_TEXTS.map((name) => [name, draft[name]] as const);
  return {
    ...Object.fromEntries(texts.filter(([, text]) => text !== undefined)),
    id,
    ...(draft.key !== undefined && { key: draft.key }),
    country: draft.country,
    ...(draft.custom && withCustom(customOfDraft(draft.custom, "address", types, `${path}.custom`))),
  };
}

/** The custom fields of an address, as they are stored in it. */
export function withCustom({ customTypeId, customFields }: CustomState) {
  return customTypeId === null || customFields === null ? {} : { customTypeId, customFields };
}

/** @throws Failure FIELD_INVALID at the text that looks like the number of a card. */
export function paymentSourceState(id: string, draft: PaymentSourceDraft, path: string): PaymentSourceState {
  for (const name of ["token", "gateway", "brand"] as const) {
    if (looksLikeCardNumber(draft[name] ?? "")) {
      throw failure.field(
        `${path}.${name}`,
        "payment_source.card_number",
        "looks like the number of a card, which is not kept here",
      );
    }
  }
  const { token, gateway, brand, last4, expiryMonth, expiryYear } = draft;
  return {
    id,
    token,
    ...(gateway !== undefined && { gateway }),
    ...(brand !== undefined && { brand }),
    ...(last4 !== undefined && { last4 }),
    ...(expiryMonth !== undefined && { expiryMonth }),
    ...(expiryYear !== undefined && { expiryYear }),
  };
}

/** @throws Failure FIELD_INVALID at a time that can't be kept. */
export function subscriptionState(
  id: string,
  { reference, startedAt }: SubscriptionDraft,
  defaultStart: string,
  path: string,
): SubscriptionState {
  return { id, reference, startedAt: timeState(startedAt, `${path}.started_at`) ?? defaultStart };
}

/** A time to the millisecond, what is finer cut off, as ISO 8601. @throws Failure FIELD_INVALID at `path`. */
export function timeState(time: Timestamp | undefined, path: string): string | undefined {
  if (!time) return undefined;
  if (time.nanos < 0 || time.nanos > 999_999_999) {
    throw failure.field(path, "timestamp", "must have 0 to 999,999,999 nanos");
  }
  const date = new Date(Number(time.seconds) * 1000 + Math.floor(time.nanos / 1_000_000));
  const year = date.getUTCFullYear();
  if (!(year >= 1 && year <= 9999)) throw failure.field(path, "timestamp", "must be in the years 1 to 9999");
  return date.toISOString();
}
