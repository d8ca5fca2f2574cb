import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { parsePredicate } from "../../src/predicates/parse.ts";
import { holds } from "./evaluate.ts";
import { CUSTOM_TYPE, CUSTOMER } from "./fields.ts";

// The evaluator itself, on what docs/queries.md says in so many words.

const ADA: JsonObject = {
  id: "0198c5f0-1111-7111-8111-abcdefabcdef",
  version: "12",
  email: "Ada@Example.com",
  lowercaseEmail: "ada@example.com",
  createdAt: "2026-11-23T10:00:00.123Z",
  dateOfBirth: "1990-12-31",
  firstName: "Ada",
  isEmailVerified: false,
  status: "CUSTOMER_STATUS_PROSPECT",
  placedOrderCount: 0,
  tags: ["b2b", "press"],
  shippingAddressIds: [],
  addresses: [
    { city: "Berlin", country: "FR" },
    { city: "Paris", country: "DE", poBox: "1" },
  ],
  customerGroupAssignments: [],
  orders: [
    {
      orderId: "1",
      status: "ORDER_STATUS_PLACED",
      total: { currencyCode: "EUR", centAmount: "9007199254740991" },
    },
  ],
  custom: {
    type: { id: "0198c5f0-2222-7111-8111-abcdefabcdef", key: "person" },
    fields: {
      title: { en: "Gold" },
      at: "2026-02-28T13:30:00.000Z",
      opens: "14:30:00.000",
      typed: "14:30",
      tea: ["a", "b"],
    },
  },
  metadata: {
    points: 0.3,
    big: 9007199254740991,
    nothing: null,
    none: [],
    hollow: {},
    mixed: [1, "1", { a: 1, b: 2 }, { a: 2, b: 1 }],
    location: { type: "Point", coordinates: [13.4, 52.5] },
    not: 1,
  },
};

describe("holds:", () => {
  test.each([
    'firstName = "Ada"',
    'first_name = "Ada"',
    'firstName in ("Bob", "Ada")',
    'firstName matches ignore case "aDA"',
    'firstName < "Adb" and firstName > "AD"',
    'lastName != "Ada" and lastName <> "Ada" and lastName not in ("Ada")',
    "lastName is not defined",
    'not (lastName = "x") and not lastName < "x" and not lastName >= "x"',
    'id = "0198C5F0-1111-7111-8111-ABCDEFABCDEF"',
    "version = 12.0 and version = 1.2e1 and version > 11.999999999999999999999",
    "placedOrderCount = -0",
    "isEmailVerified = false and isEmailVerified is defined",
    'status = "prospect" and status = "CUSTOMER_STATUS_PROSPECT" and status != "repeat"',
    'email = "Ada@Example.com" and email != "ada@example.com" and lowercaseEmail = "ada@example.com"',
    'email <= "ADA@example.com" and email >= "ADA@example.com"',
    'createdAt = "2026-11-23T15:30:00.123000000+05:30" and createdAt < "2026-11-23T10:00:00.123000001Z"',
    'createdAt > "2026-11-23" and createdAt < "2026-11-24"',
    'dateOfBirth > "1990-12-30" and dateOfBirth = "1990-12-31"',
    'tags contains all ("press", "b2b") and tags contains any ("x", "b2b") and tags in ("press")',
    'not tags contains all ("press", "x") and tags not in ("x")',
    "shippingAddressIds is empty and shippingAddressIds is defined and tags is not empty",
    'addresses(city = "Berlin") and addresses(country = "DE")',
    'not addresses(city = "Berlin" and country = "DE")',
    'addresses(city != "Berlin") and not addresses(city = "Rome")',
    "addresses(poBox is not defined) and addresses(poBox is defined)",
    'customerGroup(key != "vip") and customerGroup is not defined and not customerGroup(key = "vip")',
    'not customerGroupAssignments(customerGroup(key != "vip")) and customerGroupAssignments is empty',
    'orders(status = "placed" and total(centAmount > 9007199254740990))',
    'custom(type(key = "person") and fields(title(en = "Gold")))',
    'custom(fields(tea contains any ("b") and tea in ("b") and tea != "b"))',
    'custom(fields(at = "2026-02-28T14:30:00+01:00" and at > "2026-02-28T14:29:59.999+01:00"))',
    'custom(fields(opens = "14:30" and opens <= "14:30:00.0" and typed = "14:30"))',
    "metadata(points = 0.3 and points != 0.299999999999999988897769753748)",
    "metadata(big < 9007199254740992 and big != 9007199254740992)",
    'metadata(points != "0.3") and not metadata(points < "x" or points > "x")',
    "metadata(nothing is not defined and nothing is empty and nothing != 1)",
    "metadata(none is empty and hollow is empty and nowhere is empty and points is not empty)",
    "metadata(none is defined and hollow is defined and nowhere is not defined)",
    'metadata(mixed(a = 1 and b = 2) and mixed contains all (1, "1") and mixed in (7, 1))',
    "not metadata(mixed(a = 1 and b = 1))",
    "metadata(nowhere(a != 1)) and metadata(not nowhere(a = 1)) and not metadata(none(a != 1))",
    "metadata(location within circle(13.377, 52.516, 3000))",
    "not metadata(location within circle(13.377, 52.516, 2000))",
    "metadata(not = 1 and not not = 2)",
    "firstName = :name and tags in :tags and metadata(points = :points)",
    'firstName = "Ada" or firstName = "Bob" and lastName = "x"',
    'not firstName = "Bob" and firstName = "Ada"',
  ])("%s", (text) => {
    const variables = { name: "Ada", tags: ["b2b"], points: 0.3 };
    expect(holds(parsePredicate(text), variables, CUSTOMER, ADA)).toBe(true);
  });

  test.each([
    'resourceTypes contains all ("customer-group")',
    'name(en = "One") and fieldDefinitions(label(de = "Eins"))',
  ])("of a type, %s", (text) => {
    const type: JsonValue = {
      name: { en: "One" },
      resourceTypes: ["RESOURCE_TYPE_CUSTOMER_GROUP"],
      fieldDefinitions: [{ name: "one", required: false, label: { de: "Eins" } }],
    };
    expect(holds(parsePredicate(text), {}, CUSTOM_TYPE, type)).toBe(true);
  });
});
