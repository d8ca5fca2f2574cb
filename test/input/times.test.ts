import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { OrderStatus } from "../../gen/clientele/v1/order_pb.ts";
import { failureOf } from "../support/failures.ts";
import { type CustomerInput, invalid, startCustomerInput } from "./customers.ts";

// Binary requests hold points in time that JSON can't say.

let input: CustomerInput;

beforeAll(async () => {
  input = await startCustomerInput();
});
afterAll(() => input.stop());

type Time = { readonly seconds?: bigint; readonly nanos?: number };
const secondsOf = (iso: string) => timestampFromDate(new Date(iso)).seconds;
const FIRST = secondsOf("0001-01-01T00:00:00Z");
const LAST = secondsOf("9999-12-31T23:59:59Z");

function recordOrder(placedAt: Time) {
  const order = {
    orderId: `${placedAt.seconds} ${placedAt.nanos}`,
    status: OrderStatus.PLACED,
    placedAt,
    total: { currencyCode: "EUR", centAmount: 1n },
  };
  return input.customers.recordOrder({ projectKey: "demo", ref: input.ref, order });
}

describe.each<readonly [string, Time]>([
  ["a second before the year 1", { seconds: FIRST - 1n }],
  ["a nanosecond before the year 1", { seconds: FIRST - 1n, nanos: 999_999_999 }],
  ["the year 10000", { seconds: LAST + 1n }],
  ["the first second of all", { seconds: -(2n ** 63n) }],
  ["the last second of all", { seconds: 2n ** 63n - 1n }],
  ["negative nanoseconds", { seconds: 1n, nanos: -1 }],
  ["a second of nanoseconds", { seconds: 1n, nanos: 1_000_000_000 }],
  ["the most nanoseconds", { nanos: 2 ** 31 - 1 }],
])("%s", (_, time) => {
  test("is no time to place an order", async () => {
    const { code, reason, metadata, fields } = await failureOf(recordOrder(time));
    expect({ code, reason, metadata, fields }).toEqual(invalid("order.placed_at", "timestamp"));
  });

  test("is no time of a subscription", async () => {
    const subscription = { reference: "news", startedAt: time };
    const subscriptions = [{ reference: "offers" }, subscription];
    expect(await input.refusalOfDraft({ subscriptions })).toEqual(
      invalid("draft.subscriptions[1].started_at", "timestamp"),
    );
    expect(await input.refusalOfAction({ case: "addSubscription", value: { subscription } })).toEqual(
      invalid("actions[1].add_subscription.subscription.started_at", "timestamp"),
    );
    const id = input.customer.subscriptions[0]?.id ?? "";
    expect(await input.refusalOfAction({ case: "changeSubscription", value: { id, subscription } })).toEqual(
      invalid("actions[1].change_subscription.subscription.started_at", "timestamp"),
    );
    expect(await input.refusalOfAction({ case: "endSubscription", value: { id, endedAt: time } })).toEqual(
      invalid("actions[1].end_subscription.ended_at", "timestamp"),
    );
  });
});

test.each<readonly [string, Time, string]>([
  ["the first moment of all", { seconds: FIRST }, "0001-01-01T00:00:00.000Z"],
  ["the last one", { seconds: LAST, nanos: 999_999_999 }, "9999-12-31T23:59:59.999Z"],
  ["one before 1970", { seconds: -1n, nanos: 1_999_999 }, "1969-12-31T23:59:59.001Z"],
  ["a nanosecond", { nanos: 1 }, "1970-01-01T00:00:00.000Z"],
])("%s is kept, cut to the millisecond", async (_, time, kept) => {
  const placed = await recordOrder(time);
  expect(placed.order?.placedAt).toMatchObject(timestampFromDate(new Date(kept)));
  const { subscriptions } = await input.create({
    subscriptions: [{ reference: "news", startedAt: time }],
  });
  expect(subscriptions[0]?.startedAt).toEqual(placed.order?.placedAt);
});

test("all this leaves no error in the log", () => {
  expect(input.logged.filter(({ level }) => level === "error")).toEqual([]);
});
