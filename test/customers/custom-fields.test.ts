import { fromJson, type JsonValue } from "@bufbuild/protobuf";
import { ValueSchema } from "@bufbuild/protobuf/wkt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Customer } from "../../gen/clientele/v1/customer_pb.ts";
import { ResourceType } from "../../gen/clientele/v1/resource_type_pb.ts";
import { byKey } from "../conformance/groups.ts";
import { field } from "../support/custom-types.ts";
import { failureOf } from "../support/failures.ts";
import { type Action, type CustomerFixture, startCustomers } from "./customers.ts";

const { CUSTOMER, ADDRESS, CUSTOMER_GROUP } = ResourceType;

let fixture: CustomerFixture;
beforeAll(async () => {
  fixture = await startCustomers();
  const tier = { ...field("tier", "string"), required: true };
  await fixture.newType("tiered", [CUSTOMER, ADDRESS], tier, field("level", "number"));
  await fixture.newType("place", [ADDRESS], field("floor", "number"));
  await fixture.newType("person", [CUSTOMER], field("nick", "string"));
  await fixture.newType("club", [CUSTOMER_GROUP], field("since", "string"));
});
afterAll(() => fixture.stop());

const custom = (key: string, fields = {}) => ({ type: byKey(key), fields });
const setField = (name: string, value?: JsonValue): Action => ({
  case: "setCustomField",
  value: { name, ...(value !== undefined && { value: fromJson(ValueSchema, value) }) },
});
const setAddressField = (address: string, name: string, value?: JsonValue): Action => ({
  case: "setAddressCustomField",
  value: {
    address: byKey(address),
    name,
    ...(value !== undefined && { value: fromJson(ValueSchema, value) }),
  },
});
const fieldsOf = ({ custom: own, addresses }: Customer) => [
  own?.fields,
  ...addresses.map((address) => address.custom?.fields),
];

test("a customer and each address have fields of their own", async () => {
  const customer = await fixture.newCustomer({
    custom: custom("tiered", { tier: "gold", level: null }),
    addresses: [
      { key: "home", country: "DE", custom: custom("tiered", { tier: "home", level: -0 }) },
      { key: "work", country: "DE", custom: custom("place", { floor: 3 }) },
      { key: "club", country: "DE" },
    ],
  });
  expect(fieldsOf(customer)).toEqual([{ tier: "gold" }, { tier: "home", level: 0 }, { floor: 3 }, undefined]);
  expect(await fixture.get(customer.id)).toEqual(customer);

  const after = await fixture.update(
    customer,
    setField("level", 1),
    setAddressField("home", "tier", "flat"),
    { case: "setAddressCustomType", value: { address: byKey("work") } },
    { case: "setAddressCustomType", value: { address: byKey("club"), type: byKey("tiered") } },
    setAddressField("club", "tier", "new"),
  );
  expect(fieldsOf(after)).toEqual([
    { tier: "gold", level: 1 },
    { tier: "flat", level: 0 },
    undefined,
    { tier: "new" },
  ]);
  expect(await fixture.get(customer.id)).toEqual(after);
});

describe("what comes out of all actions counts:", () => {
  test.each<readonly [string, readonly Action[], path: string]>([
    [
      "a required field that goes",
      [setField("tier"), setField("level", 1)],
      "actions[0].set_custom_field.value",
    ],
    [
      "a type without its field",
      [setField("tier", "a"), { case: "setCustomType", value: { type: byKey("tiered") } }],
      "actions[1].set_custom_type.fields.tier",
    ],
    [
      "a required field of an address that goes",
      [setAddressField("home", "tier")],
      "actions[0].set_address_custom_field",
    ],
  ])("%s", async (_, actions, path) => {
    const customer = await fixture.newCustomer({
      custom: custom("tiered", { tier: "a" }),
      addresses: [{ key: "home", country: "DE", custom: custom("tiered", { tier: "a" }) }],
    });
    const failure = await failureOf(fixture.update(customer, ...actions));
    expect(failure).toMatchObject({ code: "InvalidArgument", reason: "FIELD_REQUIRED" });
    expect(failure.fields[0]).toContain(path);
    expect(await fixture.get(customer.id)).toEqual(customer);
  });

  test("a required field that goes and comes back", async () => {
    const customer = await fixture.newCustomer({ custom: custom("tiered", { tier: "a" }) });
    const after = await fixture.update(customer, setField("tier"), setField("tier", "b"));
    expect(fieldsOf(after)).toEqual([{ tier: "b" }]);
  });
});

describe("a type for other resources is refused:", () => {
  test.each<readonly [string, string, "customer" | "address"]>([
    ["for addresses, on a customer", "place", "customer"],
    ["for groups, on a customer", "club", "customer"],
    ["for customers, on an address", "person", "address"],
    ["for groups, on an address", "club", "address"],
  ])("%s", async (_, key, place) => {
    const isOwn = place === "customer";
    const customer = await fixture.newCustomer({ addresses: [{ key: "home", country: "DE" }] });
    const type = byKey(key);
    const action: Action = isOwn
      ? { case: "setCustomType", value: { type } }
      : { case: "setAddressCustomType", value: { address: byKey("home"), type } };
    const path = isOwn ? "actions[0].set_custom_type.type" : "actions[0].set_address_custom_type.type";
    const refusal = { code: "FailedPrecondition", reason: "OPERATION_NOT_ALLOWED" };
    expect(await failureOf(fixture.update(customer, action))).toMatchObject({
      ...refusal,
      metadata: { field: path },
    });
    const said = { type };
    const draft = isOwn ? { custom: said } : { addresses: [{ country: "DE", custom: said }] };
    expect(await failureOf(fixture.newCustomer(draft))).toMatchObject({
      ...refusal,
      metadata: { field: isOwn ? "draft.custom.type" : "draft.addresses[0].custom.type" },
    });
  });
});
