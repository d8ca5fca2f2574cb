import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isSameState } from "../../src/customer-groups/actions.ts";
import { type Action, apply, group } from "./groups.ts";

describe("of any actions", () => {
  const market = fc.constantFrom("m1", "m2", "m3", "m4", "m5");
  const marketIds = fc.uniqueArray(market, { minLength: 1 });
  const text = fc.constantFrom("k1", "Group", "other", undefined);
  const anyAction: fc.Arbitrary<Action> = fc.oneof(
    fc
      .constantFrom("addMarkets", "removeMarkets", "setMarkets")
      .chain((kind) => marketIds.map((ids): Action => ({ case: kind, value: { marketIds: ids } }))),
    text.map((key): Action => ({ case: "setKey", value: key === undefined ? {} : { key } })),
    text.map((name): Action => ({ case: "changeName", value: { name: name ?? "n" } })),
    fc
      .jsonValue({ maxDepth: 2 })
      .map((a): Action => ({ case: "setMetadata", value: { metadata: { a } as never } })),
  );
  const anyActions = fc.array(anyAction, { maxLength: 12 });

  test("all at once is one after the other", () => {
    const rule = (actions: readonly Action[]) => {
      const oneByOne = actions.reduce((state, action) => apply(state, action), group);
      expect(apply(group, ...actions)).toEqual(oneByOne);
    };
    fc.assert(fc.property(anyActions, rule));
  });

  test("one that is repeated at once changes nothing more", () => {
    const rule = (actions: readonly Action[], last: Action) => {
      const once = apply(group, ...actions, last);
      expect(isSameState(once, apply(once, last))).toBe(true);
    };
    fc.assert(fc.property(anyActions, anyAction, rule));
  });

  test("markets are those of a list kept by hand, each once", () => {
    const rule = (actions: readonly Action[]) => {
      const { marketIds } = apply(group, ...actions);
      expect(marketIds).toEqual(actions.reduce(marketsByHand, group.marketIds));
      expect(new Set(marketIds).size).toBe(marketIds.length);
    };
    fc.assert(fc.property(anyActions, rule));
  });
});

function marketsByHand(before: readonly string[], action: Action): readonly string[] {
  const after = [...before];
  if (action.case === "setMarkets") return action.value.marketIds ?? [];
  if (action.case === "addMarkets") {
    for (const id of action.value.marketIds ?? []) if (!after.includes(id)) after.push(id);
  }
  if (action.case === "removeMarkets") {
    for (const id of action.value.marketIds ?? []) if (after.includes(id)) after.splice(after.indexOf(id), 1);
  }
  return after;
}
