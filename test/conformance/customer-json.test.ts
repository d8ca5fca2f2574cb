import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestService } from "../support/service.ts";
import { uniqueEmail } from "./customers.ts";
import { TIMESTAMP, unique } from "./groups.ts";

// What people see and may say of customers who call with curl: the very JSON.

let service: Awaited<ReturnType<typeof startTestService>>;

beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

async function post(method: string, said: object, serviceName = "CustomerService") {
  const answer = await fetch(`${service.baseUrl}/clientele.v1.${serviceName}/${method}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ projectKey: "demo", ...said }),
  });
  return { status: answer.status, body: await answer.json() };
}

async function newCustomer(draft: object = {}) {
  const { body } = await post("CreateCustomer", { draft: { email: uniqueEmail(), ...draft } });
  return body.customer as {
    readonly id: string;
    readonly email: string;
    readonly addresses: { id: string }[];
  };
}

test("leaves out of a customer what is not there, and reads null and empty lists as nothing", async () => {
  const said = { key: null, customerGroup: null, addresses: [], tags: [], metadata: {}, custom: null };
  const { id, ...customer } = await newCustomer(said);
  expect(customer).toEqual({
    version: "1",
    createdAt: expect.stringMatching(TIMESTAMP),
    lastModifiedAt: expect.stringMatching(TIMESTAMP),
    email: customer.email,
    status: "CUSTOMER_STATUS_PROSPECT",
    metadata: {},
    mode: "MODE_TEST",
    self: `projects/demo/customers/${id}`,
  });
  const { body } = await post("ListOrders", { ref: { id } });
  expect(body).toEqual({});
});

test.each([
  ["strings and names", "1234567890123456", "ORDER_STATUS_PLACED", "2024-01-01T00:30:00.500Z"],
  ["numbers and another time zone", 1234567890123456, 2, "2024-01-01T02:00:00.5000009+01:30"],
])("reads amounts, enums and times of orders as %s", async (_, centAmount, status, placedAt) => {
  const { id } = await newCustomer();
  const orderId = unique("order");
  const order = {
    order_id: orderId,
    status,
    placed_at: placedAt,
    total: { currency_code: "EUR", centAmount },
  };
  const { body } = await post("RecordOrder", { ref: { id }, order });
  expect(body).toEqual({
    order: {
      orderId,
      customerId: id,
      status: "ORDER_STATUS_PLACED",
      placedAt: "2024-01-01T00:30:00.500Z",
      total: { currencyCode: "EUR", centAmount: "1234567890123456" },
      createdAt: expect.stringMatching(TIMESTAMP),
      lastModifiedAt: body.order.createdAt,
    },
  });
});

test.each<readonly [string, { readonly ref?: object } & Readonly<Record<string, unknown>>]>([
  ["a fraction of a cent", { total: { currencyCode: "EUR", centAmount: 1.5 } }],
  ["a time without its zone", { status: 2, placedAt: "2024-01-01T00:00:00" }],
  ["a status that has no such name", { status: "PLACED" }],
  ["two of what can be only one", { ref: { id: "a", key: "b" } }],
])("doesn't read %s", async (_, { ref = { key: "any" }, ...order }) => {
  const total = { currencyCode: "EUR", centAmount: 1 };
  const { status, body } = await post("RecordOrder", {
    ref,
    order: { orderId: "o", status: 1, total, ...order },
  });
  expect([status, body.code]).toEqual([400, "invalid_argument"]);
});

test("reads actions in snake_case, and spells what became of members by name", async () => {
  const { id, email, addresses } = await newCustomer({ addresses: [{ country: "DE" }] });
  const actions = [
    { set_default_shipping_address: { address: { id: addresses[0]?.id } } },
    { add_tag: { tag: "t" } },
  ];
  const { body } = await post("UpdateCustomer", { ref: { email }, expected_version: 1, actions });
  expect(body.customer).toMatchObject({
    version: "2",
    defaultShippingAddressId: addresses[0]?.id,
    shippingAddressIds: [addresses[0]?.id],
    tags: ["t"],
  });

  const key = unique("group");
  await post("CreateCustomerGroup", { draft: { name: key, key } }, "CustomerGroupService");
  const asked = { ref: { key }, customers: [{ id }, { email }] };
  const added = await post("AddCustomers", asked, "CustomerGroupService");
  expect(added.body).toEqual({
    results: [
      { customerId: id, outcome: "OUTCOME_ADDED" },
      { customerId: id, outcome: "OUTCOME_ALREADY_MEMBER" },
    ],
  });
});

test.each(["GetCustomer", "BatchGetCustomers", "ExistsCustomer", "ListOrders", "ExportCustomer"])(
  "takes no GET of %s: the email address would stand in the URL",
  async (method) => {
    const message = encodeURIComponent(JSON.stringify({ projectKey: "demo", ref: { email: "a@b.example" } }));
    const url = `${service.baseUrl}/clientele.v1.CustomerService/${method}?connect=v1&encoding=json&message=${message}`;
    expect((await fetch(url)).status).toBe(405);
  },
);
