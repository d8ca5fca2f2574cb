import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { customFieldPath, EVERY_FIELD, type TouchedFields } from "../../src/custom-fields/paths.ts";
import { addedReferences } from "../../src/custom-fields/references.ts";

describe("the path of a field is where the request says its value in the end:", () => {
  const NOTHING = undefined;
  test.each<readonly [title: string, touched: readonly TouchedFields[], path: string]>([
    ["its own action", ["tier"], "actions[0].set_custom_field.value"],
    ["the last of its own actions", ["tier", NOTHING, "tier", "other"], "actions[2].set_custom_field.value"],
    ["the type's action", [NOTHING, EVERY_FIELD], "actions[1].set_custom_type.fields.tier"],
    ["the type's action behind its own", ["tier", EVERY_FIELD], "actions[1].set_custom_type.fields.tier"],
    ["its own action behind the type's", [EVERY_FIELD, "tier", NOTHING], "actions[1].set_custom_field.value"],
    [
      "the type's action where others are set",
      [EVERY_FIELD, "other"],
      "actions[0].set_custom_type.fields.tier",
    ],
    [
      "where it could have been, when none says it",
      ["other", "more", NOTHING],
      "actions[1].set_custom_field",
    ],
  ])("%s", (_, touched, path) => {
    expect(customFieldPath(touched, "tier")).toBe(path);
  });

  test("a field may have any name", () => {
    expect(customFieldPath(["constructor", EVERY_FIELD], "__proto__")).toBe(
      "actions[1].set_custom_type.fields.__proto__",
    );
    expect(customFieldPath([EVERY_FIELD, "__proto__"], "__proto__")).toBe(
      "actions[1].set_custom_field.value",
    );
  });
});

describe("references that come in are those that a field did not have:", () => {
  const group = (id: string) => ({ typeId: "customer-group", id });
  const customer = (id: string) => ({ typeId: "customer", id });
  const store = (id: string) => ({ typeId: "store", id });
  const pathOf = (name: string) => `fields.${name}`;
  const proto = (value: JsonValue): JsonObject => Object.fromEntries([["__proto__", value]]);

  const cases: readonly (readonly [string, JsonObject | null, JsonObject | null, readonly object[]])[] = [
    ["none, of no fields", null, null, []],
    ["none, when the fields go", { a1: group("1") }, null, []],
    [
      "none of other values",
      null,
      { a1: "x", a2: 1, a3: false, a4: [], a5: { en: "id" }, a6: [{ en: "id" }] },
      [],
    ],
    ["none to what others own", null, { a1: store("1"), a2: [store("2")] }, []],
    ["a new one", null, { a1: group("1") }, [{ ...group("1"), path: "fields.a1" }]],
    [
      "one in place of another",
      { a1: group("1") },
      { a1: group("2") },
      [{ ...group("2"), path: "fields.a1" }],
    ],
    ["none that stays", { a1: group("1") }, { a1: group("1"), a2: "x" }, []],
    [
      "one that another field had",
      { a1: group("1") },
      { a2: group("1") },
      [{ ...group("1"), path: "fields.a2" }],
    ],
    [
      "the new ones of a set, where they stand now",
      { a1: [group("1"), group("2")] },
      { a1: [group("3"), group("2"), group("4")] },
      [
        { ...group("3"), path: "fields.a1[0]" },
        { ...group("4"), path: "fields.a1[2]" },
      ],
    ],
    [
      "none of a set in another order",
      { a1: [group("1"), group("2")] },
      { a1: [group("2"), group("1")] },
      [],
    ],
    [
      "those of several fields and kinds",
      { a1: [customer("1")] },
      { a1: [customer("1"), customer("2")], a2: group("1"), a3: store("1") },
      [
        { ...customer("2"), path: "fields.a1[1]" },
        { ...group("1"), path: "fields.a2" },
      ],
    ],
    [
      "one in a field of a strange name",
      {},
      proto(group("1")),
      [{ ...group("1"), path: "fields.__proto__" }],
    ],
    ["none that stays in a field of a strange name", proto(group("1")), proto(group("1")), []],
    [
      "one in a field that objects have anyway",
      {},
      { constructor: group("1") },
      [{ ...group("1"), path: "fields.constructor" }],
    ],
  ];
  test.each(cases)("%s", (_, before, after, expected) => {
    expect(addedReferences(before, after, pathOf)).toEqual(expected);
  });
});
