import { create, fromJson, type JsonObject, type JsonValue } from "@bufbuild/protobuf";
import { ValueSchema } from "@bufbuild/protobuf/wkt";
import { describe, expect, test } from "vitest";
import { CustomFieldsDraftSchema } from "../../gen/clientele/v1/custom_fields_pb.ts";
import {
  customOfDraft,
  requireRequiredFields,
  setCustomField,
  setCustomType,
} from "../../src/custom-fields/actions.ts";
import {
  type CustomState,
  type FieldsType,
  type KnownTypes,
  NO_CUSTOM_FIELDS,
} from "../../src/custom-fields/state.ts";
import { field } from "./custom-types.ts";
import { NO_TYPES } from "./groups.ts";
import { refusalOf } from "./refusal.ts";

const ID = "0198c5a0-0000-7000-8000-00000000000a";
const TYPE: FieldsType = {
  id: ID,
  version: 3n,
  key: "k1",
  resourceTypes: ["customer-group", "address"],
  fieldDefinitions: [
    field("tier", { kind: "string" }, { required: true }),
    field("level", { kind: "number" }, { required: true }),
    field("is-new", { kind: "boolean" }),
    field("constructor", { kind: "string" }),
  ],
};
const types: KnownTypes = {
  get: ({ by, value }) => (value === (by === "id" ? ID : "k1") ? TYPE : undefined),
};
const draft = (fields?: JsonObject) =>
  create(CustomFieldsDraftSchema, {
    type: { value: { case: "key", value: "k1" } },
    ...(fields && { fields }),
  });
const state = (customFields: JsonObject): CustomState => ({ customTypeId: ID, customFields });
const set = (before: CustomState, name: string, value?: JsonValue) =>
  setCustomField(
    before,
    { name, ...(value !== undefined && { value: fromJson(ValueSchema, value) }) },
    types,
    "at",
  );

describe("of a draft", () => {
  test("that says nothing there are no custom fields", () => {
    expect(customOfDraft(undefined, "customer-group", NO_TYPES, "at")).toBe(NO_CUSTOM_FIELDS);
  });

  test("nulls are no values", () => {
    const fields = { tier: "", level: -0, "is-new": null, constructor: null };
    expect(customOfDraft(draft(fields), "address", types, "at")).toEqual(state({ tier: "", level: 0 }));
  });

  test("all faults of fields are told before those that are missing", () => {
    const fields = { level: "1", no: 1, "is-new": 0 };
    const refusal = refusalOf(() => customOfDraft(draft(fields), "address", types, "at"));
    expect(refusal).toMatchObject({
      reason: "FIELD_INVALID",
      fields: ["at.fields.level", "at.fields.no", "at.fields.is-new"],
    });
  });

  test("all fields that are missing are told", () => {
    const refusal = refusalOf(() => customOfDraft(draft(), "customer-group", types, "at"));
    expect(refusal).toMatchObject({
      reason: "FIELD_REQUIRED",
      fields: ["at.fields.tier", "at.fields.level"],
    });
  });

  test("a type for other resources is refused", () => {
    const refusal = refusalOf(() => customOfDraft(draft(), "customer", types, "at"));
    expect(refusal).toMatchObject({
      reason: "OPERATION_NOT_ALLOWED",
      message: 'at.type: the custom type "k1" is not for this: it is for customer-group, address',
    });
  });
});

describe("an action that sets the type", () => {
  test("takes type and fields away when it names none", () => {
    expect(setCustomType({}, "customer-group", types, "at")).toEqual(NO_CUSTOM_FIELDS);
  });

  test("leaves required fields to the actions behind it", () => {
    expect(setCustomType(draft(), "customer-group", types, "at")).toEqual(state({}));
  });
});

describe("an action that sets a field", () => {
  test.each<readonly [string, JsonObject, name: string, JsonValue | undefined, JsonObject]>([
    ["adds it", {}, "tier", "a", { tier: "a" }],
    ["replaces it, and no other", { tier: "a", level: 1 }, "tier", "b", { tier: "b", level: 1 }],
    ["stores false", { "is-new": true }, "is-new", false, { "is-new": false }],
    ["stores 0", {}, "level", -0, { level: 0 }],
    ["removes it", { tier: "a", level: 0 }, "level", undefined, { tier: "a" }],
    ["removes it by null", { tier: "", level: 0 }, "tier", null, { level: 0 }],
    ["removes false", { "is-new": false }, "is-new", undefined, {}],
    ["adds one that objects have anyway", {}, "constructor", "x", { constructor: "x" }],
  ])("%s", (_, before, name, value, after) => {
    expect(set(state(before), name, value)).toEqual(state(after));
  });

  test("leaves the state that it is given as it is", () => {
    const before = state(Object.freeze({ tier: "a" }));
    set(before, "level", 1);
    set(before, "tier");
    expect(before).toEqual(state({ tier: "a" }));
  });

  test.each<
    readonly [string, CustomState, name: string, JsonValue | undefined, reason: string, path: string]
  >([
    ["where there is no type", NO_CUSTOM_FIELDS, "tier", "a", "OPERATION_NOT_ALLOWED", "at"],
    ["that the type doesn't have", state({}), "toString", "a", "FIELD_INVALID", "at.name"],
    ["that it doesn't have, to nothing", state({}), "valueOf", undefined, "FIELD_INVALID", "at.name"],
    ["without a value to nothing", state({}), "tier", undefined, "OPERATION_NOT_ALLOWED", "at.name"],
    [
      "that objects have anyway to nothing",
      state({}),
      "constructor",
      null,
      "OPERATION_NOT_ALLOWED",
      "at.name",
    ],
    ["to another kind of value", state({}), "level", "1", "FIELD_INVALID", "at.value"],
  ])("is refused for a field %s", (_, before, name, value, reason, at) => {
    expect(refusalOf(() => set(before, name, value))).toMatchObject({ reason, metadata: { field: at } });
  });
});

describe("required fields", () => {
  const pathOf = (name: string) => `path of ${name}`;

  test.each([[{ tier: "", level: 0 }], [{ tier: "a", level: 1, "is-new": false }]])(
    "are all there in %j",
    (fields) => {
      expect(() => requireRequiredFields(TYPE, fields, pathOf)).not.toThrow();
    },
  );

  test.each<readonly [JsonObject | null, readonly string[]]>([
    [null, ["tier", "level"]],
    [{}, ["tier", "level"]],
    [{ tier: "" }, ["level"]],
    [{ "is-new": true, level: 0 }, ["tier"]],
  ])("are missing in %j", (fields, names) => {
    const refusal = refusalOf(() => requireRequiredFields(TYPE, fields, pathOf));
    expect(refusal).toMatchObject({
      code: "InvalidArgument",
      reason: "FIELD_REQUIRED",
      metadata: { rule: "required" },
      fields: names.map(pathOf),
      message: `path of ${names[0]}: the custom field "${names[0]}" is required`,
    });
  });

  test("are not asked for by a type that has none", () => {
    expect(() => requireRequiredFields({ ...TYPE, fieldDefinitions: [] }, null, pathOf)).not.toThrow();
  });
});
