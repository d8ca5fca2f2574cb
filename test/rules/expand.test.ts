import { describe, expect, test } from "vitest";
import { parseExpand } from "../../src/custom-fields/expand.ts";
import { refusalOf } from "./refusal.ts";

describe("expand is read:", () => {
  test.each<readonly [entries: readonly string[], type: boolean, fieldNames: readonly string[]]>([
    [[], false, []],
    [["custom.type"], true, []],
    [["custom.fields.store"], false, ["store"]],
    [["custom.fields.stores[*]"], false, ["stores"]],
    [["custom.fields.a-B_9", "custom.type", "custom.fields.store"], true, ["a-B_9", "store"]],
    [["custom.type", "custom.type", "custom.fields.store", "custom.fields.store[*]"], true, ["store"]],
    [
      ["custom.fields.__proto__", "custom.fields.constructor", "custom.fields.type"],
      false,
      ["__proto__", "constructor", "type"],
    ],
    [[`custom.fields.${"x".repeat(36)}`], false, ["x".repeat(36)]],
  ])("%j", (entries, type, fieldNames) => {
    expect(parseExpand(entries)).toEqual({
      type,
      fieldNames: new Set(fieldNames),
      own: new Set(),
      hidden: new Set(),
    });
  });
});

describe("expand is refused at the entry that is no path:", () => {
  test.each([
    "",
    "custom",
    "custom.",
    "custom.types",
    "custom.type ",
    "Custom.type",
    "custom.type.obj",
    "custom.type[*]",
    "custom.fields",
    "custom.fields.",
    "custom.fields[*]",
    "custom.fields.x",
    "custom.fields.a.b",
    "custom.fields.store.obj",
    "custom.fields.store[0]",
    "custom.fields.store[*][*]",
    "custom.fields.store[*].obj",
    "custom.fields.sto re",
    "custom.fields.störe",
    "custom.fields.store\n",
    `custom.fields.${"x".repeat(37)}`,
    "fields.store",
    "custom.fields.store,custom.type",
    "*",
  ])("%j", (entry) => {
    for (const [at, entries] of [[entry], ["custom.type", "custom.fields.store", entry]].entries()) {
      const field = `expand[${at * 2}]`;
      expect(refusalOf(() => parseExpand(entries))).toMatchObject({
        code: "InvalidArgument",
        reason: "FIELD_INVALID",
        metadata: { field, rule: "expand.path" },
        fields: [field],
        message: `${field}: must be "custom.type" or "custom.fields.<name>"`,
      });
    }
  });
});
