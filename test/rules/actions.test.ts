import { create } from "@bufbuild/protobuf";
import { ConnectError } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { CustomerGroupDraftSchema } from "../../gen/clientele/v1/customer_group_service_pb.ts";
import { NO_CUSTOM_FIELDS } from "../../src/custom-fields/state.ts";
import { isSameState, stateOfDraft } from "../../src/customer-groups/actions.ts";
import type { GroupState } from "../../src/customer-groups/state.ts";
import { describeFailure } from "../support/failures.ts";
import { A, type Action, apply, attachment, B, group, NEW, NO_TYPES } from "./groups.ts";

function failureOf(state: GroupState, ...actions: readonly Action[]) {
  try {
    apply(state, ...actions);
  } catch (error) {
    return describeFailure(ConnectError.from(error));
  }
  return expect.unreachable("expected the actions to be refused");
}

describe("changes what it says, and nothing else:", () => {
  const cases: readonly (readonly [string, Action, Partial<GroupState>])[] = [
    ["name", { case: "changeName", value: { name: "N" } }, { name: "N" }],
    ["key", { case: "setKey", value: { key: "k2" } }, { key: "k2" }],
    ["no key", { case: "setKey", value: {} }, { key: null }],
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
    ["empty metadata", { case: "setMetadata", value: { metadata: {} } }, { metadata: {} }],
    ["no metadata", { case: "setMetadata", value: {} }, { metadata: null }],
    ["price list", { case: "setPriceList", value: { priceListId: "q" } }, { priceListId: "q" }],
    ["no price list", { case: "setPriceList", value: {} }, { priceListId: null }],
    [
      "added markets, behind, those that were there where they were",
      { case: "addMarkets", value: { marketIds: ["m9", "m2", "m8"] } },
      { marketIds: ["m1", "m2", "m3", "m9", "m8"] },
    ],
    [
      "removed markets",
      { case: "removeMarkets", value: { marketIds: ["m2", "no"] } },
      { marketIds: ["m1", "m3"] },
    ],
    ["all markets", { case: "setMarkets", value: { marketIds: ["m3", "m1"] } }, { marketIds: ["m3", "m1"] }],
    ["no markets", { case: "setMarkets", value: {} }, { marketIds: [] }],
    [
      "an added attachment, behind",
      { case: "addAttachment", value: { attachment: { name: "n", url: "https://a" } } },
      { attachments: [...group.attachments, { ...attachment(NEW, "n"), url: "https://a" }] },
    ],
    [
      "a changed attachment, in its place",
      { case: "changeAttachment", value: { id: A.toUpperCase(), attachment: { name: "n", reference: "r" } } },
      { attachments: [{ ...attachment(A, "n"), reference: "r" }, attachment(B, "second")] },
    ],
    [
      "a removed attachment",
      { case: "removeAttachment", value: { id: A.toUpperCase() } },
      { attachments: [attachment(B, "second")] },
    ],
  ];
  test.each(cases)("%s", (_, action, changed) => {
    const after = apply(group, action);
    expect(after).toEqual({ ...group, ...changed });
    expect(isSameState(group, after)).toBe(false);
  });
});

describe("leaves the group the same:", () => {
  const cases: readonly (readonly [string, readonly Action[]])[] = [
    ["no actions", []],
    ["the same name", [{ case: "changeName", value: { name: "Group" } }]],
    [
      "the same metadata in another order of keys",
      [{ case: "setMetadata", value: { metadata: { b: { c: [1, 2] }, a: 1 } } }],
    ],
    ["markets that are there", [{ case: "addMarkets", value: { marketIds: ["m3", "m1"] } }]],
    ["markets that aren't there", [{ case: "removeMarkets", value: { marketIds: ["m9"] } }]],
    [
      "there and back",
      [
        { case: "setKey", value: {} },
        { case: "addMarkets", value: { marketIds: ["m9"] } },
        { case: "setKey", value: { key: "k1" } },
        { case: "removeMarkets", value: { marketIds: ["m9"] } },
      ],
    ],
    [
      "an attachment that comes and goes",
      [
        { case: "addAttachment", value: { attachment: { name: "n" } } },
        { case: "removeAttachment", value: { id: NEW } },
      ],
    ],
  ];
  test.each(cases)("%s", (_, actions) => {
    expect(isSameState(group, apply(group, ...actions))).toBe(true);
  });
});

test.each<readonly [string, Action]>([
  ["another order of markets", { case: "setMarkets", value: { marketIds: ["m1", "m3", "m2"] } }],
  ["another order of a list", { case: "setMetadata", value: { metadata: { a: 1, b: { c: [2, 1] } } } }],
  ["true for 1", { case: "setMetadata", value: { metadata: { a: true, b: { c: [1, 2] } } } }],
])("%s is a change", (_, action) => {
  expect(isSameState(group, apply(group, action))).toBe(false);
});

describe("is refused where the state forbids it, naming the action:", () => {
  const change: Action = { case: "changeAttachment", value: { id: NEW, attachment: { name: "n" } } };
  const remove: Action = { case: "removeAttachment", value: { id: NEW } };
  test.each<readonly [string, readonly Action[], string]>([
    ["change of no attachment", [change], "actions[0].change_attachment.id"],
    ["removal of no attachment", [{ case: "setKey", value: {} }, remove], "actions[1].remove_attachment.id"],
    [
      "removal of one twice",
      [
        { case: "removeAttachment", value: { id: A } },
        { case: "removeAttachment", value: { id: A } },
      ],
      "actions[1].remove_attachment.id",
    ],
  ])("%s", (_, actions, field) => {
    expect(failureOf(group, ...actions)).toMatchObject({
      reason: "OPERATION_NOT_ALLOWED",
      metadata: { field },
    });
  });
});

describe("holds its limits:", () => {
  const markets = (count: number) => Array.from({ length: count }, (_, index) => `m${index}`);

  test("500 markets, and not one more", () => {
    const full = { ...group, marketIds: markets(499) };
    expect(apply(full, { case: "addMarkets", value: { marketIds: ["m1", "x"] } }).marketIds).toHaveLength(
      500,
    );
    const failure = failureOf(full, { case: "addMarkets", value: { marketIds: ["x", "y"] } });
    expect(failure).toMatchObject({
      code: "ResourceExhausted",
      reason: "LIMIT_REACHED",
      metadata: { limit_name: "markets_of_a_customer_group", limit: "500", current: "499" },
    });
  });

  test("100 attachments, and not one more, unless one goes first", () => {
    const ids = Array.from({ length: 100 }, (_, index) => `${A.slice(0, -3)}${index + 100}`);
    const full = { ...group, attachments: ids.map((id) => attachment(id, "n")) };
    const add: Action = { case: "addAttachment", value: { attachment: { name: "n" } } };
    expect(failureOf(full, add)).toMatchObject({
      reason: "LIMIT_REACHED",
      metadata: { limit_name: "attachments_of_a_customer_group", limit: "100", current: "100" },
    });
    const remove: Action = { case: "removeAttachment", value: { id: ids[0] ?? "" } };
    expect(apply(full, remove, add).attachments).toHaveLength(100);
  });
});

test("a draft becomes a state with null where nothing was said", () => {
  const draft = create(CustomerGroupDraftSchema, { name: "n", metadata: { z: -0 } });
  expect(stateOfDraft(draft, NO_TYPES)).toEqual({
    ...NO_CUSTOM_FIELDS,
    key: null,
    name: "n",
    reference: null,
    referenceOrigin: null,
    metadata: { z: 0 },
    priceListId: null,
    marketIds: [],
    attachments: [],
  });
});
