import { fromJson, type JsonObject, type JsonValue } from "@bufbuild/protobuf";
import { ValueSchema } from "@bufbuild/protobuf/wkt";
import { describe, expect, test } from "vitest";
import type { CustomerState } from "../../src/customers/state.ts";
import {
  A,
  type Action,
  apply,
  B,
  CLUB,
  customer,
  HOME,
  idOf,
  ref,
  refusalOfActions,
  TYPE,
  WORK,
} from "./customers.ts";

const setType = (type?: string, fields?: JsonObject): Action => ({
  case: "setCustomType",
  value: { ...(type !== undefined && { type: ref(type) }), ...(fields && { fields }) },
});
const setField = (name: string, value?: JsonValue): Action => ({
  case: "setCustomField",
  value: { name, ...sentValue(value) },
});
const setAddressType = (address: string, type?: string, fields?: JsonObject): Action => ({
  case: "setAddressCustomType",
  value: { address: ref(address), ...(type !== undefined && { type: ref(type) }), ...(fields && { fields }) },
});
const setAddressField = (address: string, name: string, value?: JsonValue): Action => ({
  case: "setAddressCustomField",
  value: { address: ref(address), name, ...sentValue(value) },
});
const addAddress = (fields?: JsonObject): Action => ({
  case: "addAddress",
  value: { address: { key: "new", country: "IT", ...(fields && { custom: { type: ref("both"), fields } }) } },
});
const typed: CustomerState = { ...customer, customTypeId: TYPE.id, customFields: { tier: "a", level: 1 } };

function sentValue(value?: JsonValue) {
  return value === undefined ? {} : { value: fromJson(ValueSchema, value) };
}

describe("changes what it says, and nothing else:", () => {
  const PERSON = idOf("79");
  test.each<readonly [string, readonly Action[], Partial<CustomerState>]>([
    [
      "another type with its fields",
      [setType("person", { tier: "b" })],
      { customTypeId: PERSON, customFields: { tier: "b" } },
    ],
    ["no type", [setType()], { customTypeId: null, customFields: null }],
    ["one field", [setField("level", 2)], { customFields: { tier: "a", level: 2 } }],
    ["no value of one field", [setField("level")], { customFields: { tier: "a" } }],
    [
      "a required field behind its type",
      [setType(PERSON), setField("level", 0), setField("tier", "")],
      { customTypeId: PERSON, customFields: { level: 0, tier: "" } },
    ],
    [
      "a required field that goes and comes back",
      [setField("tier"), setField("tier", "b")],
      { customFields: { level: 1, tier: "b" } },
    ],
    [
      "the type of an address with its fields",
      [setAddressType("home", "place", { tier: "b" })],
      { addresses: [{ ...HOME, customTypeId: idOf("78"), customFields: { tier: "b" } }, WORK, CLUB] },
    ],
    [
      "no type of an address",
      [setAddressType(B.toUpperCase())],
      { addresses: [HOME, { id: B, key: "work", country: "FR" }, CLUB] },
    ],
    [
      "one field of an address",
      [setAddressField("work", "level", 5)],
      { addresses: [HOME, { ...WORK, customFields: { tier: "a", level: 5 } }, CLUB] },
    ],
    [
      "a required field of an address behind its type",
      [setAddressType(A, "both"), setAddressField(A, "tier", "z")],
      { addresses: [{ ...HOME, customTypeId: TYPE.id, customFields: { tier: "z" } }, WORK, CLUB] },
    ],
    [
      "an added address with custom fields, and one more behind it",
      [addAddress({ tier: "n" }), setAddressField("new", "level", 1)],
      {
        addresses: [
          HOME,
          WORK,
          CLUB,
          {
            id: idOf("0"),
            key: "new",
            country: "IT",
            customTypeId: TYPE.id,
            customFields: { tier: "n", level: 1 },
          },
        ],
      },
    ],
    [
      "what is left of addresses, whatever was missing on one that goes",
      [setAddressField("work", "tier"), { case: "removeAddress", value: { address: ref("work") } }],
      {
        addresses: [HOME, CLUB],
        shippingAddressIds: [A],
        billingAddressIds: [CLUB.id],
        defaultBillingAddressId: null,
      },
    ],
  ])("%s", (_, actions, changed) => {
    expect(apply(typed, ...actions)).toEqual({ ...typed, ...changed });
  });
});

describe("is refused, naming the action:", () => {
  test.each<readonly [string, readonly Action[], reason: string, path: string]>([
    ["no such type", [setType("none")], "REFERENCE_NOT_FOUND", "actions[0].set_custom_type.type"],
    ["a type for addresses", [setType("place")], "OPERATION_NOT_ALLOWED", "actions[0].set_custom_type.type"],
    [
      "a type for customers on an address",
      [setAddressType("home", "person")],
      "OPERATION_NOT_ALLOWED",
      "actions[0].set_address_custom_type.type",
    ],
    [
      "a required field that goes",
      [setField("level", 2), setField("tier")],
      "FIELD_REQUIRED",
      "actions[1].set_custom_field.value",
    ],
    [
      "a type without its required field",
      [setType("person", { level: 1 }), setField("level", 2)],
      "FIELD_REQUIRED",
      "actions[0].set_custom_type.fields.tier",
    ],
    [
      "a field that the type doesn't have",
      [setType("person", { tier: "a", no: 1 })],
      "FIELD_INVALID",
      "actions[0].set_custom_type.fields.no",
    ],
    [
      "a value of another kind",
      [setField("level", "2")],
      "FIELD_INVALID",
      "actions[0].set_custom_field.value",
    ],
    [
      "a field of an address without a type",
      [setAddressField("home", "tier", "a")],
      "OPERATION_NOT_ALLOWED",
      "actions[0].set_address_custom_field",
    ],
    [
      "a required field of an address that goes",
      [setAddressField("work", "level", 3), setAddressField("work", "tier")],
      "FIELD_REQUIRED",
      "actions[1].set_address_custom_field",
    ],
    [
      "an address without its required field",
      [addAddress({ level: 1 })],
      "FIELD_REQUIRED",
      "actions[0].add_address.address.custom.fields.tier",
    ],
    [
      "a value of another kind on a changed address",
      [
        {
          case: "changeAddress",
          value: {
            address: ref("work"),
            draft: { country: "IT", custom: { type: ref("both"), fields: { tier: 1 } } },
          },
        },
      ],
      "FIELD_INVALID",
      "actions[0].change_address.draft.custom.fields.tier",
    ],
  ])("%s", (_, actions, reason, field) => {
    expect(refusalOfActions(typed, ...actions)).toMatchObject({ reason, metadata: { field } });
  });

  test("a field of a customer without a type", () => {
    expect(refusalOfActions(customer, setField("tier", "a"))).toMatchObject({
      reason: "OPERATION_NOT_ALLOWED",
      metadata: { field: "actions[0].set_custom_field" },
    });
  });
});
