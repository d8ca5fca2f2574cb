import { describe, expect, test } from "vitest";
import { isSameState } from "../../src/customers/actions.ts";
import type { CustomerState } from "../../src/customers/state.ts";
import { type Action, apply, customer, GOLD, idOf, ref, refusalOfActions, SILVER, VIP } from "./customers.ts";

type Row = readonly [string, Action, Partial<CustomerState>];

const tag = (kind: "addTag" | "removeTag", value: string): Action => ({ case: kind, value: { tag: value } });
const assign = (kind: "add" | "remove", group: string): Action => ({
  case: `${kind}CustomerGroupAssignment`,
  value: { customerGroup: ref(group) },
});
const setGroups = (...groups: readonly string[]): Action => ({
  case: "setCustomerGroupAssignments",
  value: { customerGroups: groups.map(ref) },
});
const setPrimary = (group?: string): Action => ({
  case: "setCustomerGroup",
  value: group === undefined ? {} : { customerGroup: ref(group) },
});
const changeEmail = (email: string): Action => ({ case: "changeEmail", value: { email } });
const setNumber = (customerNumber: string): Action => ({
  case: "setCustomerNumber",
  value: { customerNumber },
});

const texts: readonly Row[] = [
  ["key", { case: "setKey", value: { key: "k2" } }, { key: "k2" }],
  ["no key", { case: "setKey", value: {} }, { key: null }],
  ["first name", { case: "setFirstName", value: { firstName: "x" } }, { firstName: "x" }],
  ["no first name", { case: "setFirstName", value: {} }, { firstName: null }],
  ["last name", { case: "setLastName", value: { lastName: "x" } }, { lastName: "x" }],
  ["no last name", { case: "setLastName", value: {} }, { lastName: null }],
  ["middle name", { case: "setMiddleName", value: { middleName: "x" } }, { middleName: "x" }],
  ["no middle name", { case: "setMiddleName", value: {} }, { middleName: null }],
  ["title", { case: "setTitle", value: { title: "x" } }, { title: "x" }],
  ["no title", { case: "setTitle", value: {} }, { title: null }],
  ["salutation", { case: "setSalutation", value: { salutation: "x" } }, { salutation: "x" }],
  ["no salutation", { case: "setSalutation", value: {} }, { salutation: null }],
  ["company", { case: "setCompanyName", value: { companyName: "x" } }, { companyName: "x" }],
  ["no company", { case: "setCompanyName", value: {} }, { companyName: null }],
  ["VAT id", { case: "setVatId", value: { vatId: "x" } }, { vatId: "x" }],
  ["no VAT id", { case: "setVatId", value: {} }, { vatId: null }],
  [
    "day of birth",
    { case: "setDateOfBirth", value: { dateOfBirth: "2000-02-29" } },
    { dateOfBirth: "2000-02-29" },
  ],
  ["no day of birth", { case: "setDateOfBirth", value: {} }, { dateOfBirth: null }],
  ["locale", { case: "setLocale", value: { locale: "en" } }, { locale: "en" }],
  ["no locale", { case: "setLocale", value: {} }, { locale: null }],
  ["external id", { case: "setExternalId", value: { externalId: "x" } }, { externalId: "x" }],
  ["no external id", { case: "setExternalId", value: {} }, { externalId: null }],
  ["customer number", setNumber("1"), { customerNumber: "1" }],
  [
    "reference",
    { case: "setReference", value: { reference: "x" } },
    { reference: "x", referenceOrigin: null },
  ],
  [
    "origin",
    { case: "setReference", value: { referenceOrigin: "x" } },
    { reference: null, referenceOrigin: "x" },
  ],
  ["no reference", { case: "setReference", value: {} }, { reference: null, referenceOrigin: null }],
  ["metadata as a whole", { case: "setMetadata", value: { metadata: { z: -0 } } }, { metadata: { z: 0 } }],
  ["no metadata", { case: "setMetadata", value: {} }, { metadata: null }],
  [
    "email address, which is not verified then",
    changeEmail("Bob@Example.org"),
    { email: "Bob@Example.org", emailCanonical: "bob@example.org", isEmailVerified: false },
  ],
  [
    "spelling of the email address, which is not verified then",
    changeEmail("ANN@example.com"),
    { email: "ANN@example.com", isEmailVerified: false },
  ],
];

const lists: readonly Row[] = [
  ["an added tag, behind", tag("addTag", "T1"), { tags: ["t1", "t2", "T1"] }],
  ["a removed tag", tag("removeTag", "t1"), { tags: ["t2"] }],
  ["the primary group, and no other", setPrimary("silver"), { customerGroupId: SILVER }],
  ["no primary group, and the others stay", setPrimary(), { customerGroupId: null }],
  [
    "an added group, behind",
    assign("add", VIP.toUpperCase()),
    { customerGroupAssignments: [SILVER, GOLD, VIP] },
  ],
  ["a removed group", assign("remove", "silver"), { customerGroupAssignments: [GOLD] }],
  [
    "a removed group that stays the primary one",
    assign("remove", GOLD),
    { customerGroupAssignments: [SILVER] },
  ],
  [
    "all groups, each once",
    setGroups("vip", GOLD, VIP, "gold", "vip"),
    { customerGroupAssignments: [VIP, GOLD] },
  ],
  ["the order of groups", setGroups("gold", "silver"), { customerGroupAssignments: [GOLD, SILVER] }],
  ["no groups, and the primary one stays", setGroups(), { customerGroupAssignments: [] }],
];

describe("changes what it says, and nothing else:", () => {
  test.each([...texts, ...lists])("%s", (_, action, changed) => {
    const after = apply(customer, action);
    expect(after).toEqual({ ...customer, ...changed });
    expect(isSameState(customer, after)).toBe(false);
  });
});

describe("leaves the customer the same:", () => {
  test.each<readonly [string, readonly Action[]]>([
    ["no actions", []],
    ["the email address as it was typed", [changeEmail("Ann@example.com")]],
    ["metadata in another order", [{ case: "setMetadata", value: { metadata: { b: { c: [1, 2] }, a: 1 } } }]],
    ["a tag that is there", [tag("addTag", "t1")]],
    ["a tag that isn't there", [tag("removeTag", "t3")]],
    ["the primary group that is", [setPrimary(GOLD.toUpperCase())]],
    ["a group that is there", [assign("add", "silver")]],
    ["a group that isn't there", [assign("remove", "vip")]],
    ["the groups that are there", [setGroups("silver", "gold")]],
    [
      "a key that goes and comes back",
      [
        { case: "setKey", value: {} },
        { case: "setKey", value: { key: "k1" } },
      ],
    ],
  ])("%s", (_, actions) => {
    expect(isSameState(customer, apply(customer, ...actions))).toBe(true);
  });
});

test("a customer number is set once, and may be said again", () => {
  const numbered = apply(customer, setNumber("1"));
  expect(isSameState(numbered, apply(numbered, setNumber("1")))).toBe(true);
  expect(refusalOfActions(numbered, setPrimary(), setNumber("2"))).toMatchObject({
    code: "FailedPrecondition",
    reason: "OPERATION_NOT_ALLOWED",
    metadata: { field: "actions[1].set_customer_number.customer_number" },
  });
  expect(refusalOfActions(customer, setNumber("1"), setNumber("2"))).toMatchObject({
    metadata: { field: "actions[1].set_customer_number.customer_number" },
  });
});

describe("is refused, naming the action:", () => {
  const group = (action: string, at = "") => `actions[0].${action}.customer_group${at}`;
  test.each<readonly [path: string, reason: string, Action]>([
    [group("set_customer_group"), "REFERENCE_NOT_FOUND", setPrimary("none")],
    [group("add_customer_group_assignment"), "REFERENCE_NOT_FOUND", assign("add", idOf("99"))],
    [group("remove_customer_group_assignment"), "REFERENCE_NOT_FOUND", assign("remove", "none")],
    [group("set_customer_group_assignments", "s[1]"), "REFERENCE_NOT_FOUND", setGroups("gold", "none")],
    ["actions[0].change_email.email", "FIELD_INVALID", changeEmail("ann@a|b")],
    [
      "actions[0].set_date_of_birth.date_of_birth",
      "FIELD_INVALID",
      { case: "setDateOfBirth", value: { dateOfBirth: "2001-02-29" } },
    ],
  ])("%s: %s", (field, reason, action) => {
    expect(refusalOfActions(customer, action)).toMatchObject({ reason, metadata: { field } });
  });
});

describe("holds its limits:", () => {
  test("10 tags, and not one more, unless one goes", () => {
    const full = { ...customer, tags: Array.from({ length: 10 }, (_, n) => `t${n}`) };
    expect(refusalOfActions(full, tag("addTag", "x"))).toMatchObject({
      code: "ResourceExhausted",
      metadata: { limit_name: "tags_of_a_customer", limit: "10", current: "10" },
    });
    expect(apply(full, tag("addTag", "t9"), tag("addTag", "x"), tag("removeTag", "t0")).tags).toHaveLength(
      10,
    );
  });

  test("500 groups besides the primary one, and not one more, unless one goes", () => {
    const ids = Array.from({ length: 499 }, (_, n) => idOf(`${n + 1000}`));
    const full = { ...customer, customerGroupAssignments: [SILVER, ...ids] };
    expect(apply(full, setPrimary("vip")).customerGroupAssignments).toHaveLength(500);
    expect(refusalOfActions(full, assign("add", "vip"))).toMatchObject({
      code: "ResourceExhausted",
      metadata: { limit_name: "customer_groups_of_a_customer", limit: "500", current: "500" },
    });
    const swapped = apply(full, assign("add", "vip"), assign("remove", "silver"));
    expect(swapped.customerGroupAssignments).toEqual([...ids, VIP]);
  });
});
