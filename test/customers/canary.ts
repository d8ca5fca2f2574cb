import { randomUUIDv7 } from "node:crypto";
import { type DescMessage, fromJson, type JsonObject, ScalarType } from "@bufbuild/protobuf";
import { AddressDraftSchema } from "../../gen/clientele/v1/address_pb.ts";
import {
  type CustomerDraft,
  CustomerDraftSchema,
  type CustomerUpdateAction,
  CustomerUpdateActionSchema,
} from "../../gen/clientele/v1/customer_service_pb.ts";
import { PaymentSourceDraftSchema } from "../../gen/clientele/v1/payment_source_pb.ts";
import { SubscriptionDraftSchema } from "../../gen/clientele/v1/subscription_pb.ts";

// Customers who have one word in every text that they can have.

/** A day that nothing else is about. */
export const BIRTHDAY = "1911-11-13";

/** A word that is found nowhere else: it may be a key, and a domain too. */
export function newWord(): string {
  // Letters alone: the digits of some ids look like the number of a card, which is refused.
  return `canary${randomUUIDv7()
    .replaceAll("-", "")
    .replace(/\d/g, (digit) => "ghijklmnop"[Number(digit)] ?? "")}`;
}

/** @param typeId of a custom type with the field `note`, for customers and addresses. */
export function wholeDraft(word: string, typeId: string): CustomerDraft {
  return fromJson(CustomerDraftSchema, {
    ...texts(CustomerDraftSchema, word),
    addresses: [address(word, typeId)],
    defaultBillingAddress: 0,
    paymentSources: [texts(PaymentSourceDraftSchema, word)],
    subscriptions: [texts(SubscriptionDraftSchema, word)],
    metadata: { [word]: { deep: [word] } },
    custom: { type: { id: typeId }, fields: { note: word } },
  });
}

/** Every action that brings words in. */
export function wholeActions(word: string, typeId: string): CustomerUpdateAction[] {
  const actions: JsonObject[] = [
    ...textActions(word),
    { addAddress: { address: { ...address(word, typeId), key: `${word}-2` } } },
    { setAddressCustomField: { address: { key: word }, name: "note", value: `${word}!` } },
    { setCustomField: { name: "note", value: `${word}!` } },
    { setMetadata: { metadata: { [word]: word } } },
    { addPaymentSource: { paymentSource: texts(PaymentSourceDraftSchema, word) } },
    { addSubscription: { subscription: texts(SubscriptionDraftSchema, word) } },
  ];
  return actions.map((action) => fromJson(CustomerUpdateActionSchema, action));
}

function address(word: string, typeId: string): JsonObject {
  return { ...texts(AddressDraftSchema, word), custom: { type: { id: typeId }, fields: { note: word } } };
}

/** The actions that are nothing but texts. */
function textActions(word: string): JsonObject[] {
  return CustomerUpdateActionSchema.fields.flatMap(({ jsonName, message }) => {
    const isOfTexts = message?.fields.every(({ scalar }) => scalar === ScalarType.STRING) ?? false;
    return message && isOfTexts && !TAKES_AWAY.has(jsonName) ? [{ [jsonName]: texts(message, word) }] : [];
  });
}

const TAKES_AWAY: ReadonlySet<string> = new Set(["removePaymentSource", "removeTag"]);

/** All texts of a message. */
function texts({ fields }: DescMessage, word: string): JsonObject {
  const said = fields
    .filter(({ scalar }) => scalar === ScalarType.STRING)
    .map(({ jsonName, fieldKind }) => {
      const text = OTHER_TEXTS[jsonName] ?? (jsonName === "email" ? `${word}@${word}.example` : word);
      return [jsonName, fieldKind === "list" ? [text] : text];
    });
  return Object.fromEntries(said);
}

/** Those that can't be just any word. */
const OTHER_TEXTS: Readonly<Record<string, string>> = {
  country: "IS",
  dateOfBirth: BIRTHDAY,
  last4: "4242",
  locale: "is-IS",
};
