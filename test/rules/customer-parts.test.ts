import type { MessageInitShape } from "@bufbuild/protobuf";
import type { TimestampSchema } from "@bufbuild/protobuf/wkt";
import { describe, expect, test } from "vitest";
import { isSameState } from "../../src/customers/actions.ts";
import type { CustomerState, SubscriptionState } from "../../src/customers/state.ts";
import { type Action, apply, customer, ENDED, idOf, NOW, PAY, refusalOfActions, SUB } from "./customers.ts";

type Time = MessageInitShape<typeof TimestampSchema>;
/** Of a second in 2026, and one in 2020. */
const [LATER, EARLY]: readonly [Time, Time] = [{ seconds: 1_785_542_400n }, { seconds: 1_577_836_800n }];
const [LATER_TEXT, EARLY_TEXT] = ["2026-08-01T00:00:00.000Z", "2020-01-01T00:00:00.000Z"];
const [pay] = customer.paymentSources;
const [sub, ended] = customer.subscriptions as readonly [SubscriptionState, SubscriptionState];

const addPayment = (draft: object): Action => ({
  case: "addPaymentSource",
  value: { paymentSource: { token: "new", ...draft } },
});
const changePayment = (id: string, draft: object): Action => ({
  case: "changePaymentSource",
  value: { id, paymentSource: { token: "new", ...draft } },
});
const removePayment = (id: string): Action => ({ case: "removePaymentSource", value: { id } });
const subscribe = (startedAt?: Time): Action => ({
  case: "addSubscription",
  value: { subscription: { reference: "sale", ...(startedAt && { startedAt }) } },
});
const changeSubscription = (id: string, reference: string, startedAt?: Time): Action => ({
  case: "changeSubscription",
  value: { id, subscription: { reference, ...(startedAt && { startedAt }) } },
});
const end = (id: string, endedAt?: Time): Action => ({
  case: "endSubscription",
  value: { id, ...(endedAt && { endedAt }) },
});

describe("changes what it says, and nothing else:", () => {
  test.each<readonly [string, Action, Partial<CustomerState>]>([
    [
      "an added payment source, behind",
      addPayment({ gateway: "g", expiryMonth: 12, expiryYear: 2031 }),
      {
        paymentSources: [
          ...customer.paymentSources,
          { id: idOf("0"), token: "new", gateway: "g", expiryMonth: 12, expiryYear: 2031 },
        ],
      },
    ],
    [
      "a changed payment source, with nothing of what it said before",
      changePayment(PAY.toUpperCase(), { last4: "0000" }),
      { paymentSources: [{ id: PAY, token: "new", last4: "0000" }] },
    ],
    ["a removed payment source", removePayment(PAY.toUpperCase()), { paymentSources: [] }],
    [
      "an added subscription, from now on",
      subscribe(),
      {
        subscriptions: [...customer.subscriptions, { id: idOf("0"), reference: "sale", startedAt: NOW }],
      },
    ],
    [
      "an added subscription with its start",
      subscribe(LATER),
      {
        subscriptions: [
          ...customer.subscriptions,
          { id: idOf("0"), reference: "sale", startedAt: LATER_TEXT },
        ],
      },
    ],
    [
      "a changed subscription that started when it did",
      changeSubscription(SUB.toUpperCase(), "offers"),
      { subscriptions: [{ ...sub, reference: "offers" }, ended] },
    ],
    [
      "a changed subscription that ended, and goes on now",
      changeSubscription(ENDED, "offers", EARLY),
      {
        subscriptions: [sub, { id: ENDED, reference: "offers", startedAt: EARLY_TEXT }],
      },
    ],
    ["a subscription that ends now", end(SUB), { subscriptions: [{ ...sub, endedAt: NOW }, ended] }],
    [
      "a subscription that ended at another time",
      end(ENDED.toUpperCase(), LATER),
      { subscriptions: [sub, { ...ended, endedAt: LATER_TEXT }] },
    ],
    [
      "a subscription that ends as it starts",
      end(SUB, { seconds: 1_767_225_600n }),
      { subscriptions: [{ ...sub, endedAt: sub.startedAt }, ended] },
    ],
  ])("%s", (_, action, changed) => {
    const after = apply(customer, action);
    expect(after).toEqual({ ...customer, ...changed });
    expect(isSameState(customer, after)).toBe(false);
  });
});

describe("leaves the customer the same:", () => {
  test.each<readonly [string, readonly Action[]]>([
    ["the same payment source", [changePayment(PAY, { ...pay, id: undefined })]],
    ["the same subscription", [changeSubscription(SUB, "news")]],
    ["the same end", [end(ENDED, { seconds: 1_748_736_000n })]],
    ["what comes and goes", [addPayment({}), removePayment(idOf("0"))]],
    ["an end that is taken back", [end(SUB), changeSubscription(SUB, "news")]],
  ])("%s", (_, actions) => {
    expect(isSameState(customer, apply(customer, ...actions))).toBe(true);
  });
});

describe("is refused, naming the action:", () => {
  const NONE = idOf("99");
  test.each<readonly [string, readonly Action[], reason: string, path: string]>([
    [
      "a change of no payment source",
      [changePayment(NONE, {})],
      "OPERATION_NOT_ALLOWED",
      "change_payment_source.id",
    ],
    [
      "a removal of no payment source",
      [removePayment(SUB)],
      "OPERATION_NOT_ALLOWED",
      "remove_payment_source.id",
    ],
    [
      "a change of no subscription",
      [changeSubscription(PAY, "x")],
      "OPERATION_NOT_ALLOWED",
      "change_subscription.id",
    ],
    ["an end of no subscription", [end(NONE)], "OPERATION_NOT_ALLOWED", "end_subscription.id"],
    ["an end before the start", [end(SUB, EARLY)], "OPERATION_NOT_ALLOWED", "end_subscription.ended_at"],
    [
      "an end before a start that is to come",
      [changeSubscription(SUB, "news", LATER), end(SUB)],
      "OPERATION_NOT_ALLOWED",
      "end_subscription.ended_at",
    ],
    [
      "a card's number for a token",
      [addPayment({ token: "4111-1111-1111-1111" })],
      "FIELD_INVALID",
      "add_payment_source.payment_source.token",
    ],
    [
      "a card's number for a gateway",
      [changePayment(PAY, { gateway: "at 4111111111111111" })],
      "FIELD_INVALID",
      "change_payment_source.payment_source.gateway",
    ],
  ])("%s", (_, actions, reason, path) => {
    const field = `actions[${actions.length - 1}].${path}`;
    expect(refusalOfActions(customer, ...actions)).toMatchObject({ reason, metadata: { field } });
  });
});

describe("holds its limits of 100:", () => {
  const full: CustomerState = {
    ...customer,
    paymentSources: Array.from({ length: 100 }, (_, n) => ({ id: idOf(`${n + 100}`), token: "t" })),
    subscriptions: Array.from({ length: 100 }, (_, n) => ({
      id: idOf(`${n + 100}`),
      reference: "r",
      startedAt: NOW,
    })),
  };

  test.each([
    ["payment_sources_of_a_customer", addPayment({})],
    ["subscriptions_of_a_customer", subscribe()],
  ])("%s", (limitName, add) => {
    expect(refusalOfActions(full, add)).toMatchObject({
      code: "ResourceExhausted",
      reason: "LIMIT_REACHED",
      metadata: { limit_name: limitName, limit: "100", current: "100" },
    });
  });

  test("not one more payment source, unless one goes", () => {
    expect(apply(full, addPayment({}), removePayment(idOf("100"))).paymentSources).toHaveLength(100);
  });
});
