import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { OrderStatus } from "../../gen/clientele/v1/order_pb.ts";
import { failureOf } from "../support/failures.ts";
import { type CustomerInput, invalid, startCustomerInput } from "./customers.ts";

// Rules of customers that no proto states, and no state decides.

let input: CustomerInput;

beforeAll(async () => {
  input = await startCustomerInput();
});
afterAll(() => input.stop());

const projectKey = "demo";
const CARD = "4111 1111 1111 1111";

describe("a day of birth", () => {
  test.each(["2023-02-29", "2100-02-29", "2024-02-30", "2026-04-31", "0000-01-01"])(
    "that does not exist is refused: %s",
    async (dateOfBirth) => {
      expect(await input.refusalOfDraft({ dateOfBirth })).toEqual(invalid("draft.date_of_birth", "date"));
      expect(await input.refusalOfAction({ case: "setDateOfBirth", value: { dateOfBirth } })).toEqual(
        invalid("actions[1].set_date_of_birth.date_of_birth", "date"),
      );
    },
  );

  test.each(["2000-02-29", "2024-02-29", "0001-01-01", "9999-12-31"])("is kept: %s", async (dateOfBirth) => {
    expect(await input.create({ dateOfBirth })).toMatchObject({ dateOfBirth });
  });
});

describe("an email address", () => {
  const domains = ["b/c", "b?c", "b#c", "b\\c", "b%41", "b:80", "b<c", "[b", "\u00ad", "\u200b", "b℀c"];

  beforeAll(async () => {
    await input.create({ email: "a@b" });
  });

  test.each(domains)("whose domain is none is refused: a@%s", async (domain) => {
    const email = `a@${domain}`;
    expect(await input.refusalOfDraft({ email })).toEqual(invalid("draft.email", "email.domain"));
    expect(await input.refusalOfAction({ case: "changeEmail", value: { email } })).toEqual(
      invalid("actions[1].change_email.email", "email.domain"),
    );
  });

  test.each(domains)("whose domain is none is nobody's: a@%s", async (domain) => {
    const ref = { value: { case: "email", value: `a@${domain}` } } as const;
    const target = { case: "ref", value: ref } as const;
    expect(await input.customers.existsCustomer({ projectKey, target })).toMatchObject({ exists: false });
    const { results } = await input.customers.batchGetCustomers({ projectKey, refs: [ref] });
    expect(results).toMatchObject([{ result: { case: "notFound", value: ref } }]);
  });

  test("may be compared in a form that is much longer", async () => {
    // 18 letters of 33 bytes each, in Unicode's compatibility form, which may be 1,024 bytes.
    const email = `${"\ufdfa".repeat(30)}@b.io`;
    const { id } = await input.create({ email });
    const ref = { value: { case: "email", value: email } } as const;
    const { customer } = await input.customers.getCustomer({ projectKey, ref });
    expect(customer).toMatchObject({ id, email });
  });
});

describe("a payment source that looks like the number of a card is refused", () => {
  const rule = "payment_source.card_number";
  const sources = { token: { token: CARD }, gateway: { gateway: CARD }, brand: { brand: CARD } };

  test.each(["token", "gateway", "brand"] as const)("in its %s", async (name) => {
    const paymentSource = { token: "tok_2", ...sources[name] };
    const paymentSources = [{ token: "tok_1" }, paymentSource];
    expect(await input.refusalOfDraft({ paymentSources })).toEqual(
      invalid(`draft.payment_sources[1].${name}`, rule),
    );
    expect(await input.refusalOfAction({ case: "addPaymentSource", value: { paymentSource } })).toEqual(
      invalid(`actions[1].add_payment_source.payment_source.${name}`, rule),
    );
    const id = input.customer.paymentSources[0]?.id ?? "";
    const change = { case: "changePaymentSource", value: { id, paymentSource } } as const;
    expect(await input.refusalOfAction(change)).toEqual(
      invalid(`actions[1].change_payment_source.payment_source.${name}`, rule),
    );
  });
});

describe("of the addresses of a draft", () => {
  const addresses = [{ country: "DE", key: "home" }, { country: "FR" }];

  test.each([
    [{ defaultShippingAddress: 2 }, "draft.default_shipping_address"],
    [{ defaultBillingAddress: 99 }, "draft.default_billing_address"],
    [{ shippingAddresses: [1, 2] }, "draft.shipping_addresses[1]"],
    [{ billingAddresses: [0, 1, 2] }, "draft.billing_addresses[2]"],
    [{ addresses: [], defaultShippingAddress: 0 }, "draft.default_shipping_address"],
    [{ addresses: [], billingAddresses: [0] }, "draft.billing_addresses[0]"],
  ])("none is beyond the last: %j", async (draft, field) => {
    expect(await input.refusalOfDraft({ addresses, ...draft })).toEqual(invalid(field, "address.index"));
  });

  test("no two have one key", async () => {
    const draft = { addresses: [...addresses, { country: "IT", key: "home" }] };
    expect(await input.refusalOfDraft(draft)).toEqual(
      invalid("draft.addresses[2].key", "address.unique_key"),
    );
  });

  test("two may have keys in two cases, and two none", async () => {
    const more = [{ country: "IT", key: "Home" }, { country: "ES" }];
    const created = await input.create({ addresses: [...addresses, ...more], defaultBillingAddress: 3 });
    expect(created.addresses.map(({ key }) => key)).toEqual(["home", undefined, "Home", undefined]);
    expect(created.defaultBillingAddressId).toBe(created.addresses[3]?.id);
  });
});

test("an order in a currency that there is not is refused", async () => {
  const order = { orderId: "1", status: OrderStatus.PENDING, total: { currencyCode: "ABC" } };
  const { code, reason, metadata, fields } = await failureOf(
    input.customers.recordOrder({ projectKey, ref: input.ref, order }),
  );
  expect({ code, reason, metadata, fields }).toEqual(invalid("order.total.currency_code", "money.currency"));
});

test("all this leaves the customer as it was, and no error or number of a card in the log", async () => {
  expect(await input.get()).toEqual(input.customer);
  expect(input.logged.filter(({ level }) => level === "error")).toEqual([]);
  expect(JSON.stringify(input.logged)).not.toContain(CARD);
});
