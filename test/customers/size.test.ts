import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ResourceType } from "../../gen/clientele/v1/resource_type_pb.ts";
import { byId, byKey, PROJECT } from "../conformance/groups.ts";
import { field } from "../support/custom-types.ts";
import { failureOf } from "../support/failures.ts";
import { type CustomerFixture, type Draft, startCustomers } from "./customers.ts";

const LIMIT = 128 * 1024;
/** More than half of it. */
const MOST = "x".repeat(70 * 1024);

let fixture: CustomerFixture;
beforeAll(async () => {
  fixture = await startCustomers();
  await fixture.newType("noted", [ResourceType.CUSTOMER, ResourceType.ADDRESS], field("note", "string"));
});
afterAll(() => fixture.stop());

const custom = (note: string) => ({ type: byKey("noted"), fields: { note } });
const times = <Item>(count: number, item: Item): Item[] => Array.from({ length: count }, () => item);
const byteSizeOf = async ({ id }: { readonly id: string }) => {
  const rows = await fixture.sql<{ byteSize: number }[]>`
    select byte_size from customers where project_id = ${fixture.projectId} and id = ${id}`;
  return rows[0]?.byteSize ?? 0;
};

/** A customer of whose 128 KiB not a byte is left. */
async function newFullCustomer() {
  const refused = await failureOf(fixture.newCustomer({ metadata: { text: "x".repeat(LIMIT) } }));
  const { actual_bytes: tooLarge } = refused.metadata;
  return fixture.newCustomer({ metadata: { text: "x".repeat(2 * LIMIT - Number(tooLarge)) } });
}

describe("is too large with metadata and", () => {
  const lines = { streetName: "x".repeat(256), city: "x".repeat(256), company: "x".repeat(256) };
  test.each<readonly [string, Draft]>([
    ["custom fields", { custom: custom(MOST) }],
    ["custom fields of an address", { addresses: [{ country: "DE", custom: custom(MOST) }] }],
    ["addresses", { addresses: times(80, { country: "DE", ...lines }) }],
    [
      "payment sources",
      {
        paymentSources: times(100, {
          token: "t".repeat(256),
          gateway: "g".repeat(256),
          brand: "b".repeat(256),
        }),
      },
    ],
  ])("%s", async (_, draft) => {
    const call = fixture.newCustomer({ metadata: { text: MOST }, ...draft });
    expect(await failureOf(call)).toMatchObject({
      code: "InvalidArgument",
      reason: "TOO_LARGE",
      metadata: { limit_bytes: `${LIMIT}` },
    });
    await fixture.newCustomer(draft);
  });
});

test("to the byte, by any action", async () => {
  const full = await newFullCustomer();
  const group = byId((await fixture.newGroup()).id);
  for (const action of [
    { case: "addTag", value: { tag: "x" } },
    { case: "setTitle", value: { title: "abcdef" } },
    { case: "setCustomerGroup", value: { customerGroup: group } },
    { case: "addAddress", value: { address: { country: "DE" } } },
    { case: "addSubscription", value: { subscription: { reference: "r" } } },
  ] as const) {
    expect(await failureOf(fixture.update(full, action))).toMatchObject({ reason: "TOO_LARGE" });
  }
  expect(await fixture.get(full.id)).toEqual(full);
  const { version } = await fixture.update(
    full,
    { case: "setCustomerGroup", value: { customerGroup: group } },
    { case: "setMetadata", value: {} },
  );
  expect(version).toBe(2n);
});

test("AddCustomers refuses to make a customer too large, and names them", async () => {
  const [full, other] = [await newFullCustomer(), await fixture.newCustomer()];
  const group = await fixture.newGroup();
  const call = fixture.groups.addCustomers({
    projectKey: PROJECT,
    ref: byId(group.id),
    customers: [byId(other.id), byId(full.id)],
  });
  const failure = await failureOf(call);
  expect(failure).toMatchObject({
    code: "InvalidArgument",
    reason: "TOO_LARGE",
    metadata: { limit_bytes: `${LIMIT}` },
  });
  expect(failure.message).toMatch(`the customer ${full.id} would be `);
  expect(await fixture.get(other.id)).toEqual(other);
  expect(await fixture.countOf(group)).toBe(0);
});

test("who joins and leaves groups is as large as before, and as an update would count it", async () => {
  const groups = [await fixture.newGroup(), await fixture.newGroup(), await fixture.newGroup()];
  const customer = await fixture.newCustomer({ customerGroupAssignments: [byId(groups[0]?.id ?? "")] });
  const customers = [byId(customer.id)];
  const before = await byteSizeOf(customer);
  for (const { id } of groups.slice(1)) {
    await fixture.groups.addCustomers({ projectKey: PROJECT, ref: byId(id), customers });
  }
  const joined = await byteSizeOf(customer);
  await fixture.update(await fixture.get(customer.id), { case: "setTitle", value: { title: "Dr." } });
  await fixture.update(await fixture.get(customer.id), { case: "setTitle", value: {} });
  expect(await byteSizeOf(customer)).toBe(joined);

  for (const { id } of groups.slice(1)) {
    await fixture.groups.removeCustomers({ projectKey: PROJECT, ref: byId(id), customers });
  }
  expect(await byteSizeOf(customer)).toBe(before);
});
