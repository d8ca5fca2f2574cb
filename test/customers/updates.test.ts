import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Customer } from "../../gen/clientele/v1/customer_pb.ts";
import { CustomerUpdateActionSchema } from "../../gen/clientele/v1/customer_service_pb.ts";
import { ResourceType } from "../../gen/clientele/v1/resource_type_pb.ts";
import { byKey, unique } from "../conformance/groups.ts";
import { field } from "../support/custom-types.ts";
import { failureOf } from "../support/failures.ts";
import { type Action, type CustomerFixture, changesOf, startCustomers } from "./customers.ts";

let fixture: CustomerFixture;
beforeAll(async () => {
  fixture = await startCustomers();
  await fixture.newGroup({ key: "gold" });
  await fixture.newType("noted", [ResourceType.CUSTOMER, ResourceType.ADDRESS], field("note", "string"));
});
afterAll(() => fixture.stop());

const note = { name: "note", value: { kind: { case: "stringValue" as const, value: "b" } } };
const home = { address: byKey("home") };
const gold = { customerGroup: byKey("gold") };

/** What the same action does at once again. */
type Repeated = "idle" | "changes" | "refused";

/** Every action, in an order in which each changes something. */
const STEPS: readonly (readonly [(customer: Customer) => Action, Repeated])[] = [
  [() => ({ case: "setKey", value: { key: unique("key") } }), "idle"],
  [() => ({ case: "changeEmail", value: { email: `${unique("bob")}@example.com` } }), "idle"],
  [() => ({ case: "setFirstName", value: { firstName: "Ann" } }), "idle"],
  [() => ({ case: "setLastName", value: { lastName: "Lee" } }), "idle"],
  [() => ({ case: "setMiddleName", value: { middleName: "M." } }), "idle"],
  [() => ({ case: "setTitle", value: { title: "Dr." } }), "idle"],
  [() => ({ case: "setSalutation", value: { salutation: "Ms." } }), "idle"],
  [() => ({ case: "setCompanyName", value: { companyName: "Lee Ltd" } }), "idle"],
  [() => ({ case: "setVatId", value: { vatId: "DE1" } }), "idle"],
  [() => ({ case: "setDateOfBirth", value: { dateOfBirth: "1970-12-31" } }), "idle"],
  [() => ({ case: "setLocale", value: { locale: "zh-Hant-TW" } }), "idle"],
  [() => ({ case: "setExternalId", value: { externalId: "e" } }), "idle"],
  [() => ({ case: "setCustomerNumber", value: { customerNumber: unique("no") } }), "idle"],
  [() => ({ case: "addAddress", value: { address: { key: "home", country: "DE" } } }), "refused"],
  [() => ({ case: "changeAddress", value: { ...home, draft: { key: "home", country: "FR" } } }), "idle"],
  [() => ({ case: "addShippingAddressId", value: home }), "idle"],
  [() => ({ case: "setDefaultShippingAddress", value: home }), "idle"],
  [() => ({ case: "removeShippingAddressId", value: home }), "refused"],
  [() => ({ case: "addBillingAddressId", value: home }), "idle"],
  [() => ({ case: "setDefaultBillingAddress", value: home }), "idle"],
  [() => ({ case: "removeBillingAddressId", value: home }), "refused"],
  [
    () => ({ case: "setAddressCustomType", value: { ...home, type: byKey("noted"), fields: { note: "a" } } }),
    "idle",
  ],
  [() => ({ case: "setAddressCustomField", value: { ...home, ...note } }), "idle"],
  [() => ({ case: "removeAddress", value: home }), "refused"],
  [() => ({ case: "setCustomerGroup", value: gold }), "idle"],
  [() => ({ case: "addCustomerGroupAssignment", value: gold }), "idle"],
  [() => ({ case: "removeCustomerGroupAssignment", value: gold }), "idle"],
  [() => ({ case: "setCustomerGroupAssignments", value: { customerGroups: [byKey("gold")] } }), "idle"],
  [() => ({ case: "setCustomType", value: { type: byKey("noted"), fields: { note: "a" } } }), "idle"],
  [() => ({ case: "setCustomField", value: note }), "idle"],
  [() => ({ case: "setReference", value: { reference: "r", referenceOrigin: "o" } }), "idle"],
  [() => ({ case: "setMetadata", value: { metadata: { a: { b: [1, null] } } } }), "idle"],
  [() => ({ case: "addTag", value: { tag: "t" } }), "idle"],
  [() => ({ case: "removeTag", value: { tag: "t" } }), "idle"],
  [() => ({ case: "addPaymentSource", value: { paymentSource: { token: "t" } } }), "changes"],
  [
    ({ paymentSources: [first] }) => ({
      case: "changePaymentSource",
      value: { id: first?.id ?? "", paymentSource: { token: "u" } },
    }),
    "idle",
  ],
  [
    ({ paymentSources: [first] }) => ({ case: "removePaymentSource", value: { id: first?.id ?? "" } }),
    "refused",
  ],
  [() => ({ case: "addSubscription", value: { subscription: { reference: "news" } } }), "changes"],
  [
    ({ subscriptions: [first] }) => ({
      case: "changeSubscription",
      value: { id: first?.id ?? "", subscription: { reference: "x" } },
    }),
    "idle",
  ],
  [
    ({ subscriptions: [first] }) => ({
      case: "endSubscription",
      value: { id: first?.id ?? "", endedAt: { seconds: 4_000_000_000n } },
    }),
    "idle",
  ],
];

test("every action changes the customer, says so in a change, and nothing when it is idle", async () => {
  let customer = await fixture.newCustomer({ isEmailVerified: true });
  const names: string[] = ["create"];
  for (const [actionOn, repeated] of STEPS) {
    const action = actionOn(customer);
    const after = await fixture.update(customer, action);
    expect(after.version, action.case).toBe(customer.version + 1n);
    expect(await fixture.get(customer.id)).toEqual(after);
    expect({ ...after, version: 0n, lastModifiedAt: undefined }, action.case).not.toEqual({
      ...customer,
      version: 0n,
      lastModifiedAt: undefined,
    });
    names.push(action.case ?? "");
    if (repeated === "idle") {
      expect(await fixture.update(after, action), action.case).toEqual(after);
      expect(await fixture.get(customer.id)).toEqual(after);
    } else if (repeated === "refused") {
      const failure = await failureOf(fixture.update(after, action));
      expect(failure, action.case).toMatchObject({ reason: "OPERATION_NOT_ALLOWED" });
    }
    customer = after;
  }
  const actions = CustomerUpdateActionSchema.fields.map(({ localName }) => localName);
  expect(names.slice(1).toSorted()).toEqual(actions.toSorted());
  const told = await changesOf(fixture.sql, fixture.projectId, customer);
  expect(told).toEqual(names.map((name) => [name]));
});

describe("an update", () => {
  test("of several actions is one version, and all or nothing", async () => {
    const customer = await fixture.newCustomer({ tags: ["a"] });
    const actions: Action[] = [
      { case: "setTitle", value: { title: "Dr." } },
      { case: "addTag", value: { tag: "b" } },
      { case: "removeTag", value: { tag: "a" } },
    ];
    const bad: Action = { case: "removePaymentSource", value: { id: customer.id } };
    expect(await failureOf(fixture.update(customer, ...actions, bad))).toMatchObject({
      code: "FailedPrecondition",
      metadata: { field: "actions[3].remove_payment_source.id" },
    });
    expect(await fixture.get(customer.id)).toEqual(customer);

    const after = await fixture.update(customer, ...actions);
    expect(after).toMatchObject({ version: 2n, title: "Dr.", tags: ["b"] });
    expect(await changesOf(fixture.sql, fixture.projectId, customer)).toEqual([
      ["create"],
      ["setTitle", "addTag", "removeTag"],
    ]);
  });

  test("without actions, or there and back, leaves version and time alone, and no change", async () => {
    const customer = await fixture.newCustomer({ tags: ["a"] });
    expect(await fixture.update(customer)).toEqual(customer);
    const back = await fixture.update(
      customer,
      { case: "removeTag", value: { tag: "a" } },
      { case: "addTag", value: { tag: "a" } },
    );
    expect(back).toEqual(customer);
    expect(await changesOf(fixture.sql, fixture.projectId, customer)).toEqual([["create"]]);
  });

  test("of another version is refused, even one without actions", async () => {
    const customer = await fixture.newCustomer();
    for (const actions of [[], [{ case: "setTitle", value: { title: "Dr." } } as const]]) {
      expect(await failureOf(fixture.update({ ...customer, version: 2n }, ...actions))).toMatchObject({
        code: "Aborted",
        reason: "VERSION_MISMATCH",
        metadata: { expected_version: "2", current_version: "1" },
      });
    }
  });
});
