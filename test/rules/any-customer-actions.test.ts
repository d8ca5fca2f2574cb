import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyActions, isSameState } from "../../src/customers/actions.ts";
import type { CustomerState } from "../../src/customers/state.ts";
import { Failure } from "../../src/failure.ts";
import {
  A,
  type Action,
  apply,
  B,
  C,
  customer,
  idOf,
  message,
  newContext,
  PAY,
  ref,
  SUB,
} from "./customers.ts";

const address = fc.constantFrom(A, B, C, idOf("0"), idOf("1"), "home", "work", "k3").map(ref);
const group = fc.constantFrom("gold", "silver", "vip").map(ref);
const key = fc.constantFrom("home", "work", "k3", undefined);
const custom = fc.option(fc.constant({ type: ref("both"), fields: { tier: "x" } }), { nil: undefined });
const draft = fc.tuple(key, fc.constantFrom("DE", "FR"), custom).map(([named, country, fields]) => ({
  country,
  ...(named !== undefined && { key: named }),
  ...(fields && { custom: fields }),
}));
const roles = [
  "setDefaultShippingAddress",
  "setDefaultBillingAddress",
  "addShippingAddressId",
  "removeShippingAddressId",
  "addBillingAddressId",
  "removeBillingAddressId",
  "removeAddress",
] as const;

const anyAction: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.constantFrom(...roles), address)
      .map(([kind, one]): Action => ({ case: kind, value: { address: one } })),
  },
  fc.constantFrom(...roles.slice(0, 2)).map((kind): Action => ({ case: kind, value: {} }) as Action),
  draft.map((said): Action => ({ case: "addAddress", value: { address: said } })),
  fc
    .tuple(address, draft)
    .map(([one, said]): Action => ({ case: "changeAddress", value: { address: one, draft: said } })),
  fc
    .tuple(
      fc.constantFrom("addCustomerGroupAssignment", "removeCustomerGroupAssignment", "setCustomerGroup"),
      group,
    )
    .map(([kind, customerGroup]): Action => ({ case: kind, value: { customerGroup } })),
  fc
    .array(group)
    .map((customerGroups): Action => ({ case: "setCustomerGroupAssignments", value: { customerGroups } })),
  fc
    .tuple(fc.constantFrom("addTag", "removeTag"), fc.constantFrom("t1", "t2", "t3"))
    .map(([kind, tag]): Action => ({ case: kind, value: { tag } })),
  fc
    .constantFrom("Ann@example.com", "ANN@example.com", "b@c.de")
    .map((email): Action => ({ case: "changeEmail", value: { email } })),
  fc
    .constantFrom("1", "2")
    .map((customerNumber): Action => ({ case: "setCustomerNumber", value: { customerNumber } })),
  fc
    .constantFrom("endSubscription", "removePaymentSource")
    .map((kind): Action => ({ case: kind, value: { id: kind === "endSubscription" ? SUB : PAY } })),
  fc.constantFrom(undefined, 1, 2).map(
    (level): Action => ({
      case: "setCustomType",
      value: { type: ref("both"), fields: { tier: "t", ...(level !== undefined && { level }) } },
    }),
  ),
);
const anyActions = fc.array(anyAction, { maxLength: 15 });

describe("of any actions", () => {
  test("all at once is one after the other, without those that are refused", () => {
    const rule = (actions: readonly Action[]) => {
      const { accepted, state } = oneByOne(actions);
      expect(apply(customer, ...accepted)).toEqual(state);
    };
    fc.assert(fc.property(anyActions, rule));
  });

  test("lists and defaults name addresses that are there, each once, and a default is listed", () => {
    const rule = (actions: readonly Action[]) => {
      const { state } = oneByOne(actions);
      const ids = new Set(state.addresses.map(({ id }) => id));
      const keys = state.addresses.flatMap((one) => one.key ?? []);
      expect(ids.size).toBe(state.addresses.length);
      expect(new Set(keys).size).toBe(keys.length);
      for (const [listed, main] of [
        [state.shippingAddressIds, state.defaultShippingAddressId],
        [state.billingAddressIds, state.defaultBillingAddressId],
      ] as const) {
        expect(new Set(listed).size).toBe(listed.length);
        expect(listed.filter((id) => !ids.has(id))).toEqual([]);
        if (main !== null) expect(listed).toContain(main);
      }
    };
    fc.assert(fc.property(anyActions, rule));
  });

  test("an address stays where it is until it is removed", () => {
    const rule = (actions: readonly Action[]) => {
      const after = oneByOne(actions).state.addresses.map(({ id }) => id);
      const left = customer.addresses.map(({ id }) => id).filter((id) => after.includes(id));
      expect(after.slice(0, left.length)).toEqual(left);
    };
    fc.assert(fc.property(anyActions, rule));
  });

  test("one that is repeated at once changes nothing more, unless it adds an address", () => {
    const rule = (actions: readonly Action[], last: Action) => {
      fc.pre(last.case !== "addAddress");
      const { state } = oneByOne([...actions, last]);
      expect(isSameState(state, oneByOne([last], state).state)).toBe(true);
    };
    fc.assert(fc.property(anyActions, anyAction, rule));
  });
});

/** A refused action leaves the state as it was, and uses up no id. */
function oneByOne(actions: readonly Action[], before = customer) {
  const accepted: Action[] = [];
  const context = { ...newContext(), newId: () => idOf(`${accepted.filter(addsAddress).length}`) };
  let state: CustomerState = before;
  for (const action of actions) {
    try {
      state = applyActions(state, [message(action)], context);
      accepted.push(action);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
    }
  }
  return { accepted, state };
}

function addsAddress(action: Action): boolean {
  return action.case === "addAddress";
}
